"""What a briefing says, as data.

content/         all that a page, a workbook or a message says
media            tells the media of a day apart
judging          finds the target of a figure and judges the figure against it
tiles/           the metrics of the day, and the line of each medium
counts           sums of contacts over rows
sums             contacts and times by queue, contacts by half-hour, for the usual range
half_hours       the day by half-hour
lines            the lists of queues and agents
talking_points   what is remembered of a briefing's talking points
history          what is remembered of a day, and the days that it is compared with
usual_days       the past days that say what is usual
usual            what is usual for each figure, and which figures are unusual
usual_content    what a page says about it, as data
comparison       changes, trends and the usual number of contacts
corrections      what differs from an earlier revision
changed_parts    which half-hours, queues and agents differ from an earlier revision
incomplete/      what is said of a day whose data are incomplete
summary          a briefing as a few finished strings, for a card in a chat
codec            rows and figures as JSON, for the steps between
"""
