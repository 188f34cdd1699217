"""Hold each factor of the service level against its own usual range.

The range is that of the weekday as far as the weekdays differ: a Monday with as many contacts as Mondays have is no
cause. The parts are of the difference from the middle of that range, so that an ordinary Monday has no part either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from worker.domain.staffing.explanation import Explanation, Factor
from worker.domain.usual.scales import DayFigure, Kind
from worker.domain.usual.usual_range import UsualRange, usual_range
from worker.domain.why.content import ExplainedFactor
from worker.domain.why.reference import MediumDay, QueueDay, Reference

CLEARLY_OUTSIDE = 0.001
"""A factor is clearly outside if an ordinary day lies as far outside, on either side, with less than this probability.

A service level that is low, and not unusual, happens on one quiet day in forty. It is worth a page only if one of the
factors is news by itself.
"""

STAFFING_NOISE = 0.01
MIX_NOISE = 0.005
"""The least relative standard deviation of the agents' time, and of the handle time that the mix implies."""


@dataclass(frozen=True, slots=True)
class FactorDays:
    """The past days that say what is usual for a factor, the day that is explained, and the reference of its parts.

    ``within_seconds``: within how many seconds an answer is in time. ``widening``: how much wider usual ranges are than
    the history says.
    """

    reference: Reference
    past_days: Mapping[date, MediumDay]
    reporting_day: date
    today: MediumDay
    within_seconds: float
    widening: float = 1.0

    def usual_range(self, factor: Factor) -> UsualRange | None:
        """Return the usual range of a factor, None if too few days are known, or if it is not known today."""
        figure_of = _FIGURES[factor]
        today = figure_of(self.reporting_day, self.today, self.reference)
        if today is None or today.numerator <= 0:
            return None
        return usual_range(_KINDS[factor], self._history(factor), today, CLEARLY_OUTSIDE, self.widening)

    def expected(self, factor: Factor) -> float | None:
        """Return the middle of a factor's usual range, or the average of the reference days: always for the mix.

        The model knows the mix by the shares of queues, and there is no range of each.
        """
        usual = None if factor is Factor.MIX else self.usual_range(factor)
        return usual.centre if usual else self.average(factor)

    def average(self, factor: Factor) -> float | None:
        """Return a factor on average over the reference days, None if it is not known."""
        if factor is Factor.VOLUME:
            return fmean(day.offered for day in self.reference.days)
        if factor is Factor.STAFFING:
            return fmean(self.reference.agent_seconds) if self.reference.agent_seconds else None
        return _mean_time((queue.counted, queue.handle_time) for queue in self.reference.queues.values())

    def growth(self, factor: Factor) -> float:
        """Return how many times its average a factor is expected to be, 1 if it is not known."""
        expected, average = self.expected(factor), self.average(factor)
        return expected / average if expected and average else 1.0

    def _history(self, factor: Factor) -> Iterator[DayFigure]:
        for day, medium_day in self.past_days.items():
            if figure := _FIGURES[factor](day, medium_day, self.reference):
                yield figure


def explained_factors(explanation: Explanation, days: FactorDays) -> tuple[ExplainedFactor, ...]:
    """Return each factor with its part of the change, and its figures."""
    reference, today = days.reference, days.today
    figures = {
        Factor.VOLUME: today.offered,
        Factor.HANDLE: handle_time(today, reference),
        Factor.STAFFING: today.agent_seconds,
        Factor.MIX: mix_time(today, reference),
    }
    return tuple(_factor(factor, explanation.parts.get(factor), figures[factor], days) for factor in Factor)


def _factor(factor: Factor, part: float | None, today: float | None, days: FactorDays) -> ExplainedFactor:
    expected = days.expected(factor)
    if part is None or today is None or expected is None:
        return ExplainedFactor(factor, part)
    usual = days.usual_range(factor)
    return ExplainedFactor(
        factor=factor,
        part=part,
        today=today,
        expected=expected,
        usual=(usual.low, usual.high) if usual else None,
        is_outside=usual is not None and not usual.low <= today <= usual.high,
        is_clearly_outside=usual is not None and 2 * min(usual.p_low, usual.p_high) < CLEARLY_OUTSIDE,
    )


def handle_time(day: MediumDay, reference: Reference) -> float | None:
    """Return seconds a contact if the day had the mix of the reference days."""
    return _mean_time(
        (average.counted, day.queues.get(queue_id, QueueDay()).handle_time or average.handle_time)
        for queue_id, average in reference.queues.items()
    )


def mix_time(day: MediumDay, reference: Reference) -> float | None:
    """Return seconds a contact if each queue had the handle time of the reference days."""
    return _mean_time(
        (day.queues.get(queue_id, QueueDay()).counted, average.handle_time)
        for queue_id, average in reference.queues.items()
    )


def _mean_time(queues: Iterable[tuple[float, float | None]]) -> float | None:
    """Return the mean handle time of queues, each with its contacts. Leave out those that never handled one."""
    timed_queues = [(contacts, seconds) for contacts, seconds in queues if seconds is not None]
    total = sum(contacts for contacts, _ in timed_queues)
    return sum(contacts * seconds for contacts, seconds in timed_queues) / total if total else None


def _offered(day: date, medium_day: MediumDay, _: Reference) -> DayFigure:
    return DayFigure(day, medium_day.offered)


def _handle_time(day: date, medium_day: MediumDay, reference: Reference) -> DayFigure | None:
    handled = sum(queue.handled for queue in medium_day.queues.values())
    return _weighted(day, handle_time(medium_day, reference), handled)


def _staffing(day: date, medium_day: MediumDay, _: Reference) -> DayFigure | None:
    return _weighted(day, medium_day.agent_seconds, STAFFING_NOISE**-2)


def _mix(day: date, medium_day: MediumDay, reference: Reference) -> DayFigure | None:
    return _weighted(day, mix_time(medium_day, reference), MIX_NOISE**-2)


def _weighted(day: date, mean: float | None, weight: float) -> DayFigure | None:
    """Return a mean on a scale of logarithms, on which chance alone gives it the variance 1 / ``weight``."""
    return DayFigure(day, mean * weight, weight) if mean is not None and weight > 0 else None


_KINDS: Mapping[Factor, Kind] = {
    Factor.VOLUME: Kind.COUNT,
    Factor.HANDLE: Kind.HANDLE,
    Factor.STAFFING: Kind.HANDLE,
    Factor.MIX: Kind.HANDLE,
}
_FIGURES: Mapping[Factor, Callable[[date, MediumDay, Reference], DayFigure | None]] = {
    Factor.VOLUME: _offered,
    Factor.HANDLE: _handle_time,
    Factor.STAFFING: _staffing,
    Factor.MIX: _mix,
}
