"""What a briefing is, without any I/O: every function here is pure, and `now` is always a parameter.

groups         who gets a briefing, when, about which queues, against which targets
business_day   the reporting day, its window, and the zone arithmetic behind both
schedule       which groups are due, and what the next stand-ups will be (`plan`)
rows           what a source yields: counts and durations, by queue and half-hour and by agent
metrics        from rows to readings: sums of numerators over sums of denominators
insights       what to talk about: rules over the day
briefing       all that a page, a workbook or a message says
runs           one group × one reporting day: its steps, states and ids
backoff        how long to wait before asking again
"""
