"""What is remembered of a day, and which remembered days a new one is compared with.

A day is stored as sums, so that several days can be added up like the queues of one day. Ratios are never averaged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from worker.domain.briefing.content import Counts
from worker.domain.briefing.counts import by_queue, counts
from worker.domain.metrics import Metric, Ratio, ratio_of, service_level
from worker.domain.rows import Rows

TREND_DAYS = 10
"""How many business days a trend spans, the reporting day included."""

WEEKS_BACK = 4
"""How many weeks back the same weekday is compared."""

KEPT_DAYS = 90
"""How long a day is remembered. Even a group that works one day a week has ten business days in this time."""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One past day of a group. ``queues`` holds service levels by queue id. Ratios without data are absent."""

    counts: Counts
    ratios: Mapping[Metric, Ratio] = field(default_factory=dict)
    queues: Mapping[str, Ratio] = field(default_factory=dict)


History = Mapping[date, DayFigures]
"""The known days of a group."""


def figures_of(rows: Rows) -> DayFigures:
    """Return what to remember of a day."""
    ratios = {metric: ratio_of(metric, rows) for metric in Metric}
    queues = {queue_id: service_level(intervals) for queue_id, intervals in by_queue(rows.intervals).items()}
    return DayFigures(
        counts(rows.intervals),
        {metric: ratio for metric, ratio in ratios.items() if ratio is not None},
        {queue_id: level for queue_id, level in queues.items() if level is not None},
    )


@dataclass(frozen=True, slots=True)
class ReferenceDays:
    """The days that a reporting day is compared with, each tuple oldest first. Their figures need not be known.

    ``previous``: the business day before. ``same_weekday``: the same weekday of the last four weeks, where it was a
    business day. ``earlier``: the business days of the trend, without the reporting day.
    """

    previous: date | None
    same_weekday: tuple[date, ...]
    earlier: tuple[date, ...]


def reference_days(reporting_day: date, business_days: Collection[date]) -> ReferenceDays:
    """Choose among the group's business days, given in any order. Later ones are ignored."""
    earlier = sorted({day for day in business_days if day < reporting_day})
    weekdays = [reporting_day - timedelta(weeks=weeks) for weeks in range(WEEKS_BACK, 0, -1)]
    return ReferenceDays(
        previous=earlier[-1] if earlier else None,
        same_weekday=tuple(day for day in weekdays if day in earlier),
        earlier=tuple(earlier[-(TREND_DAYS - 1) :]),
    )
