"""Charts.

level_chart   service level by half-hour, bars from the target line
volume_chart  contacts offered by half-hour, and those abandoned
time_axis     the time axis of both
sparkline     the last ten business days as a line
"""
