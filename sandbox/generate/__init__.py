"""A day in a contact centre, from a seed: the same seed, group and date always give the same records.

curve    when callers call: two peaks, a quieter middle, busier Mondays
roster   when agents are to work, and when they do: late log-ins, long lunches, early leavers
floor    who answers whom, second by second: waiting, giving up, handling
day      the three together
"""
