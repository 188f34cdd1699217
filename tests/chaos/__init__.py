"""Mornings with faults: ``make chaos`` plays them with real programs and counts what went wrong.

__main__    the command: plays all mornings of a seed, prints the table, writes out/chaos.json
faults      what can be broken, and the moments at which it can be broken
plan        the mornings of a seed: which group, which fault, when
moments     how a proxy recognises a moment in what the programs send each other
proxy       sits between the programs and one server; fires at a moment, cuts, delays, swallows
stage       the programs of one morning, each behind its proxy, and a supervisor that restarts dead ones
injecting   does to the stage what a fault says
resuming    measures how long an interrupted step waits for another worker
morning     one morning from its first tick to the last alert
reading     what the inboxes and the ledger say afterwards
verdict     counts what was lost, sent twice, recorded wrongly, or not reported
"""
