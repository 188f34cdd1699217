"""How the groups of one morning share requests.

plan       the plan that all their runs agree on, in batches
analytics  analytics queries asked once for a batch, answers split by order
splitting  when a batch is given up and each order asks alone
"""
