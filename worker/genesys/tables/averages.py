"""How long an average time of a day's contacts can be. A longer one is in another unit. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from worker.domain.calendar.business_day import elapsed
from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, gap
from worker.genesys.source import Order
from worker.genesys.tables.figures import Figures
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.media import ALL_MEDIA
from worker.genesys.tables.table import Row

_MAY_WAIT_FOR_DAYS = frozenset({"email", "message"})
_SECONDS = {"averageHandleSeconds": (20.0, 5000.0), "averageAnswerSeconds": (0.0, 1000.0)}
"""The averages of a day that are seconds. A shorter handle time can be in minutes or days, a longer time in
milliseconds."""

_SHORTEST = {"averageHandleSeconds": 1.0, "averageAnswerSeconds": 0.1}
"""The least seconds that the largest average of a file can have. Days as fractions, as in a spreadsheet, are less."""

_LONGEST_WAIT = timedelta(days=7)
"""The longest average that is believed of media whose contacts wait for days."""


def longest_average_seconds(medium: str, order: Order) -> float:
    """Return the longest average time that a contact can have on the day."""
    return (_LONGEST_WAIT if may_wait_for_days(medium, order.media) else elapsed(order.window)).total_seconds()


def is_unit_undecided(column: str, average_seconds: float) -> bool:
    """Return whether the average of a day, read as seconds, is more likely one in another unit."""
    shortest, longest = _SECONDS[column]
    return not shortest <= average_seconds < longest


def is_too_short(column: str, largest_seconds: float) -> bool:
    """Return whether the largest average of a file is shorter than contacts can take, whatever its header states."""
    return 0 < largest_seconds < _SHORTEST[column]


def undecided_unit_gap(figures: Figures, row: Row, column: str, metric: Metric | None = None) -> Gap:
    """Return the gap for an average whose unit nothing decides."""
    return gap(
        "unavailable",
        GapText.UNIT_UNDECIDED,
        metric.value if metric else None,
        file=figures.table.label,
        place=row.place,
        cell=shorten(row.raw(column)),
        column=column,
    )


def short_average_gap(figures: Figures, row: Row, column: str) -> Gap:
    """Return the gap for an average in milliseconds that is shorter than contacts can be."""
    cell = shorten(row.raw(column))
    return gap(
        "unavailable", GapText.AVERAGE_TOO_SHORT, file=figures.table.label, place=row.place, cell=cell, column=column
    )


def impossible_average_gap(figures: Figures, row: Row, column: str) -> Gap:
    """Return the gap for an average that is longer than contacts can take."""
    return gap(
        "unavailable",
        GapText.AVERAGE_IMPOSSIBLE,
        file=figures.table.label,
        place=row.place,
        cell=shorten(row.raw(column)),
        column=column,
    )


def may_wait_for_days(medium: str, media: Collection[str]) -> bool:
    """Return whether contacts of a medium can wait over midnight. ``media`` are those of a row for all."""
    return medium in _MAY_WAIT_FOR_DAYS or (medium == ALL_MEDIA and not _MAY_WAIT_FOR_DAYS.isdisjoint(media))
