"""A stand-in Genesys Cloud organisation, with a mailbox and a webhook inbox, for the demo and the tests.

Another program, across the wire: it imports nothing of the system's and nobody imports it, so that it cannot share a
mistake with what it tests. `docs/sandbox.md` says how to start it and how to write a scenario.

scenario, script     the TOML file: organisation, groups, and the trouble they are to have
organisation         queues, agents, management units and calendars, with their ids
records, spans       what happened: calls, shifts, agents' statuses; all times in milliseconds of UTC
generate             a day of records from a seed: curve (callers), roster (agents), floor (who answers whom)
replay               records from a file of calls
history              records by group and day, kept while they are asked for
figures, statuses, adherence     records → what the API states
tables               records → the rows of exported files
oauth, quota, trouble, ledger    who may ask, how often, what goes wrong, what was asked
site                 all of the above in one place
door                 the way of a request: identity, quota, trouble, permission, handler
api/                 the handlers, a file per family of endpoints
serve                sockets, signals
"""
