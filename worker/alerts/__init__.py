"""Everything that operations are told: what failed, where, and the command that fixes it.

headings      the heading of every alert, worded
rules         which endings of a run deserve an alert, and the sentence and command in it
runs          alerts for runs that have ended, and for endings that were never reported
late          alerts for runs that are not delivered ten minutes after they should be
group_files   mistakes in the group files
lost_ledger   runs whose records are gone although their messages exist
receivers     channels that accept nothing, long before their runs give up
same_cause    one alert for all groups that one cause has stopped
newer_state   a worker that an update has left behind
redis_outage  Redis or the broker is away, takes no writes, or works again
pings         requests to a monitor outside, which raises an alarm when they stop
sending       by the webhook, or as a line in the alerts file
webhook       one POST to Slack, Teams or any other receiver
forms         the fields of an alert, and its JSON for Slack, for Teams and for other receivers
"""
