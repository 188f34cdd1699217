"""The mornings of a seed. Nothing but the seed and the number of runs decides what is in them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.chaos.faults import FIRST_MOMENTS, WORKERS, Card, Fault, all_cards, long_outages

MOST_GROUPS = 100
"""How many groups one morning has at most. A plan of more runs has more mornings."""

FIRST_FAULT_SECONDS = 2.0
PAUSE_SECONDS = (2.0, 8.0)
"""When the first fault happens after the first tick, and how long after one fault the next one does."""

RUNS_PER_FAULT = 9
"""A morning has a fault for every so many of its runs, and at least three."""

MORNINGS_PER_LONG_OUTAGE = 4

LATE_SHARE = 10
"""One of so many groups falls due later."""


@dataclass(frozen=True, slots=True)
class Morning:
    """One morning: how many groups are due, and what goes wrong in which order.

    ``late_groups`` of them fall due only in the middle of it, behind the backlog of the others.
    """

    number: int
    groups: int
    late_groups: int
    faults: tuple[Fault, ...]

    @property
    def group_keys(self) -> tuple[str, ...]:
        """The keys of all groups; the late ones are the last."""
        return tuple(f"group-{number:03}" for number in range(self.groups))


def plan(seed: int, runs: int) -> list[Morning]:
    """Return the mornings of a seed with so many runs together."""
    chance = random.Random(seed)
    cards, outages = _shuffled_for_ever(chance, all_cards()), _shuffled_for_ever(chance, long_outages())
    mornings = []
    while runs:
        groups = min(runs, MOST_GROUPS)
        dealt = [next(cards) for _ in range(max(3, groups // RUNS_PER_FAULT))]
        if len(mornings) % MORNINGS_PER_LONG_OUTAGE == MORNINGS_PER_LONG_OUTAGE - 1:
            dealt.append(next(outages))
        faults = sorted(_timed(chance, dealt), key=lambda fault: fault.at_seconds)
        mornings.append(Morning(len(mornings) + 1, groups, groups // LATE_SHARE, tuple(faults)))
        runs -= groups
    return mornings


def _shuffled_for_ever(chance: random.Random, cards: list[Card]) -> Iterator[Card]:
    """Deal all cards in a random order, then all of them again. So none is left out for long."""
    while True:
        yield from chance.sample(cards, len(cards))


def _timed(chance: random.Random, cards: list[Card]) -> Iterator[Fault]:
    """Give each fault its time. Those whose moment comes only at the beginning wait for it from the beginning."""
    at_seconds = FIRST_FAULT_SECONDS
    for card in cards:
        is_early = card.moment in FIRST_MOMENTS
        seconds = round(chance.uniform(*card.seconds), 1)
        begin = 0.0 if is_early else round(at_seconds, 1)
        yield Fault(card.kind, begin, seconds, card.moment, card.side, chance.choice(WORKERS))
        at_seconds += 0.0 if is_early else chance.uniform(*PAUSE_SECONDS)
