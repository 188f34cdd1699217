"""A day held against earlier ones: how a ratio moved, its last business days, the usual number of contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal

from worker.domain.briefing.content import Change
from worker.domain.briefing.history import DayFigures, History, References
from worker.domain.metrics import Metric, Ratio, sum_of

Pick = Callable[[DayFigures], Ratio | None]
"""Which ratio of a remembered day is meant."""


def of_metric(metric: Metric) -> Pick:
    """The group's ratio of a metric."""
    return lambda day: day.ratios.get(metric)


def of_queue(queue_id: str) -> Pick:
    """A queue's service level."""
    return lambda day: day.queues.get(queue_id)


def since_previous(pick: Pick, today: Ratio | None, against: References, history: History) -> Change | None:
    """Against the previous business day; None where either side is unknown."""
    known = dict(_known(pick, [against.previous] if against.previous else [], history))
    return _change("previous", tuple(known), next(iter(known.values()), None), today)


def since_weekdays(pick: Pick, today: Ratio | None, against: References, history: History) -> Change | None:
    """Against the same weekday of the last weeks, as one ratio of their sums; ``days`` are those that went into it."""
    known = dict(_known(pick, against.same_weekday, history))
    summed = {day: of for day, of in known.items() if of.denominator is not None}
    return _change("weekday_average", tuple(summed), sum_of(summed.values()), today)


def trend(pick: Pick, today: Ratio | None, against: References, history: History) -> tuple[float | None, ...]:
    """The last business days, oldest first and the reporting day last, None where nothing is known."""
    known = dict(_known(pick, against.earlier, history))
    ratios = (*(known.get(day) for day in against.earlier), today)
    return tuple(of.value if of else None for of in ratios)


def usual_offered(against: References, history: History) -> float | None:
    """How many contacts the same weekday of the last weeks had on average, over the weeks that are known."""
    known = [history[day].counts.offered for day in against.same_weekday if day in history]
    offered = [count for count in known if count is not None]
    return sum(offered) / len(offered) if offered else None


def _known(pick: Pick, days: Iterable[date], history: History) -> Iterable[tuple[date, Ratio]]:
    for day in days:
        of = pick(history[day]) if day in history else None
        if of:
            yield day, of


def _change(
    kind: Literal["previous", "weekday_average"], days: tuple[date, ...], then: Ratio | None, now: Ratio | None
) -> Change | None:
    return Change(kind, days, now.value - then.value) if then and now else None
