"""The records of a day from a seed. The same seed, group and date always give the same records.

curve    when callers call: two peaks, a quieter middle, busier Mondays
roster   when agents should work and when they do: late log-ins, long lunches, early leavers
floor    a simulation of who answers whom: waiting, giving up, handling
day      all three together
"""
