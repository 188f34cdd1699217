"""The mornings of a seed. Nothing but the seed and the number of runs decides what is in them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.chaos.faults import FIRST_MOMENTS, WORKERS, Card, Fault, all_cards, long_outages

MOST_GROUPS = 100
"""How many groups one morning has unless another number is asked for. A plan of more runs has more mornings."""

PAUSE_SECONDS = (1.0, 6.0)
"""How long after one fault the next one happens."""

OUTAGE_BEGINS_SECONDS = 2.0
"""When a long outage begins: before anything has been delivered."""

RUNS_PER_FAULT = 6
"""A morning has a fault for every so many of its runs, and at least three."""

MORNINGS_PER_LONG_OUTAGE = 4
"""One morning of so many begins with an outage of which operations must hear."""

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


def plan(seed: int, runs: int, most_groups: int = MOST_GROUPS) -> list[Morning]:
    """Return the mornings of a seed with so many runs together, and with so many groups in each."""
    chance = random.Random(seed)
    cards, outages = _shuffled_for_ever(chance, all_cards()), _shuffled_for_ever(chance, long_outages())
    mornings: list[Morning] = []
    while runs:
        groups = min(runs, most_groups)
        dealt = [next(cards) for _ in range(max(3, groups // RUNS_PER_FAULT))]
        has_outage = len(mornings) % MORNINGS_PER_LONG_OUTAGE == MORNINGS_PER_LONG_OUTAGE - 1
        faults = _timed(chance, dealt, next(outages) if has_outage else None)
        mornings.append(Morning(len(mornings) + 1, groups, groups // LATE_SHARE, faults))
        runs -= groups
    return mornings


def _shuffled_for_ever(chance: random.Random, cards: list[Card]) -> Iterator[Card]:
    """Deal all cards in a random order, then all of them again. So none is left out for long."""
    while True:
        yield from chance.sample(cards, len(cards))


def _timed(chance: random.Random, cards: list[Card], outage: Card | None) -> tuple[Fault, ...]:
    """Give each fault its time. A long outage is the first, and the others come after it, so that none shortens it.

    Those whose moment comes only at the beginning wait for it from the beginning.
    """
    faults = [] if outage is None else [_fault(chance, outage, OUTAGE_BEGINS_SECONDS)]
    begin = at_seconds = sum(fault.at_seconds + fault.seconds for fault in faults)
    for card in cards:
        is_early = card.moment in FIRST_MOMENTS
        at_seconds += 0.0 if is_early else chance.uniform(*PAUSE_SECONDS)
        faults.append(_fault(chance, card, begin if is_early else at_seconds))
    return tuple(sorted(faults, key=lambda fault: fault.at_seconds))


def _fault(chance: random.Random, card: Card, at_seconds: float) -> Fault:
    seconds = round(chance.uniform(*card.seconds), 1)
    return Fault(card.kind, round(at_seconds, 1), seconds, card.moment, card.side, chance.choice(WORKERS))
