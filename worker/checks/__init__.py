"""Is everything in order? One file a subject; each check yields findings, and each finding says what mends it.

examination     all checks one after another, in the order in which one would mend things
finding         what a check has to say
installation    settings' group file, artifacts, alert webhook, mail server
fonts           letters that the pages could only show as boxes
store           Redis: version, durability, databases, clock
organisations   credentials, access token, clock and quota of an organisation
permissions     what the groups' sources need, each permission asked for by the cheapest harmless request
probes          those requests
groups          queues, management units, calendars and report definitions of a group
recipients      whether the settings know every channel that a group delivers by
processes       workers and beat
patience        waits for permits, which everybody else needs as well
"""
