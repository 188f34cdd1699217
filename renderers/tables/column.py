"""One column of a table, whoever draws it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from worker.domain.metrics import Ratio, Reading

Row = TypeVar("Row")

Value = str | int | float | date | datetime | timedelta | None
"""``str`` is text, ``timedelta`` a duration, a naive ``datetime`` local time; None is no data: a blank cell, a dash."""


class Holds(enum.Enum):
    """What the cells of a column hold, and so how they are shown."""

    TEXT = enum.auto()
    NAMES = enum.auto()
    """Several names, which may take more than a line."""
    STATUS = enum.auto()
    GOAL = enum.auto()
    COUNT = enum.auto()
    PERCENT = enum.auto()
    """A fraction."""
    POINTS = enum.auto()
    """A difference of percentages, in points."""
    DURATION = enum.auto()
    LOCAL_TIME = enum.auto()


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its English header, what its cells hold, and its width in characters.

    ``value`` is what a spreadsheet reckons with. ``said`` is how a page writes it, where the value alone does not tell.
    ``narrow``: a page as narrow as a phone shows it too.
    """

    header: str
    holds: Holds
    width: float
    value: Callable[[Row], Value]
    said: Callable[[Row], str] | None = None
    narrow: bool = False


def fraction(ratio: Ratio | None) -> float | None:
    """The ratio's value, blank without one."""
    return ratio.value if ratio else None


def single_goal(reading: Reading) -> float | None:
    """The goal where it is one number and not a band."""
    return None if isinstance(reading.goal, tuple) else reading.goal


def duration(milliseconds: float | None) -> timedelta | None:
    """A duration from milliseconds."""
    return None if milliseconds is None else timedelta(milliseconds=milliseconds)


def points(fraction: float | None) -> float | None:
    """Percentage points from a difference of fractions: -5.4 of -0.054."""
    return None if fraction is None else fraction * 100
