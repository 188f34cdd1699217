"""All that a page, a workbook or a message says, as data: no wording, no layout, no rounding.

`compose.build` makes it from a group, a run and its rows. Renderers choose words and form and reckon nothing.
Ratios are fractions, durations are in the unit of their name, instants are aware and in the group's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal

from worker.domain.groups import Language
from worker.domain.metrics import Metric, Ratio, Reading, Status
from worker.domain.rows import Gap, SourceNote, Window


@dataclass(frozen=True, slots=True)
class Change:
    """A reading against another day: ``label`` names the reference day or days, ``points`` is now − then."""

    kind: Literal["previous", "weekday_average"]
    days: tuple[date, ...]
    points: float


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the four metrics, with its last ten business days (oldest first, None where nothing is known)."""

    reading: Reading
    changes: tuple[Change, ...] = ()
    trend: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """A day's or a half-hour's sums over the group's queues; None where the source does not say."""

    offered: int | None
    answered: int | None
    abandoned: int | None
    late: int | None
    average_handle_ms: float | None
    average_answer_ms: float | None


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One bar of the charts; ``service_level`` is None where nothing was offered."""

    start: datetime
    counts: Counts
    service_level: Ratio | None


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One queue on the day, all its media together; lines come worst service level first, no data last.

    ``occupancy`` is there only where the source states it per queue. ``trend`` are the service levels of the last ten
    business days, oldest first, None where nothing is known.
    """

    name: str
    counts: Counts
    service_level: Reading
    abandonment: Ratio | None
    occupancy: Ratio | None = None
    change: Change | None = None
    trend: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentLine:
    """One agent on the day; lines come worst adherence first, no data last."""

    name: str
    queues: tuple[str, ...]
    adherence: Reading
    occupancy: Ratio | None
    off_schedule_seconds: int | None
    late_logins: int | None


@dataclass(frozen=True, slots=True)
class Insight:
    """Something to talk about. ``kind`` chooses the sentence, ``figures`` fill it; see `insights`."""

    kind: str
    status: Status
    figures: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revised:
    """A figure that an earlier revision stated otherwise; None where it had, or has, no data.

    ``metric``: ``name`` is a `Metric`, the values fractions · ``count``: a field of `Counts` and its unit · ``queue``:
    the queue's name, its service level as a fraction
    """

    kind: Literal["metric", "count", "queue"]
    name: str
    before: float | None
    now: float | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What differs from an earlier revision of the same day; nothing, where ``changes`` is empty."""

    revision: int
    changes: tuple[Revised, ...]


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether the figures are whole, and where they come from."""

    gaps: tuple[Gap, ...]
    notes: tuple[SourceNote, ...]

    @property
    def holes(self) -> tuple[Gap, ...]:
        """The gaps that bear on the figures as such (an unlicensed metric is no hole in the others)."""
        return tuple(gap for gap in self.gaps if gap.kind in ("partial", "late_data"))

    @property
    def whole(self) -> bool:
        """Whether there is no such gap."""
        return not self.holes


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a message is about, be it a briefing or a notice: which run, group and day, and in which language."""

    run_id: str
    group_key: str
    group_title: str
    reporting_day: date
    revision: int
    window: Window
    zone: str
    generated_at: datetime
    language: Language = "en"

    @property
    def subject(self) -> dict[str, Any]:
        """These fields alone, for another message about the same."""
        return {each.name: getattr(self, each.name) for each in fields(Subject)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing(Subject):
    """Content for one group and reporting day.

    ``lowest_of_days``: the metrics whose day is the worst (for abandonment: the highest) of so many known ones.
    ``previous_counts``: those of the previous business day, None where it is not known.
    ``correction``: against the newest earlier revision whose figures are kept, None where there is none.
    """

    service_level_seconds: int | None
    tiles: tuple[Tile, ...]
    counts: Counts
    insights: tuple[Insight, ...]
    half_hours: tuple[HalfHour, ...]
    queues: tuple[QueueLine, ...]
    agents: tuple[AgentLine, ...]
    completeness: Completeness
    lowest_of_days: Mapping[Metric, int] = field(default_factory=dict)
    previous_counts: Counts | None = None
    correction: Correction | None = None

    def tile(self, metric: Metric) -> Tile:
        """The tile of a metric; `compose.build` makes one for each."""
        return next(tile for tile in self.tiles if tile.reading.metric is metric)

    @property
    def has_interactions(self) -> bool:
        """False on a day without any contact: then no figures are shown, only that fact.

        A source that gives percentages without counts has interactions where it states any queue's percentage, and a
        queue with outbound contacts alone has them though nothing was offered.
        """
        counts = self.counts
        contacts = (counts.offered, counts.answered, counts.abandoned, counts.average_handle_ms)
        if any(contact is not None for contact in contacts):
            return any(contacts)
        return any(line.service_level.ratio or line.abandonment or line.occupancy for line in self.queues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Subject):
    """What is sent instead of a briefing. ``holiday``: no business day; ``no_interactions``: an empty source."""

    kind: Literal["holiday", "no_interactions"]
    holiday_name: str | None = None
    last_business_day: date | None = None
