"""Charts.

level_chart     service level by half-hour, bars from the target line
volume_chart    contacts offered by half-hour, and those abandoned
staffing_chart  people required and scheduled by half-hour of today
time_axis       the time axis of all three
waterfall       from the average to the day's service level, part by part
sparkline       the last ten business days as a line
"""
