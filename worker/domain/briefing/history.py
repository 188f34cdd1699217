"""What is remembered of a day, and which remembered days a new one is held against.

A day is kept as sums, so that several days can be rolled up like the queues of one day: never by averaging ratios.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from worker.domain.briefing.content import Counts
from worker.domain.briefing.counts import by_queue, counts
from worker.domain.metrics import Metric, Ratio, ratio, service_level
from worker.domain.rows import Rows

TREND_DAYS = 10
"""How many business days a trend spans, the reporting day included."""

WEEKS_BACK = 4
"""How many weeks back the same weekday is looked up."""

KEPT_DAYS = 90
"""How long a day is remembered: ten business days lie within it even where a group works one day a week."""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One past day of a group. ``queues`` are service levels by queue id; what has no data is absent."""

    counts: Counts
    ratios: Mapping[Metric, Ratio] = field(default_factory=dict)
    queues: Mapping[str, Ratio] = field(default_factory=dict)


History = Mapping[date, DayFigures]
"""The known days of a group."""


def figures_of(rows: Rows) -> DayFigures:
    """What to remember of a day, made from its rows."""
    ratios = {metric: ratio(metric, rows) for metric in Metric}
    queues = {queue_id: service_level(intervals) for queue_id, intervals in by_queue(rows.intervals).items()}
    return DayFigures(
        counts(rows.intervals),
        {metric: of for metric, of in ratios.items() if of},
        {queue_id: of for queue_id, of in queues.items() if of},
    )


@dataclass(frozen=True, slots=True)
class References:
    """The days that a reporting day is held against, each tuple oldest first; they need not be known.

    ``previous`` is the business day before, ``same_weekday`` that weekday of the last four weeks where it was a
    business day, ``earlier`` the business days of the trend before the reporting day.
    """

    previous: date | None
    same_weekday: tuple[date, ...]
    earlier: tuple[date, ...]


def references(reporting_day: date, business_days: Collection[date]) -> References:
    """Choose among the group's business days (in any order, later ones are ignored)."""
    before = sorted({day for day in business_days if day < reporting_day})
    weeks = [reporting_day - timedelta(weeks=back) for back in range(WEEKS_BACK, 0, -1)]
    return References(
        previous=before[-1] if before else None,
        same_weekday=tuple(day for day in weeks if day in before),
        earlier=tuple(before[-(TREND_DAYS - 1) :]),
    )
