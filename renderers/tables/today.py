"""The rows and columns of the table of today's half-hours, in the group's local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from renderers.tables.column import Column, Holds
from renderers.tables.half_hours import offset
from renderers.words import Percent, Words, half_up, shown_percent
from worker.domain.today.outlook import MediumToday, Outlook, StaffedHalfHour


@dataclass(frozen=True, slots=True)
class Line:
    """A half-hour of a medium, and the goal of its service level if it is known."""

    medium: str
    half: StaffedHalfHour
    goal: float | None = None


def lines(outlook: Outlook) -> list[Line]:
    """Return the table's rows, those of the medium that pages are about first."""
    return [
        Line(medium.medium, half, outlook.goal if medium is outlook.leading else None)
        for medium in outlook.media
        for half in _open_half_hours(medium)
    ]


def _open_half_hours(medium: MediumToday) -> tuple[StaffedHalfHour, ...]:
    """Return the half-hours from the first to the last with a figure above 0."""
    halves = medium.half_hours
    busy = [index for index, half in enumerate(halves) if half.offered or half.required or half.scheduled]
    return halves[busy[0] : busy[-1] + 1] if busy else ()


def columns(words: Words) -> tuple[Column[Line], ...]:
    """Return the columns from left to right."""
    return (
        Column("Start", Holds.LOCAL_TIME, 18, lambda line: line.half.start.replace(tzinfo=None)),
        Column("UTC offset", Holds.TEXT, 11, lambda line: offset(line.half.start)),
        Column("Medium", Holds.TEXT, 12, lambda line: words.medium(line.medium)),
        Column("Forecast", Holds.COUNT, 12, lambda line: _whole(line.half.offered)),
        Column("Average handle", Holds.DURATION, 12, lambda line: _duration(line.half.handle_seconds)),
        Column("Required", Holds.COUNT, 12, lambda line: line.half.required),
        Column("Scheduled", Holds.COUNT, 12, lambda line: line.half.scheduled),
        Column("Short", Holds.COUNT, 12, lambda line: line.half.short),
        Column("Expected level", Holds.PERCENT, 13, _level),
    )


def _whole(number: float | None) -> int | None:
    return None if number is None else int(half_up(number))


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=int(half_up(seconds)))


def _level(line: Line) -> Percent | None:
    """Return the level, with more decimal places where it would look equal to a goal that it misses."""
    if line.half.service_level is None:
        return None
    return shown_percent(line.half.service_level, 1, *(() if line.goal is None else (line.goal,)))
