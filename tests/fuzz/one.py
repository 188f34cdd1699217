"""Run one target under atheris: ``python -m tests.fuzz.one TARGET [libFuzzer options and folders]``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["worker", "icalendar", "recurring_ical_events"]):
    from tests.fuzz.targets import check


def main() -> None:
    """Feed inputs to the target until libFuzzer ends: after its time, or at the first fault."""
    target = sys.argv.pop(1)
    atheris.Setup(sys.argv, lambda content: check(target, content))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
