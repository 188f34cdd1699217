"""The queues' part of the message: the worst dozen, each with its bar, and how many more there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from renderers.words import ChangeText, Words, shorten
from worker.domain.briefing.content import Briefing, QueueLine
from worker.domain.metrics import Metric, Reading, Status

SHOWN = 12
"""More would bury the rest of the message, and Gmail cuts it off at 102 KB."""

NAME_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a bar, ``width`` in whole per cent of it."""

    kind: Literal["filled", "track", "goal"]
    width: int


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One queue; ``bar`` are the pieces of its service level's bar from left to right, none where there is no data."""

    name: str
    status: Status
    value: str
    bar: tuple[Piece, ...]
    caption: str
    change: ChangeText | None


@dataclass(frozen=True, slots=True)
class Queues:
    """The rows shown, worst first, the sentence above them and the one below."""

    summary: str
    rows: tuple[QueueRow, ...]
    more: str


def queues(words: Words, briefing: Briefing) -> Queues:
    """The worst `SHOWN` queues of the briefing."""
    hidden = len(briefing.queues) - SHOWN
    return Queues(
        summary=_summary(words, briefing),
        rows=tuple(_row(words, line) for line in briefing.queues[:SHOWN]),
        more=words.more_in_workbook(hidden) if hidden > 0 else "",
    )


def _summary(words: Words, briefing: Briefing) -> str:
    """What stands above the rows, with the day that their changes are against."""
    change = next((line.change for line in briefing.queues if line.change), None)
    said = words.queues_summary(briefing)
    return said + words.say("; changes against {day}", day=words.reference(change)) if change else said


def _row(words: Words, line: QueueLine) -> QueueRow:
    reading = line.service_level
    return QueueRow(
        name=shorten(words.clean(line.name), NAME_LIMIT),
        status=reading.status,
        value=words.value(reading),
        bar=_bar(reading),
        caption=words.queue_caption(line),
        change=words.change(line.change, Metric.SERVICE_LEVEL) if line.change else None,
    )


def _bar(reading: Reading) -> tuple[Piece, ...]:
    """Filled up to the reading, with a tick of one per cent where the goal is; the pieces make 100."""
    if reading.ratio is None or isinstance(reading.goal, tuple):
        return ()
    reached, tick = _whole_percent(reading.ratio.value, 100), _whole_percent(reading.goal, 99)
    before, after = min(reached, tick), max(reached - tick - 1, 0)
    pieces = (
        Piece("filled", before),
        Piece("track", tick - before),
        Piece("goal", 1),
        Piece("filled", after),
        Piece("track", 99 - tick - after),
    )
    return tuple(piece for piece in pieces if piece.width)


def _whole_percent(fraction: float, highest: int) -> int:
    return min(max(round(fraction * 100), 0), highest)
