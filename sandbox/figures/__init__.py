"""Figures that follow from the records. All endpoints and files use these, so they agree with each other.

conversations   calls → metrics of conversation aggregates
statuses        agents' routing statuses and presences
adherence       shifts → historical adherence
planning        planning groups, and a week of them: contacts, required agents, shifts
tables          all of the above by queue, agent and interval, for the rows of exported files
"""
