"""What today brings: the plan of the workforce management for the stand-up's own day.

plan    the plan as data: half-hours, who is off or starts later, what is not known and why
"""
