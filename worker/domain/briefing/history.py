"""What is remembered of a day, and which remembered days a new one is compared with.

A day is stored as sums, so that several days can be added up like the queues of one day. Ratios are never averaged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from worker.domain.briefing.content import Completeness, Counts
from worker.domain.briefing.counts import by_queue, counts
from worker.domain.briefing.media import media_of, of_medium
from worker.domain.briefing.sums import HalfHourContacts, QueueSums, contacts_by_half_hour, sums_by_queue
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.metrics import OF_CONTACTS, Metric, Ratio, abandonment, ratio_of, service_level
from worker.domain.rows import QueueInterval, Rows

TREND_DAYS = 10
"""How many business days a trend spans, the reporting day included."""

WEEKS_BACK = 4
"""How many weeks back the same weekday is compared."""

USUAL_DAYS = 26
"""How many business days of one kind say what is usual."""

PAST_WEEKS = 6
"""How many weeks are fetched for a new group: with five business days a week they hold `USUAL_DAYS`."""

KEPT_DAYS = 90
"""How long a day is remembered. Even a group that works one day a week has ten business days in this time."""


@dataclass(frozen=True, slots=True)
class MediumFigures:
    """One medium of a past day. ``queues`` holds service levels by queue id, ``sums`` further sums.

    ``half_hours`` holds contacts by local start, nothing if an older version stored the day or if they are not known.
    """

    counts: Counts
    service_level: Ratio | None = None
    abandonment: Ratio | None = None
    queues: Mapping[str, Ratio] = field(default_factory=dict)
    sums: Mapping[str, QueueSums] = field(default_factory=dict)
    half_hours: Mapping[str, HalfHourContacts] = field(default_factory=dict)

    def ratio(self, metric: Metric) -> Ratio | None:
        """Return a ratio that media have: service level or abandonment."""
        return {Metric.SERVICE_LEVEL: self.service_level, Metric.ABANDONMENT: self.abandonment}.get(metric)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One past day of a group. ``queues`` holds service levels by queue id. Ratios without data are absent.

    ``medium``: the only medium of the day, "" if there were several or if an older version stored the day. ``media``:
    the figures of each medium, if there were several. ``ratios`` then has no figures of contacts, and ``queues``,
    ``sums`` and ``half_hours``, which are those of `MediumFigures`, are empty. ``whole``: whether the source gave the
    whole day. ``points``: the talking points of the day's briefing, None if they are not known.
    """

    counts: Counts
    ratios: Mapping[Metric, Ratio] = field(default_factory=dict)
    queues: Mapping[str, Ratio] = field(default_factory=dict)
    medium: str = ""
    media: Mapping[str, MediumFigures] = field(default_factory=dict)
    whole: bool = True
    sums: Mapping[str, QueueSums] = field(default_factory=dict)
    half_hours: Mapping[str, HalfHourContacts] = field(default_factory=dict)
    points: tuple[TalkingPoint, ...] | None = None

    def of_medium(self, medium: str, *, is_only_medium: bool = False) -> MediumFigures | None:
        """Return the figures of one medium, None if they are not known.

        A day of an older version does not say which media it is of. It counts if the group has only this medium.
        """
        if self.media:
            return self.media.get(medium)
        if self.medium == medium or (not self.medium and is_only_medium):
            levels = (self.ratios.get(Metric.SERVICE_LEVEL), self.ratios.get(Metric.ABANDONMENT))
            return MediumFigures(self.counts, *levels, self.queues, self.sums, self.half_hours)
        return None


History = Mapping[date, DayFigures]
"""The known days of a group."""


def figures_of(rows: Rows, zone: ZoneInfo | None = None) -> DayFigures:
    """Return what to remember of a day. ``zone``: that of the half-hours, None if the rows are of whole days."""
    media, whole = media_of(rows.intervals), Completeness(rows.gaps, ()).whole
    ratios = {metric: ratio_of(metric, rows) for metric in Metric}
    if len(media) > 1:
        return DayFigures(
            counts(rows.intervals),
            {metric: ratio for metric, ratio in ratios.items() if ratio is not None and metric not in OF_CONTACTS},
            media={medium: _medium_figures(of_medium(rows.intervals, medium), zone) for medium in media},
            whole=whole,
        )
    return DayFigures(
        counts(rows.intervals),
        {metric: ratio for metric, ratio in ratios.items() if ratio is not None},
        _queue_levels(rows.intervals),
        medium=media[0] if media else "",
        whole=whole,
        sums=sums_by_queue(rows.intervals),
        half_hours=contacts_by_half_hour(rows.intervals, zone) if zone else {},
    )


def _medium_figures(intervals: tuple[QueueInterval, ...], zone: ZoneInfo | None) -> MediumFigures:
    return MediumFigures(
        counts(intervals),
        service_level(intervals),
        abandonment(intervals),
        _queue_levels(intervals),
        sums_by_queue(intervals),
        contacts_by_half_hour(intervals, zone) if zone else {},
    )


def _queue_levels(intervals: tuple[QueueInterval, ...]) -> dict[str, Ratio]:
    levels = {queue_id: service_level(rows) for queue_id, rows in by_queue(intervals).items()}
    return {queue_id: level for queue_id, level in levels.items() if level is not None}


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
