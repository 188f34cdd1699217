"""Hold each factor of the service level against its own usual range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from worker.domain.staffing.causes import FactorOfDay, factor_range, is_clearly_outside, is_outside
from worker.domain.staffing.explanation import Explanation, Factor
from worker.domain.why.content import ExplainedFactor
from worker.domain.why.reference import MediumDay, QueueDay, Reference


def explained_factors(
    explanation: Explanation, reference: Reference, today: MediumDay, weekdays: Sequence[int]
) -> tuple[ExplainedFactor, ...]:
    """Return each factor with its part of the change, and its figures.

    ``weekdays``: those of the reference days, and that of today behind them.
    """
    days = (*reference.days, today)
    handled = sum(queue.handled for queue in today.queues.values())
    usual_time = _mean_time((queue.counted, queue.handle_time) for queue in reference.queues.values())
    averages = {
        Factor.VOLUME: fmean(day.offered for day in reference.days),
        Factor.HANDLE: usual_time,
        Factor.STAFFING: fmean(reference.agent_seconds) if reference.agent_seconds else None,
        Factor.MIX: usual_time,
    }
    history: Mapping[Factor, Sequence[float | None]] = {
        Factor.VOLUME: [day.offered for day in days],
        Factor.HANDLE: [handle_time(day, reference) for day in days],
        Factor.STAFFING: [day.agent_seconds for day in days],
        Factor.MIX: [mix_time(day, reference) for day in days],
    }
    return tuple(
        _factor(
            factor,
            explanation.parts.get(factor),
            averages[factor],
            list(zip(weekdays, history[factor], strict=True)),
            handled,
        )
        for factor in Factor
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


def _factor(
    factor: Factor,
    part: float | None,
    average: float | None,
    figures: Sequence[tuple[int, float | None]],
    handled: float,
) -> ExplainedFactor:
    *past_days, (weekday, today) = figures
    history = [FactorOfDay(day, figure) for day, figure in past_days if figure is not None]
    known_days = [day.figure for day in history]
    if part is None or today is None or average is None:
        return ExplainedFactor(factor, part)
    return ExplainedFactor(
        factor=factor,
        part=part,
        today=today,
        average=average,
        usual=factor_range(factor, known_days, handled),
        is_outside=is_outside(factor, known_days, today, handled),
        is_clearly_outside=is_clearly_outside(factor, history, FactorOfDay(weekday, today), handled),
    )
