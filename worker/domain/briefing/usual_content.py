"""What a page says about the usual range of a figure, as data."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

ENOUGH_DAYS = 10
"""With fewer days the page says from how many days the range is."""


class Measure(enum.StrEnum):
    """A figure of the day that has a usual range. Those that are metrics have the metric's name."""

    SERVICE_LEVEL = "service_level"
    ABANDONMENT = "abandonment"
    OFFERED = "offered"
    HANDLE_TIME = "handle_time"
    SPEED_OF_ANSWER = "speed_of_answer"
    OCCUPANCY = "occupancy"
    ADHERENCE = "adherence"


class Place(enum.StrEnum):
    """Where the figure of a day lies. One in twenty ordinary figures lies outside, and is not talked about."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNUSUALLY_LOW = "unusually_low"
    UNUSUALLY_HIGH = "unusually_high"


@dataclass(frozen=True, slots=True)
class UsualFigure:
    """The usual range of a figure, and where the figure of the day lies.

    ``is_of_weekday``: the range is that of the weekday rather than of all business days. ``days``: how many past days
    it is based on. ``outside_days``: past days that were left out as far outside. ``hidden_change``: a change of this
    size or smaller would not be noticed, None if that is no more than 10 points, or if it is not the service level.
    ``is_hidden_by_chance``: because there are too few contacts, and not because days differ. ``p_low``: the probability
    of a figure as low as this on a quiet day. ``level_since``: the first day of the present level, None if it has not
    changed. Days before it do not count. ``is_coarse``: the figure is a share of so few contacts that the range of a
    continuous model says little.
    """

    low: float
    high: float
    centre: float
    place: Place
    days: int
    is_of_weekday: bool
    outside_days: tuple[date, ...] = ()
    hidden_change: float | None = None
    is_hidden_by_chance: bool = False
    p_low: float = 1.0
    level_since: date | None = None
    is_coarse: bool = False

    @property
    def is_unusual(self) -> bool:
        """Whether the figure lies beyond the limits and not only outside the usual range."""
        return self.place in (Place.UNUSUALLY_LOW, Place.UNUSUALLY_HIGH)


@dataclass(frozen=True, slots=True)
class NoUsualRange:
    """Why a figure has no usual range: only so many days are known, or the day is the first after a holiday."""

    known_days: int
    is_after_closure: bool = False


Usual = UsualFigure | NoUsualRange


@dataclass(frozen=True, slots=True)
class UnusualQueue:
    """A figure of a queue that is unusual, with all queues of the page looked at together.

    ``medium`` is set on a day with several media. ``value``: a fraction, a number of contacts, or seconds.
    ``contacts``: how many contacts it is of.
    """

    queue_id: str
    name: str
    medium: str | None
    measure: Measure
    value: float
    contacts: int
    usual: UsualFigure


@dataclass(frozen=True, slots=True)
class SilentTime:
    """Hours without any contact, by local time such as "10:00", and how many contacts usually come in them.

    ``medium`` is None if it is the only one with contacts on the day.
    """

    start: str
    end: str
    usual: UsualFigure
    medium: str | None = None
