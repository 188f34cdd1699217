"""``python -m worker.cli``: the same as ``standup``."""

from worker.cli import main

main(prog_name="standup")
