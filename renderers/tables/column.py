"""One column of a table, for the workbook and for the PDF."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from worker.domain.metrics import Ratio, Reading

Row = TypeVar("Row")

Value = str | int | float | date | datetime | timedelta | None
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
    """A fraction."""
    POINTS = enum.auto()
    """A difference of percentages, in points."""
    DURATION = enum.auto()
    LOCAL_TIME = enum.auto()


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its English header, what its cells hold, and its width in characters.

    ``value`` is what a spreadsheet calculates with. ``shown_as`` is the text on a page, where the value needs more than
    the usual format. ``narrow``: show the column on a phone page too.
    """

    header: str
    holds: Holds
    width: float
    value: Callable[[Row], Value]
    shown_as: Callable[[Row], str] | None = None
    narrow: bool = False


def fraction(ratio: Ratio | None) -> float | None:
    """Return the ratio's value, or None without a ratio."""
    return ratio.value if ratio else None


def single_goal(reading: Reading) -> float | None:
    """Return the goal where it is one number and not a band."""
    return None if isinstance(reading.goal, tuple) else reading.goal


def duration(milliseconds: float | None) -> timedelta | None:
    """Return a duration from milliseconds."""
    return None if milliseconds is None else timedelta(milliseconds=milliseconds)


def points(fraction: float | None) -> float | None:
    """Return percentage points from a difference of fractions: -5.4 for -0.054."""
    return None if fraction is None else fraction * 100
