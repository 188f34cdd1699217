"""All that a page, a workbook or a message says, as data: no wording, no layout, no rounding.

`build` makes it from a group, a run and its rows. Renderers choose words and form and reckon nothing.
Ratios are fractions, durations are in the unit of their name, instants are aware and in the group's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

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
    """One queue on the day, all its media together; lines come worst service level first, no data last."""

    name: str
    counts: Counts
    service_level: Reading
    abandonment: Ratio | None
    occupancy: Ratio | None = None
    change: Change | None = None


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
class Completeness:
    """Whether the figures are whole, and where they come from."""

    gaps: tuple[Gap, ...]
    notes: tuple[SourceNote, ...]

    @property
    def whole(self) -> bool:
        """No gap that bears on the figures as such (an unlicensed metric is no hole in the others)."""
        return not any(gap.kind in ("partial", "late_data") for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Briefing:
    """Content for one group and reporting day."""

    run_id: str
    group_key: str
    group_title: str
    reporting_day: date
    revision: int
    window: Window
    zone: str
    generated_at: datetime
    service_level_seconds: int | None
    tiles: tuple[Tile, ...]
    counts: Counts
    insights: tuple[Insight, ...]
    half_hours: tuple[HalfHour, ...]
    queues: tuple[QueueLine, ...]
    agents: tuple[AgentLine, ...]
    completeness: Completeness
    lowest_of_days: Mapping[Metric, int] = field(default_factory=dict)

    @property
    def has_interactions(self) -> bool:
        """False on a day on which nothing at all was offered: then no figures are shown, only that fact."""
        return bool(self.counts.offered)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is sent instead of a briefing. ``holiday``: no business day; ``no_interactions``: an empty source."""

    run_id: str
    group_key: str
    group_title: str
    reporting_day: date
    revision: int
    window: Window
    zone: str
    generated_at: datetime
    kind: Literal["holiday", "no_interactions"]
    holiday_name: str | None = None
    last_business_day: date | None = None
