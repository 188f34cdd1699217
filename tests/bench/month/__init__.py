"""A simulated month of mornings in a real Redis, by the product's own ledger: ``python -m tests.bench.month``.

__main__    fills Redis, measures, prints the table; --groups 10000 --days 30 is the size of docs/scale.md
filling     passes all runs of a morning through all steps, by a clock of its own
pipelined   a Redis client that sends many commands at once
operations  what `runs`, `expire`, ticks and sweeps cost, each in a process of its own
mornings    mornings of real workers and beat: memory, and the age of beat's last question
server      redis-server of this machine, without a file
"""
