"""A stand-in Genesys Cloud organisation with a mailbox and a webhook inbox, for the demo and the tests.

It is a separate program, reached only over the network. It imports nothing of the product and the product imports
nothing of it, so that both cannot share a mistake. `docs/sandbox.md` describes how to start it and how to write a
scenario.

__main__         `python -m sandbox`: options, and errors in the scenario file
scenario/        the scenario file: the organisation, its groups, and the trouble they have
organisation/    queues, agents, management units and calendars, with their ids
records/         what happened: calls, shifts and agents' statuses, generated or replayed from a file
figures/         records → the figures that the API and the exported files state
wire/            what all requests share: access tokens, quota, trouble, jobs, files, errors
api/             the endpoints, one module or package per family
receivers/       the mailbox and the webhook inbox
site             one running sandbox: everything that an endpoint needs
server           sockets and signals
"""
