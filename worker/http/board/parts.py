"""The three parts of the board, which groups are in each, and in which order."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.http.board.standups import Card, State

SHOWN_CARDS = 300
"""Each part shows so many groups at most, so that a page of 10,000 groups can still be read, sent and kept."""


class Part(enum.StrEnum):
    """The parts of the board, from the top. The value is the heading."""

    NEEDS_YOU = "Needs you"
    COMING = "Next stand-ups"
    ENDED = "Done"

    @property
    def list_command(self) -> str:
        """Return the command that lists what is not shown."""
        return _LIST_COMMANDS[self]


_LIST_COMMANDS = {
    Part.NEEDS_YOU: "standup runs --limit 10000",
    Part.COMING: "standup plan --days 1",
    Part.ENDED: "standup runs --limit 10000",
}


@dataclass(frozen=True, slots=True)
class CardsOfPart:
    """The groups of a part in their order, without those beyond `SHOWN_CARDS`. ``count`` is of all."""

    part: Part
    cards: Sequence[Card]
    count: int


def in_parts(cards: Iterable[Card], now: datetime) -> list[CardsOfPart]:
    """Return the three parts. A group is in one of them. ``cards`` come in the order of stand-ups."""
    by_part: dict[Part, list[Card]] = {part: [] for part in Part}
    for card in cards:
        by_part[_part_of(card, now)].append(card)
    by_part[Part.NEEDS_YOU].sort(key=lambda card: _urgency(card, now))
    return [CardsOfPart(part, part_cards[:SHOWN_CARDS], len(part_cards)) for part, part_cards in by_part.items()]


def _part_of(card: Card, now: datetime) -> Part:
    if card.state.needs_operator:
        return Part.NEEDS_YOU
    is_ahead = card.due.standup_at > now or card.state in (State.ON_THE_WAY, State.TO_COME)
    return Part.COMING if is_ahead else Part.ENDED


def _urgency(card: Card, now: datetime) -> tuple[int, timedelta]:
    """Sort key: first what no one has, before its stand-up and after it, then what is at risk, then what some have.

    Among these, the stand-up that is nearest to now comes first.
    """
    distance = abs(card.due.standup_at - now)
    if card.state in (State.AT_RISK, State.IN_PART):
        return 2 if card.state == State.AT_RISK else 3, distance
    return 0 if card.due.standup_at > now else 1, distance
