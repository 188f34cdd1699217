"""Run one target under atheris: ``python -m tests.fuzz.one TARGET [libFuzzer options and folders]``."""

from __future__ import annotations

import random
import sys

import atheris

from tests.fuzz.json_mutation import mutate

with atheris.instrument_imports(include=["worker", "icalendar", "recurring_ical_events"]):
    from tests.fuzz.targets import JSON_PREFIXES, check


_JSON_SHARE = 0.9
"""How many inputs of JSON are changed by a value. The others are changed by bytes."""


def main() -> None:
    """Feed inputs to the target until libFuzzer ends: after its time, or at the first fault."""
    target = sys.argv.pop(1)

    def change(content: bytes, longest: int, seed: int) -> bytes:
        randomness = random.Random(seed)
        changed = mutate(content, JSON_PREFIXES[target], randomness) if randomness.random() < _JSON_SHARE else None
        return changed if changed and len(changed) <= longest else atheris.Mutate(content, longest)

    mutator = {"custom_mutator": change} if target in JSON_PREFIXES else {}
    atheris.Setup(sys.argv, lambda content: check(target, content), **mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
