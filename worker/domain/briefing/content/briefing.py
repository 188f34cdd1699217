"""A briefing as a whole, and the notice that is sent instead of one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

from worker.domain.briefing.content.completeness import Completeness
from worker.domain.briefing.content.figures import AgentLine, Counts, HalfHour, MediumLine, QueueLine, Tile
from worker.domain.briefing.content.points import FollowUp, Insight, OpenPoints
from worker.domain.briefing.content.revisions import Correction
from worker.domain.briefing.usual_content import SilentTime, UnusualQueue, Usual
from worker.domain.groups import Language
from worker.domain.metrics import Metric, Reading
from worker.domain.rows import Window
from worker.domain.today.forecasts import ForecastOfMedium
from worker.domain.today.outlook import Outlook
from worker.domain.why.content import NotExplained, Why


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

    ``previous_counts``: the counts of the previous business day, None if it is not known, or if it or this day is thin.
    ``offered_trend``: contacts of the last business days, oldest first and the reporting day last, in the same medium.
    ``usual_offered``, ``usual_handle_time``, ``usual_speed_of_answer``: what is usual for these, in the medium with the
    most contacts. ``unusual_queues``: what is unusual of single queues. ``silent_time``: hours without
    a contact in any medium of the group, where many usually come.
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
    previous_counts: Counts | None = None
    correction: Correction | None = None
    media: tuple[MediumLine, ...] = ()
    usual_offered: Usual | None = None
    offered_trend: tuple[int | None, ...] = ()
    usual_handle_time: Usual | None = None
    usual_speed_of_answer: Usual | None = None
    unusual_queues: tuple[UnusualQueue, ...] = ()
    silent_time: SilentTime | None = None
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
    """What is sent instead of a briefing. ``holiday``: not a business day. ``no_interactions``: no contact at all.

    ``today``: what the stand-up's own day brings, as in a briefing. ``open_points``: what the last briefing talked
    about, None if that is not known.
    """

    kind: Literal["holiday", "no_interactions"]
    holiday_name: str | None = None
    last_business_day: date | None = None
    today: Outlook | None = None
    open_points: OpenPoints | None = None
