"""Who and what there is in the organisation.

model           queues, agents, groups, schedule groups and calendars, and how to find them
build           the organisation that a scenario describes
people_names    names for agents
"""
