"""The columns of the day's full tables, described once for the workbook's sheets and for the PDF's tables.

queues      a row per queue
half_hours  a row per half-hour
agents      a row per agent
today       a row per half-hour of today
column      one column: its header, what its cells hold, and where a value comes from
"""
