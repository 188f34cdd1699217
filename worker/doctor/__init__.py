"""`standup doctor`: what can be wrong before a morning, one file for each subject.

examination    all checks in their order
finding        what a check reports: a fact, its level and the way out
installation   group files, artifacts, mail server, alert webhook
redis          version, persistence, eviction, clock and databases
processes      workers, their queues, beat, and the version of what Redis stores
fonts          whether the pages can show every title and queue name
certificates   S/MIME certificates: faults, and those that expire soon
recipients     whether each recipient has a channel
organisations  credentials, clock and quota of an organisation
permissions    what the OAuth client may do
sample         how a report file is read, column by column
sample_day     what a briefing would say that a report file lacks
plans          whether the plan of today can be asked for
groups         a group's queues, management units, calendar and report definitions
"""
