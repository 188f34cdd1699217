"""All that a page, a workbook or a message says, as data: no wording, no layout, no rounding.

`compose.build` makes it from a group, a run and its rows. Renderers choose words and form and calculate nothing.
Ratios are fractions. Durations are in the unit of their name. Instants are aware and in the group's zone.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal

from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.briefing.usual_content import Usual
from worker.domain.groups import Language
from worker.domain.metrics import Metric, Ratio, Reading, Status
from worker.domain.rows import Gap, SourceNote, Window
from worker.domain.today.forecasts import ForecastOfMedium
from worker.domain.today.outlook import Outlook
from worker.domain.why.content import NotExplained, Why


@dataclass(frozen=True, slots=True)
class Change:
    """A reading compared with other days: ``days`` are those days, ``points`` is now minus then, as a fraction."""

    kind: Literal["previous", "weekday_average"]
    days: tuple[date, ...]
    points: float


@dataclass(frozen=True, slots=True)
class Record:
    """A reading that is the lowest (abandonment: the highest) of ``days`` known business days, from the first on."""

    days: int
    first_day: date


@dataclass(frozen=True, slots=True)
class MediumReading:
    """A metric of one medium."""

    medium: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Tile:
    """One metric of the day, with its last ten business days (oldest first, None for a day that is not known).

    ``medium`` is set on a day with several media: the figure, its changes and its trend are then of this medium, the
    one with the most contacts. ``other_media`` are the readings of the other media, which must be shown beside it.
    It is "all" where the group has several media and the source does not tell them apart.

    ``is_too_thin_to_compare``: an earlier day is known, and it or the reporting day has too few contacts.
    ``is_not_known_earlier``: an earlier day is known, but not this figure of it.
    ``thin_days``: for each day of the trend whether it has too few contacts to be judged. ``usual`` is the usual range
    of the figure, None if nothing is said of it.
    """

    reading: Reading
    changes: tuple[Change, ...] = ()
    trend: tuple[float | None, ...] = ()
    medium: str | None = None
    other_media: tuple[MediumReading, ...] = ()
    is_too_thin_to_compare: bool = False
    is_not_known_earlier: bool = False
    thin_days: tuple[bool, ...] = ()
    usual: Usual | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The sums of a day or a half-hour over the group's queues. None where the source does not say.

    Average times are also None over several media, which are never averaged together: see `Briefing.media`.
    """

    offered: int | None
    answered: int | None
    abandoned: int | None
    late: int | None
    average_handle_ms: float | None
    average_answer_ms: float | None


_UNKNOWN = ("unavailable", "percent_only", "doubtful")
"""Kinds of gaps by which a figure is not, or not certainly, known."""

_METRICS_OF_COUNTS = frozenset({Metric.SERVICE_LEVEL.value, Metric.ABANDONMENT.value})

NO_COUNTS = Counts(None, None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One bar of the charts. ``service_level`` is None where nothing was offered.

    ``is_thin``: it has so few contacts that its percentage says little, so it is never called the worst or the best.
    """

    start: datetime
    counts: Counts
    service_level: Ratio | None
    is_thin: bool = False


@dataclass(frozen=True, slots=True)
class MediumLine:
    """One medium on a day that has several. Lines come with the most contacts first.

    ``service_level_seconds``: within how many seconds an answer is in time, where all its queues agree.
    """

    medium: str
    counts: Counts
    service_level: Tile
    abandonment: Tile
    half_hours: tuple[HalfHour, ...] = ()
    service_level_seconds: int | None = None
    previous_counts: Counts | None = None


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One queue on the day. Lines come with the most contacts not answered in time first: those that miss their
    target, then the others, then thin ones, then those without data.

    ``is_thin``: it has so few contacts that its percentage says little.

    ``medium`` is set on a day with several media. A queue then has a line for each medium in which it had contacts.

    ``occupancy`` is known only where the source states it per queue. ``trend`` holds the service levels of the last
    ten business days, oldest first, None for a day that is not known.
    """

    name: str
    counts: Counts
    service_level: Reading
    abandonment: Ratio | None
    occupancy: Ratio | None = None
    change: Change | None = None
    trend: tuple[float | None, ...] = ()
    medium: str | None = None
    is_thin: bool = False


@dataclass(frozen=True, slots=True)
class AgentLine:
    """One agent on the day. Lines come with the worst adherence first, no data last."""

    name: str
    queues: tuple[str, ...]
    adherence: Reading
    occupancy: Ratio | None
    off_schedule_seconds: int | None
    late_logins: int | None


@dataclass(frozen=True, slots=True)
class Insight:
    """Something to talk about. ``kind`` chooses the sentence and ``figures`` fill it: see `insights`."""

    kind: str
    status: Status
    figures: Mapping[str, object] = field(default_factory=dict)


class Outcome(enum.StrEnum):
    """What became of a talking point. ``better`` needs evidence: a figure back inside its usual range."""

    AGAIN = "again"
    BETTER = "better"
    GONE = "gone"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class PointOutcome:
    """A talking point of the previous business day, and the same figure on this one, None if it is not known.

    ``name`` is the queue's, "" for other points.
    """

    point: TalkingPoint
    outcome: Outcome
    value: float | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What became of the talking points of ``day``, the previous business day."""

    day: date
    points: tuple[PointOutcome, ...]


@dataclass(frozen=True, slots=True)
class RevisedFigure:
    """A figure that an earlier revision stated otherwise. A value is None where that revision has no data.

    ``metric``: ``name`` is a `Metric` and the values are fractions. ``count``: ``name`` is a field of `Counts` and the
    values have its unit. ``queue``: ``name`` is the queue's and the values are its service level as a fraction.
    ``medium``: the medium of the figure, where the day has several.
    """

    kind: Literal["metric", "count", "queue"]
    name: str
    earlier: float | None
    now: float | None
    medium: str | None = None


@dataclass(frozen=True, slots=True)
class TargetCount:
    """How many targets were missed, of so many that could be judged."""

    missed: int
    total: int


@dataclass(frozen=True, slots=True)
class ChangedParts:
    """What an earlier revision stated otherwise, apart from totals: the starts of half-hours, and how many others.

    ``gaps``: whether something else is missing now.
    """

    half_hours: tuple[datetime, ...] = ()
    queues: int = 0
    agents: int = 0
    gaps: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What differs from an earlier revision of the same day. No total differs if ``changes`` is empty.

    ``parts``: what differs in half-hours, queues and agents. None if the rows of that revision are no longer stored.
    ``targets``: the targets that were missed then and now, None if they are the same or not known.
    """

    revision: int
    changes: tuple[RevisedFigure, ...]
    targets: tuple[TargetCount, TargetCount] | None = None
    parts: ChangedParts | None = None

    @property
    def changes_nothing(self) -> bool:
        """Return whether the earlier revision is known to have stated the same."""
        return not self.changes and not self.targets and self.parts == ChangedParts()


@dataclass(frozen=True, slots=True)
class PartWithoutFigure:
    """A part of a group that lacks a figure: a queue, so many of its half-hours with contacts, or so many agents.

    ``queue`` is "" for agents. ``medium`` is set where the figure is a sum over several media.
    """

    queue: str
    blank_count: int
    total: int
    medium: str | None = None


@dataclass(frozen=True, slots=True)
class IncompleteFigure:
    """A figure that is not known, because the rows state it for some parts of the group and not for others.

    ``name`` is a `Metric` or a field of `Counts`. ``medium`` is set where the figure is one of several media.
    """

    name: str
    parts: tuple[PartWithoutFigure, ...]
    medium: str | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether the figures are complete, and where they come from.

    ``gaps``: what the source says that it lacks. ``incomplete_figures``: what its rows lack without a word.
    ``media_without_contacts``: those of the group in which no contact came, on a day with contacts in others.
    """

    gaps: tuple[Gap, ...]
    notes: tuple[SourceNote, ...]
    incomplete_figures: tuple[IncompleteFigure, ...] = ()
    media_without_contacts: tuple[str, ...] = ()

    @property
    def holes(self) -> tuple[Gap, ...]:
        """Return the gaps that affect all figures. A metric without a licence does not affect the others."""
        return tuple(gap for gap in self.gaps if gap.kind in ("partial", "late_data"))

    @property
    def lacks_contacts(self) -> bool:
        """Return whether a gap says that counts of contacts are in the source and could not be read."""
        return any(gap.kind in ("partial", "unavailable") and gap.metric in _METRICS_OF_COUNTS for gap in self.gaps)

    @property
    def whole(self) -> bool:
        """Return whether no gap affects all figures."""
        return not self.holes

    @property
    def is_all_known(self) -> bool:
        """Return whether nothing is missing."""
        return not self.gaps and not self.incomplete_figures

    @property
    def lacks_figures(self) -> bool:
        """Return whether a figure is not known although the group has contacts or agents that it is of."""
        return bool(self.incomplete_figures) or any(gap.kind in _UNKNOWN for gap in self.gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a briefing or a notice is about: run, group and day, and its language."""

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
        """Return only these fields, for another message about the same run."""
        return {field.name: getattr(self, field.name) for field in fields(Subject)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing(Subject):
    """The content for one group and reporting day.

    ``lowest_of_days``: for a metric that is the worst of the last business days (for abandonment the highest), over
    which days it is. None of these days is unknown or thin.
    ``previous_counts``: the counts of the previous business day, None if it is not known, or if it or this day is thin.
    ``usual_offered``: what is usual for the contacts offered, in the medium with the most contacts.
    ``media``: a line for each medium of a day that has several, most contacts first, otherwise empty. The tiles of
    service level and abandonment and ``half_hours`` are then those of the first. ``counts`` are those of all media.
    ``correction``: what differs from the newest earlier revision whose figures are stored, None if there is none.
    ``contacts_of_before``: how many contacts at least came before midnight and were answered or abandoned after it, 0
    where they are too few to change a figure.
    ``today``: what the stand-up's own day brings, None if the group's source knows no plan.
    ``follow_up``: what became of the talking points of the previous business day, None if they are not known.
    ``forecast_scores``: how good the forecast of the reporting day was, by medium, where there was one.
    ``explanation``: why the service level lies below its usual range, or why that is not explained, if it does.
    """

    service_level_seconds: int | None
    tiles: tuple[Tile, ...]
    counts: Counts
    insights: tuple[Insight, ...]
    half_hours: tuple[HalfHour, ...]
    queues: tuple[QueueLine, ...]
    agents: tuple[AgentLine, ...]
    completeness: Completeness
    lowest_of_days: Mapping[Metric, Record] = field(default_factory=dict)
    previous_counts: Counts | None = None
    correction: Correction | None = None
    media: tuple[MediumLine, ...] = ()
    usual_offered: Usual | None = None
    contacts_of_before: int = 0
    today: Outlook | None = None
    forecast_scores: tuple[ForecastOfMedium, ...] = ()
    follow_up: FollowUp | None = None
    explanation: Why | NotExplained | None = None

    def tile(self, metric: Metric) -> Tile:
        """Return the tile of a metric. `compose.build` makes one for each."""
        return next(tile for tile in self.tiles if tile.reading.metric is metric)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Return all readings that the verdict of the day counts: those of the tiles and of the other media."""
        return tuple(
            reading
            for tile in self.tiles
            for reading in (tile.reading, *(medium.reading for medium in tile.other_media))
        )

    @property
    def medium(self) -> str | None:
        """Return the medium with the most contacts on a day that has several."""
        return self.media[0].medium if self.media else None

    @property
    def has_interactions(self) -> bool:
        """Return False for a day without any contact, which gets a notice instead of figures.

        A source of percentages without counts has interactions if it states a percentage for any queue. A queue with
        only outbound contacts has interactions, although nothing was offered. Counts that a gap makes unknown may be
        those of a busy day.
        """
        counts = self.counts
        contacts = (counts.offered, counts.answered, counts.abandoned)
        if any((*contacts, counts.average_handle_ms)):
            return True
        if None in contacts and self.completeness.lacks_contacts:
            return True
        if any(contact is not None for contact in contacts):
            return False
        return any(line.service_level.ratio or line.abandonment or line.occupancy for line in self.queues)


def of_medium(day: Briefing) -> dict[str, object]:
    """Return the figure of an insight that names its medium, nothing if the day has only one."""
    return {"medium": day.medium} if day.medium else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Subject):
    """What is sent instead of a briefing. ``holiday``: not a business day. ``no_interactions``: no contact at all."""

    kind: Literal["holiday", "no_interactions"]
    holiday_name: str | None = None
    last_business_day: date | None = None
