"""When a group has its stand-up, about which day, and whether that day was a holiday.

business_day   the reporting day and its window in the group's time zone
holidays       is a day a holiday? By country, and by the schedules of a schedule group
ical           is a day a holiday? By an iCalendar text
ical_events    refuses iCalendar events that would be read wrongly in silence
closures       what all calendars share: a day, a filter of events, how much of a day must be closed
rules          refuses recurrence rules that never end or fit no day
schedule       which groups are due, and the next stand-ups
due_calendar   remembers what is due until that changes
lateness       which briefings are late
"""
