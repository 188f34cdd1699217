"""What pages say of today, as data. `looking.outlook_of` makes it, renderers choose the words.

Agents are whole numbers here, rounded half up, because people are moved and not parts of them. What is short is
calculated from the rounded numbers, so that a reader who subtracts finds the same.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

from worker.domain.today.plan import Movable, NotKnown


@dataclass(frozen=True, slots=True)
class StaffedHalfHour:
    """A half-hour of today. None where a figure is not known.

    ``offered``: forecast contacts. ``required`` and ``scheduled``: agents on queue. ``service_level``: a fraction, as
    the platform predicts it with the scheduled agents.
    """

    start: datetime
    offered: float | None = None
    handle_seconds: float | None = None
    required: int | None = None
    scheduled: int | None = None
    service_level: float | None = None

    @property
    def short(self) -> int | None:
        """How many agents are missing, below 0 if there are more than required."""
        return None if self.required is None or self.scheduled is None else self.required - self.scheduled


class Extent(enum.Enum):
    """How much of a day is short of agents, where a window is only a part of it.

    Alike: no short half-hour is worse than another, so the window says nothing.
    """

    WINDOW = "window"
    MOST_OF_DAY = "most_of_day"
    MOST_OF_DAY_ALIKE = "most_of_day_alike"
    ALL_DAY = "all_day"
    ALL_DAY_ALIKE = "all_day_alike"

    @property
    def is_alike(self) -> bool:
        """Whether no short half-hour is worse than another."""
        return self in (Extent.MOST_OF_DAY_ALIKE, Extent.ALL_DAY_ALIKE)


@dataclass(frozen=True, slots=True)
class RiskWindow:
    """The half-hours around the worst that are short by at least half of it.

    ``short``: the most agents missing in one of them, ``least_short``: the fewest. ``extent``: how much of the day is
    short.
    """

    start: datetime
    end: datetime
    short: int
    least_short: int
    extent: Extent = Extent.WINDOW


@dataclass(frozen=True, slots=True)
class RoomWindow:
    """The first half-hours after a risk window with agents to spare. ``spare``: the fewest in one of them."""

    start: datetime
    end: datetime
    spare: int


@dataclass(frozen=True, slots=True)
class MovableAgents:
    """So many agents are in a training, in a meeting or at a meal at the same time, in a risk window."""

    activity: Movable
    agents: int


@dataclass(frozen=True, slots=True)
class ForecastGrowth:
    """The day's forecast ÷ the contacts of the same weekday of last week, minus 1."""

    day: date
    fraction: float


@dataclass(frozen=True, slots=True)
class ExpectedContacts:
    """The average number of contacts of the same weekday, where there is no forecast."""

    contacts: float
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class PersonToday:
    """An agent who is off, or who starts later. ``start`` is None for one who is off."""

    name: str
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class MediumToday:
    """The half-hours of one medium in order.

    ``forecast``: contacts of the whole day, None unless every half-hour is known. ``is_staffing_known``: whether
    required and scheduled agents are known for every half-hour in which contacts are expected. ``is_estimated``: the
    required agents are calculated here, because the plan does not state them. ``is_small``: so few agents are required
    that none can be called missing. ``movable``: what could be moved out of the window, ``room``: and where to.

    ``window`` and ``riskiest`` are those of the half-hours that are not over at the stand-up. ``first_start``: the
    start of the first of these, if the whole day would have others. ``earlier_window``: that of the half-hours that
    are over, if no later one is short.
    """

    medium: str
    half_hours: tuple[StaffedHalfHour, ...]
    forecast: float | None = None
    is_staffing_known: bool = False
    is_estimated: bool = False
    is_small: bool = False
    window: RiskWindow | None = None
    riskiest: tuple[StaffedHalfHour, ...] = ()
    movable: tuple[MovableAgents, ...] = ()
    room: RoomWindow | None = None
    first_start: datetime | None = None
    earlier_window: RiskWindow | None = None

    @property
    def remaining(self) -> tuple[StaffedHalfHour, ...]:
        """The half-hours that require agents, without those before ``first_start``."""
        start = self.first_start.timestamp() if self.first_start else 0.0
        return tuple(
            half_hour for half_hour in self.half_hours if half_hour.required and half_hour.start.timestamp() >= start
        )

    @property
    def worst(self) -> StaffedHalfHour | None:
        """The half-hour of the window with the most agents missing, the first of equal ones."""
        if self.window is None:
            return None
        short = self.window.short
        return next(half_hour for half_hour in self.in_window if half_hour.short == short)

    @property
    def in_window(self) -> tuple[StaffedHalfHour, ...]:
        """The half-hours of the window, nothing without one."""
        if self.window is None:
            return ()
        start, end = self.window.start.timestamp(), self.window.end.timestamp()
        return tuple(half_hour for half_hour in self.half_hours if start <= half_hour.start.timestamp() < end)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What today brings for a group.

    ``media``: those of the plan. The first is the one that pages are about: with the most agents missing in a
    half-hour, or with the most contacts where none are missing. ``goal``: its service level goal, None if it has none.
    ``growth`` and ``expected`` are of it too. ``reasons``: why something is not known, each once.
    """

    day: date
    media: tuple[MediumToday, ...] = ()
    goal: float | None = None
    growth: ForecastGrowth | None = None
    expected: ExpectedContacts | None = None
    absent: tuple[PersonToday, ...] = ()
    start_later: tuple[PersonToday, ...] = ()
    reasons: tuple[NotKnown, ...] = ()
    are_people_known: bool = False
    foreign_queues: tuple[str, ...] = ()
    uncovered_queues: tuple[str, ...] = ()

    @property
    def leading(self) -> MediumToday | None:
        """The medium that pages are about."""
        return self.media[0] if self.media else None

    @property
    def has_page(self) -> bool:
        """Whether there is more to show than two lines: agents by half-hour, or who is off or starts later."""
        has_half_hours = bool(self.leading and self.leading.is_staffing_known)
        return has_half_hours or bool(self.absent or self.start_later)
