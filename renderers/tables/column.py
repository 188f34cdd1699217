"""One column of a table, for the workbook and for the PDF."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from renderers.words import Percent, has_goal, shown_percent
from worker.domain.metrics import Ratio, Reading

Row = TypeVar("Row")

Value = str | int | float | Percent | date | datetime | timedelta | None
"""A naive ``datetime`` is local time. None is no data: a blank cell in the workbook, a dash on a page."""


class Holds(enum.Enum):
    """What the cells of a column hold, and so how they are shown."""

    TEXT = enum.auto()
    NAMES = enum.auto()
    """Several names, which may take more than a line."""
    STATUS = enum.auto()
    GOAL = enum.auto()
    COUNT = enum.auto()
    PERCENT = enum.auto()
    """A `Percent`."""
    POINTS = enum.auto()
    """A difference of percentages, in points."""
    DURATION = enum.auto()
    """To the second."""
    MINUTES = enum.auto()
    """A duration to the minute."""
    LOCAL_TIME = enum.auto()


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its English header, what its cells hold, and its width in characters.

    ``value`` is what a spreadsheet calculates with. ``shown_as`` is the text on a page, where the value needs more than
    the usual format. ``narrow``: show the column on a phone page too. ``longest``: the longest of its words.
    """

    header: str
    holds: Holds
    width: float
    value: Callable[[Row], Value]
    shown_as: Callable[[Row], str] | None = None
    narrow: bool = False
    longest: str = ""


def percent(ratio: Ratio | None) -> Percent | None:
    """Return the ratio as it is shown, or None without a ratio."""
    return shown_percent(ratio.value) if ratio else None


def count(number: int | None) -> int | None:
    """Return the count, or None for one below zero, of contacts that another day has too."""
    return number if number is None or number >= 0 else None


def single_goal(reading: Reading) -> Percent | None:
    """Return the goal where it is one number and not a band."""
    return shown_percent(reading.goal) if isinstance(reading.goal, float) and has_goal(reading) else None


def duration(milliseconds: float | None) -> timedelta | None:
    """Return a duration from milliseconds."""
    return None if milliseconds is None else timedelta(milliseconds=milliseconds)


def points(fraction: float | None) -> float | None:
    """Return percentage points from a difference of fractions: -5.4 for -0.054."""
    return None if fraction is None else fraction * 100
