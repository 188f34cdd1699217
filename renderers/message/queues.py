"""The queues' part of the message: the twelve worst, each with its bar, and how many more there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from renderers.words import ChangeText, Words, has_goal, shorten_name
from worker.domain.briefing.content import Briefing, QueueLine
from worker.domain.metrics import Reading, Status

SHOWN = 12
"""The most queues in a message, because Gmail cuts it off at 102 KB."""

NAME_LIMIT = 250
"""A longer name is cut in its middle. Genesys Cloud allows a queue's name 256 characters."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar. ``width`` is in whole per cent of the bar."""

    kind: Literal["filled", "track", "goal"]
    width: int


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One queue. ``bar`` has the pieces of its service level's bar from left to right, none without data."""

    name: str
    status: Status
    value: str
    bar: tuple[Piece, ...]
    caption: str
    change: ChangeText | None


@dataclass(frozen=True, slots=True)
class Queues:
    """The rows shown, worst first, with the sentence above them and the line below."""

    heading: str
    summary: str
    rows: tuple[QueueRow, ...]
    rest: str


def queues(words: Words, briefing: Briefing, *, has_workbook: bool = True) -> Queues:
    """Return the worst `SHOWN` queues of the briefing, and how many more there are, in the workbook if that is sent."""
    hidden, with_goal = len(briefing.queues) - SHOWN, words.have_own_goals(briefing)
    return Queues(
        heading=words.queues_heading(briefing),
        summary=_summary(words, briefing),
        rows=tuple(_row(words, briefing, line, with_goal=with_goal) for line in briefing.queues[:SHOWN]),
        rest=_rest(words, hidden, has_workbook=has_workbook) if hidden > 0 else "",
    )


def _rest(words: Words, hidden: int, *, has_workbook: bool) -> str:
    return words.more_in_workbook(hidden) if has_workbook else words.say("+ {number} more", number=words.count(hidden))


def _summary(words: Words, briefing: Briefing) -> str:
    """Return the sentence above the rows, with the day that their changes are compared with."""
    change = next((line.change for line in briefing.queues if line.change), None)
    summary = words.queues_summary(briefing)
    return summary + words.say("; changes against {day}", day=words.reference(change)) if change else summary


def _row(words: Words, briefing: Briefing, line: QueueLine, *, with_goal: bool) -> QueueRow:
    reading = line.service_level
    return QueueRow(
        name=words.in_medium(shorten_name(words.clean(line.name), NAME_LIMIT), line.medium),
        status=reading.status,
        value=words.value(reading),
        bar=() if line.is_thin else _bar(reading),
        caption=words.queue_caption(line, with_goal=with_goal),
        change=words.change_of_queue(briefing, line),
    )


def _bar(reading: Reading) -> tuple[Piece, ...]:
    """Return the bar filled up to the reading, with a one per cent tick at the goal. The widths sum to 100."""
    if reading.ratio is None or isinstance(reading.goal, tuple) or not has_goal(reading):
        return ()
    reached, tick = _whole_percent(reading.ratio.value, 100), _whole_percent(reading.goal, 99)
    below_goal, beyond_goal = min(reached, tick), max(reached - tick - 1, 0)
    pieces = (
        Piece("filled", below_goal),
        Piece("track", tick - below_goal),
        Piece("goal", 1),
        Piece("filled", beyond_goal),
        Piece("track", 99 - tick - beyond_goal),
    )
    return tuple(piece for piece in pieces if piece.width)


def _whole_percent(fraction: float, highest: int) -> int:
    return min(max(round(fraction * 100), 0), highest)
