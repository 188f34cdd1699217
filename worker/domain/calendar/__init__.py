"""When a group has its stand-up, about which day, and whether that day was a holiday.

business_day   the reporting day and its window in the group's time zone
holidays       is a day a holiday? By country, and by the schedules of a schedule group
ical           is a day a holiday? By an iCalendar text
closures       how much of a day must be closed, and which recurrence rules are accepted
schedule       which groups are due, and the next stand-ups
lateness       which briefings are late
"""
