"""What today brings: the plan of the workforce management for the stand-up's own day.

plan       the plan as data: half-hours, who is off or starts later, what is not known and why
codec      encode the plan as JSON, for the steps of a run
outlook    what pages say of today, as data
risks      the half-hours that are short of agents, and the window around the worst
moving     which activities could be moved out of that window
expected   what the last weeks lead one to expect, and how long contacts wait before they hang up
forecasts  the forecast of a day as it is remembered, and its score
scoring    compare a day's forecast with the contacts that came
looking    make the outlook from the plan and the history
"""
