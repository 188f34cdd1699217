"""What the workforce management plans for a group's day: `TodaySource` makes a `TodayPlan`.

source      `TodaySource`: an order goes in, the plan comes out
parts       one request for all runs of the morning, and why a part of the plan is not known
units       management units, their business units, and the week that a day is in
schedules   the published schedule of a week, and the planning groups of a day
files       the files of a schedule: required agents, prediction, forecast
series      figures of planning groups by quarter of an hour, cut to a day
shifts      the agents' schedules: when they are on queue, start, or have time off
half_hours  the half-hours of the plan, from series and shifts
composing   from the parts of a plan to the plan
refresh     refreshes the look-ups outside the morning
shapes      models of the answers
"""
