"""What is usual for the figures of a day, and which of them are unusual.

Missing a target and being unusual are two statements. Each of the second kind has a share of the errors that a page may
make: on a quiet day, at most one page in a hundred calls anything unusual (docs/usual-range.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from worker.domain.briefing.comparison import MediumPicker, RatioPicker
from worker.domain.briefing.history import History, MediumFigures
from worker.domain.briefing.sums import QueueSums
from worker.domain.briefing.usual_content import Measure, NoUsualRange, Place, Usual, UsualFigure
from worker.domain.briefing.usual_days import UsualDays
from worker.domain.groups.thresholds import Thresholds
from worker.domain.metrics import OF_CONTACTS, Metric, Ratio
from worker.domain.rounding import FLOAT_ERROR
from worker.domain.usual.past_days import FEWEST_DAYS
from worker.domain.usual.scales import DayFigure, Kind
from worker.domain.usual.usual_range import UsualRange, usual_range

FEWEST_ON_A_SIDE = 5
"""With fewer contacts expected in time, or not in time, a range is coarse: of 12, none abandoned lay outside of it."""

TELLABLE = 0.10
"""A larger change of the service level that would not be noticed is told."""


KINDS = {
    Measure.SERVICE_LEVEL: Kind.RATIO,
    Measure.ABANDONMENT: Kind.RATIO,
    Measure.OFFERED: Kind.COUNT,
    Measure.HANDLE_TIME: Kind.HANDLE,
    Measure.SPEED_OF_ANSWER: Kind.WAIT,
    Measure.OCCUPANCY: Kind.TIME,
    Measure.ADHERENCE: Kind.TIME,
}


@dataclass(frozen=True, slots=True)
class ErrorShare:
    """How often a quiet day may be called unusual, on each side, and the least difference that matters.

    ``least_difference`` is a fraction of the figure itself if ``is_relative``.
    """

    low: float
    high: float
    least_difference: float
    is_relative: bool = False

    @property
    def alpha(self) -> float:
        """The probability that belongs to the limits, both sides together: twice that of the main side."""
        return 2 * max(self.low, self.high)

    def matters(self, centre: float, difference: float) -> bool:
        """Return whether a difference from the expected figure is large enough to be worth a sentence."""
        return difference >= self.least_difference * (centre if self.is_relative else 1) - FLOAT_ERROR


def error_shares(thresholds: Thresholds) -> Mapping[Measure, ErrorShare]:
    """Return the shares of the figures of a page, which sum to 0.545 %. Queues and half-hours have 0.11 % more.

    The good side of service level and abandonment has next to no share: it has the heavier tail.
    """
    return {
        Measure.SERVICE_LEVEL: ErrorShare(0.0025, 0.00005, thresholds.notable_change),
        Measure.ABANDONMENT: ErrorShare(0.0, 0.0004, 0.01),
        Measure.OFFERED: ErrorShare(0.0005, 0.0005, thresholds.notable_volume, is_relative=True),
        Measure.HANDLE_TIME: ErrorShare(0.0002, 0.0003, 0.05, is_relative=True),
        Measure.SPEED_OF_ANSWER: ErrorShare(0.0, 0.0002, 0.10, is_relative=True),
        Measure.OCCUPANCY: ErrorShare(0.0002, 0.0002, 0.02),
        Measure.ADHERENCE: ErrorShare(0.0003, 0.0001, 0.02),
    }


def usual_of(
    measure: Measure,
    today: DayFigure,
    history: list[DayFigure],
    thresholds: Thresholds,
    tests: int = 1,
) -> Usual:
    """Return what is usual for a figure. ``tests``: so many media share the error of this statement."""
    share = error_shares(thresholds)[measure]
    kind = KINDS[measure]
    result = usual_range(kind, history, today, share.alpha / tests, thresholds.usual_widening)
    if result is None:
        return NoUsualRange(min(len(history), FEWEST_DAYS - 1))
    return figure_in_range(measure, result, today, _place(result, today, share, tests))


def figure_in_range(measure: Measure, result: UsualRange, today: DayFigure, place: Place) -> UsualFigure:
    """Return what a page says about a usual range, in which the figure of today lies at this place."""
    kind = KINDS[measure]
    hidden_change = result.centre - result.seen_low if measure is Measure.SERVICE_LEVEL else 0.0
    return UsualFigure(
        low=result.low,
        high=result.high,
        centre=result.centre,
        place=place,
        days=result.days,
        is_of_weekday=result.is_of_weekday,
        outside_days=result.outside,
        hidden_change=math.ceil(100 * hidden_change - FLOAT_ERROR) / 100 if hidden_change > TELLABLE else None,
        is_hidden_by_chance=result.is_hidden_by_chance,
        is_coarse=kind is Kind.RATIO and today.denominator * min(result.centre, 1 - result.centre) < FEWEST_ON_A_SIDE,
        p_low=result.p_low,
        level_since=result.level_since,
    )


def _place(result: UsualRange, today: DayFigure, share: ErrorShare, tests: int) -> Place:
    value = today.numerator / today.denominator
    if result.p_low < share.low / tests and share.matters(result.centre, result.centre - value):
        return Place.UNUSUALLY_LOW
    if result.p_high < share.high / tests and share.matters(result.centre, value - result.centre):
        return Place.UNUSUALLY_HIGH
    return Place.INSIDE if result.low <= value <= result.high else Place.OUTSIDE


@dataclass(frozen=True, slots=True)
class UsualSource:
    """The past days of a group, which of them say what is usual, and how many media share the errors of a page."""

    reporting_day: date
    usual_days: UsualDays
    history: History
    thresholds: Thresholds
    media: int = 1

    def of_ratio(self, metric: Metric, today: Ratio | None, pick: RatioPicker) -> Usual | None:
        """Return what is usual for a metric, None if today has no counts, or if the group wants no usual ranges."""
        figure = _figure(self.reporting_day, today)
        ratios = {day: pick(self.history[day]) for day in self.usual_days.days}
        history = [figure_of_day for day, ratio in ratios.items() if (figure_of_day := _figure(day, ratio))]
        return self._usual(Measure(metric.value), figure, history, self.media if metric in OF_CONTACTS else 1)

    def of_offered(self, today: int | None, pick: MediumPicker) -> Usual | None:
        """Return what is usual for the contacts offered in a medium."""
        figure = DayFigure(self.reporting_day, today) if today is not None else None
        counts = {day: figures.counts.offered for day in self.usual_days.days if (figures := pick(self.history[day]))}
        history = [DayFigure(day, count) for day, count in counts.items() if count is not None]
        return self._usual(Measure.OFFERED, figure, history, self.media)

    def of_time(self, measure: Measure, today: MediumFigures | None, pick: MediumPicker) -> Usual | None:
        """Return what is usual for the average handle time or speed of answer of a medium."""
        figures = {day: average_time(day, measure, pick(self.history[day])) for day in self.usual_days.days}
        history = [figure for figure in figures.values() if figure]
        return self._usual(measure, average_time(self.reporting_day, measure, today), history, self.media)

    def _usual(self, measure: Measure, today: DayFigure | None, history: list[DayFigure], tests: int) -> Usual | None:
        if today is None or not self.thresholds.usual_range:
            return None
        if self.usual_days.is_after_closure:
            return NoUsualRange(0, is_after_closure=True)
        return usual_of(measure, today, history, self.thresholds, tests)


def _figure(day: date, ratio: Ratio | None) -> DayFigure | None:
    if ratio is None or ratio.numerator is None or not ratio.denominator:
        return None
    return DayFigure(day, ratio.numerator, ratio.denominator)


def average_time(day: date, measure: Measure, figures: MediumFigures | None) -> DayFigure | None:
    """Return the average handle time or speed of answer of a medium, None if a queue does not state its part."""
    return figure_of_sums(day, measure, tuple(figures.sums.values())) if figures else None


def figure_of_sums(day: date, measure: Measure, sums: Collection[QueueSums]) -> DayFigure | None:
    """Return the contacts offered or an average time of some queues, None if one does not state its part."""
    pairs = [_PARTS[measure](queue) for queue in sums if not _is_idle(queue)]
    parts = [(part, contacts) for part, contacts in pairs if part is not None and contacts is not None]
    if len(parts) < len(pairs):
        return None
    total, contacts = sum(part for part, _ in parts), sum(contacts for _, contacts in parts)
    if measure is Measure.OFFERED:
        return DayFigure(day, total) if contacts or any(queue.offered == 0 for queue in sums) else None
    return DayFigure(day, total, contacts) if contacts else None


def _is_idle(queue: QueueSums) -> bool:
    """Return whether nothing happened in a queue, so that it has a part in no figure."""
    return not any((queue.offered, queue.answered, queue.abandoned, queue.handled, queue.handle_ms))


def _time(milliseconds: int | None, contacts: int | None) -> tuple[float | None, int | None]:
    """Return seconds of contacts. Without contacts there is no time to state."""
    if contacts == 0:
        return 0.0, 0
    return milliseconds / 1000 if milliseconds is not None else None, contacts


_PARTS: Mapping[Measure, Callable[[QueueSums], tuple[float | None, int | None]]] = {
    Measure.OFFERED: lambda queue: (queue.offered, queue.offered),
    Measure.HANDLE_TIME: lambda queue: _time(queue.handle_ms, queue.handled),
    Measure.SPEED_OF_ANSWER: lambda queue: _time(queue.answer_ms, queue.answered),
}
"""The part of a queue in each figure: a sum, and the contacts that it is of."""
