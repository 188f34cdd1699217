"""The stored form of the ledger.

record     a run's hash: its fields, and what a step's outcome changes in them
"""
