"""The stored form of the ledger, and what is read from it.

record     a run's hash: its fields, and what a step's outcome changes in them
reading    single runs, revisions, timelines, and which runs are in which state
"""
