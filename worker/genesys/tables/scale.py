"""Decides whether a column's percentages without a sign are fractions (0–1) or percentages (0–100). Pure.

The evidence is taken from the order's own rows: what the report definition states, the counts in the same row, the
range of the values, and the other columns of the same file. Without evidence the scale is undecided, and the figures
of the column are not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.genesys.tables.columns import Scale

ROUNDED_ONE = 1.0001
"""A fraction that was rounded up a little is still 1."""

_LARGEST_FRACTION = 2.0
"""More than two abandons for each offer are not a ratio of a half-hour that occurs."""

_HIGHEST, _LOWEST = 3.0, 1 / 8
"""How far a stated ratio may be from that of the counts: it may leave out short abandons, or count flow-outs."""


@dataclass(frozen=True, slots=True)
class CountedShare:
    """What the counts in a row say of its percentage. ``words`` show the ratio in an error.

    ``contacts`` is the most contacts of which the percentage can be a share.
    """

    ratio: float | None = None
    words: str = ""
    contacts: float | None = None


NOT_COUNTED = CountedShare()


@dataclass(frozen=True, slots=True)
class Percentage:
    """An unsigned percentage of one row. ``rounding`` is how far the true one may be from the one that is written."""

    value: float
    text: str
    place: str
    counted: CountedShare = NOT_COUNTED
    rounding: float = 0.0

    @property
    def ratio(self) -> float | None:
        """What the counts in the row give, None without counts."""
        return self.counted.ratio

    @property
    def is_less_than_a_contact(self) -> bool:
        """Whether this would be a share of less than one contact if it were a percentage, so it is a fraction."""
        return bool(self.value and self.counted.contacts) and (
            (self.value + self.rounding) / 100 * (self.counted.contacts or 0.0) < 1
        )


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two cells that contradict each other, with their places."""

    first: Percentage
    second: Percentage | None = None


def scale_of(
    percentages: Sequence[Percentage], *, may_exceed_one: bool, stated_scale: Scale | None
) -> Scale | Contradiction | None:
    """Return the scale from the column's own evidence, or None if there is none."""
    counted = _scale_of_counts(percentages, may_exceed_one=may_exceed_one)
    if isinstance(counted, Contradiction):
        return counted
    if stated_scale:
        return _check_stated(percentages, stated_scale, counted, may_exceed_one=may_exceed_one)
    if counted is None and any(percentage.is_less_than_a_contact for percentage in percentages):
        counted = "fraction"
    return counted or _scale_of_range(percentages, may_exceed_one=may_exceed_one)


def contradiction_with_counts(percentages: Iterable[Percentage], scale: Scale) -> Contradiction | None:
    """Return the first percentage that is far from the ratio of the counts beside it."""
    for percentage in percentages:
        if percentage.ratio is not None and percentage.value > 0:
            fraction = percentage.value / (100 if scale == "percent" else 1)
            # a ratio below the counts' can be right: short abandons may be left out of it
            if fraction > percentage.ratio * _HIGHEST:
                return Contradiction(percentage)
    return None


def _scale_of_counts(percentages: Sequence[Percentage], *, may_exceed_one: bool) -> Scale | Contradiction | None:
    """Compare with the ratios of the counts. Zeros fit both scales and say nothing.

    A service level may leave abandons out of its denominator, so it may be far from the ratio and right.
    """
    compared = [percentage for percentage in percentages if percentage.ratio and percentage.value > 0]
    fractions = [
        percentage
        for percentage in compared
        if percentage.ratio and _LOWEST <= percentage.value / percentage.ratio <= _HIGHEST
    ]
    hundreds = [
        percentage
        for percentage in compared
        if percentage.ratio and _LOWEST <= percentage.value / 100 / percentage.ratio <= _HIGHEST
    ]
    if fractions and hundreds:
        return Contradiction(fractions[0], hundreds[0])
    if fractions or hundreds:
        return "fraction" if fractions else "percent"
    return Contradiction(compared[0]) if compared and may_exceed_one else None


def _check_stated(
    percentages: Sequence[Percentage], stated_scale: Scale, counted: Scale | None, *, may_exceed_one: bool
) -> Scale | Contradiction:
    if counted and counted != stated_scale:
        return Contradiction(
            next(percentage for percentage in percentages if percentage.ratio and percentage.value > 0)
        )
    largest = max(percentages, key=lambda percentage: percentage.value, default=None)
    if stated_scale == "fraction" and largest and not may_exceed_one and largest.value > _LARGEST_FRACTION:
        return Contradiction(largest)
    return stated_scale


def _scale_of_range(percentages: Sequence[Percentage], *, may_exceed_one: bool) -> Scale | Contradiction | None:
    largest = max(percentages, key=lambda percentage: percentage.value, default=None)
    if largest is None or largest.value == 0:
        return "fraction"
    if may_exceed_one:
        return "percent" if largest.value > _LARGEST_FRACTION else None
    if largest.value <= ROUNDED_ONE:
        return None
    small = next((percentage for percentage in percentages if 0 < percentage.value <= 1), None)
    return Contradiction(small, largest) if small else "percent"


def agreed_scale(scales: Iterable[Scale]) -> Scale | None:
    """Return the scale of the file's other columns, if they agree."""
    different = set(scales)
    return different.pop() if len(different) == 1 else None
