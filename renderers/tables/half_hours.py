"""The rows and columns of the half-hours' table, in the group's local time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from renderers.tables.column import Column, Holds, count, duration, percent, single_goal
from renderers.words import MISSING, Words, has_goal, percent_of
from worker.domain.briefing.content import Briefing, HalfHour
from worker.domain.groups.targets import MEDIA
from worker.domain.metrics import Metric, Ratio, Reading, Status
from worker.domain.statuses import status_of


@dataclass(frozen=True, slots=True)
class Line:
    """A half-hour with its service level as a reading; None where the group has no goal for it.

    ``medium`` is set where the table has half-hours of several media.
    """

    half: HalfHour
    level: Reading | None
    medium: str | None = None

    @property
    def status(self) -> Status:
        """The half-hour's status against the goal."""
        return self.level.status if self.level else Status.NO_DATA


def lines(briefing: Briefing) -> list[Line]:
    """Return the table's rows."""
    goal = service_level_goal(briefing)
    return [Line(half, _reading(half, goal, whole=briefing.completeness.whole)) for half in briefing.half_hours]


def lines_of_all_media(briefing: Briefing) -> list[Line]:
    """Return the rows of every medium of the day, those of the medium with the most contacts first."""
    if not briefing.media:
        return lines(briefing)
    whole = briefing.completeness.whole
    return [
        Line(half, _reading(half, _goal_of(medium.service_level.reading), whole=whole), medium.medium)
        for medium in briefing.media
        for half in medium.half_hours
    ]


def changes_offset(rows: Sequence[Line]) -> bool:
    """Return whether the clock changed between two of the half-hours, so that a time alone is ambiguous."""
    return len({row.half.start.utcoffset() for row in rows}) > 1


def has_thin(rows: Sequence[Line]) -> bool:
    """Return whether a half-hour has a percentage of so few contacts that it is marked."""
    return any(map(_is_marked, rows))


def _is_marked(row: Line) -> bool:
    return row.half.is_thin and row.half.service_level is not None


def columns(
    words: Words, *, offset_matters: bool = False, has_media: bool = False, has_thin: bool = False
) -> tuple[Column[Line], ...]:
    """Return the columns from left to right.

    ``offset_matters``, ``has_thin``: a phone shows the offset, and the mark of half-hours with few contacts, instead of
    the answer time and, with both, the abandoned. ``has_media``: the table has half-hours of several media, so a line
    names its medium.
    """
    few_contacts = words.say("few contacts")
    note: Column[Line] = Column(
        "Note",
        Holds.TEXT,
        14,
        lambda line: few_contacts if _is_marked(line) else None,
        narrow=True,
        longest=few_contacts,
    )
    medium: Column[Line] = Column(
        "Medium",
        Holds.TEXT,
        12,
        lambda line: words.medium(line.medium or ""),
        narrow=True,
        longest=max(map(words.medium, MEDIA), key=len),
    )
    return (
        Column(
            "Start",
            Holds.LOCAL_TIME,
            18,
            lambda line: line.half.start.replace(tzinfo=None),
            lambda line: f"{line.half.start:%H:%M}",
            narrow=True,
        ),
        Column("UTC offset", Holds.TEXT, 11, lambda line: offset(line.half.start), narrow=offset_matters),
        *((medium,) if has_media else ()),
        Column("Offered", Holds.COUNT, 12, lambda line: count(line.half.counts.offered), narrow=True),
        Column("Answered", Holds.COUNT, 12, lambda line: count(line.half.counts.answered)),
        Column(
            "Abandoned",
            Holds.COUNT,
            12,
            lambda line: count(line.half.counts.abandoned),
            narrow=not (offset_matters and has_thin),
        ),
        Column("Not in time", Holds.COUNT, 10, lambda line: count(line.half.counts.late), narrow=True),
        Column(
            "Service level",
            Holds.PERCENT,
            13,
            lambda line: percent_of(line.level) if line.level else percent(line.half.service_level),
            narrow=True,
        ),
        Column(
            "Goal",
            Holds.PERCENT,
            10,
            lambda line: single_goal(line.level) if line.level else None,
            lambda line: words.goal(line.level) if line.level else MISSING,
        ),
        Column("Average handle", Holds.DURATION, 12, lambda line: duration(line.half.counts.average_handle_ms)),
        Column(
            "Average answer",
            Holds.DURATION,
            12,
            lambda line: duration(line.half.counts.average_answer_ms),
            narrow=not offset_matters and not has_thin,
        ),
        *((note,) if has_thin else ()),
    )


def offset(instant: datetime) -> str:
    """Return the UTC offset, e.g. -04:00. A workbook has no time zones, and in autumn one hour comes twice."""
    return instant.isoformat(timespec="minutes")[16:]


def service_level_goal(briefing: Briefing) -> float | None:
    """Return the group's goal as a fraction, None where no tile has one."""
    for tile in briefing.tiles:
        if tile.reading.metric is Metric.SERVICE_LEVEL:
            return _goal_of(tile.reading)
    return None


def _goal_of(reading: Reading) -> float | None:
    return reading.goal if isinstance(reading.goal, float) and has_goal(reading) else None


def _reading(half: HalfHour, goal: float | None, *, whole: bool) -> Reading | None:
    level = half.service_level
    if goal is None:
        return None
    if level is None:
        return Reading(Metric.SERVICE_LEVEL, None, Status.NO_DATA, goal)
    status = _judge(half, level, goal) if whole else Status.PARTIAL
    return Reading(Metric.SERVICE_LEVEL, level, status, goal)


def _judge(half: HalfHour, level: Ratio, goal: float) -> Status:
    return Status.THIN if half.is_thin else status_of(Metric.SERVICE_LEVEL, level, goal)
