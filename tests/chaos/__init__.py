"""Mornings with faults: ``make chaos`` plays them with real programs and counts what went wrong.

__main__         the command: plays all mornings of a seed, prints the table, writes out/chaos.json
faults           what can be broken, and the moments at which it can be broken
plan             the mornings of a seed: how many groups, which fault, when
groups           who gets the briefing of each group
moments          how a proxy recognises a moment in what the programs send each other
proxy            sits between the programs and one server; fires at a moment, cuts, delays, swallows
commands         the command line of each program
stage            the programs of one morning, and a supervisor that restarts dead ones
opening          opens a stage: proxies, settings, servers
beat_with_clock  beat's app with a clock that a fault can move
processes        kills, stops or slows down processes
breaking         breaks something on the stage and returns what repairs it
injecting        breaks at the time or the moment of a fault
resuming         notes each interrupted step that another worker begins again
waits            what those steps waited for
morning          one morning from its first tick to the last alert
outages          how soon operations heard of each outage
reading          what the inboxes and the ledger say afterwards
verdict          counts what was lost, sent twice, recorded wrongly, or not reported
report           the table and the JSON
"""
