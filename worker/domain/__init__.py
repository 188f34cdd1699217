"""What a briefing is: every function here is pure, and `now` is always a parameter. (`groupfile` alone reads files.)

Who, and when
    groups         who gets a briefing, when, about which queues, against which targets; calendar_kinds
    groupfile      reads groups from TOML; groupsource, problems, tomltext, written say what is wrong in which line
    business_day   the reporting day, its window, and the zone arithmetic behind both
    calendars      which days are holidays: country, iCalendar (ical), schedules (closures)
    schedule       which groups are due, and what the next stand-ups will be (`plan`)
What
    rows           what a source yields: counts and durations, by queue and half-hour and by agent
    metrics        from rows to readings: sums of numerators over sums of denominators; counts
    half_hours     the day's bars; lines: queues and agents, worst first
    history        what is remembered of past days; context: the day against them
    insights       what to talk about; worst_run, troubles, praise are its rules; unjudged: incomplete days
    briefing       all that a page, a workbook or a message says; compose makes it
    codec          rows and figures as JSON, for the steps between
How
    runs           one group × one reporting day: its steps, states and ids
    backoff        how long to wait before asking again
"""
