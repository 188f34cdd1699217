"""What contacts, handle time and agents make of the service level.

erlang_c     a half-hour of callers who wait as long as it takes
erlang_a     a half-hour of callers who hang up
day_model    the service level of a day, half-hour by half-hour
shapley      shares a change among the factors that made it
explanation  splits the change of the service level into volume, handle time, staffing and mix
causes       which of these factors may be named as the cause
risks        the half-hours of today that are short of agents
forecasts    how good a forecast was

docs/usual-range.md describes the method.
"""
