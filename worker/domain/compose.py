"""From rows to a briefing: the same rows, history and instants give the same briefing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from worker.domain.briefing import comparison as context
from worker.domain.briefing.content import Briefing, Completeness, Tile
from worker.domain.briefing.corrections import Earlier, correction
from worker.domain.briefing.counts import counts
from worker.domain.briefing.half_hours import half_hours
from worker.domain.briefing.history import History, References, figures_of, references
from worker.domain.briefing.lines import agent_lines, queue_lines
from worker.domain.briefing.unjudged import unjudged
from worker.domain.groups import Group, Targets
from worker.domain.insights import talk_about
from worker.domain.metrics import Metric, is_stated, ratio, reading
from worker.domain.rows import Rows, Window
from worker.domain.wording import sentence

FEWEST_DAYS_FOR_A_RECORD = 3
"""A day is called the lowest only of at least so many known ones."""


def build(
    *,
    run_id: str,
    group: Group,
    reporting_day: date,
    revision: int,
    window: Window,
    generated_at: datetime,
    rows: Rows,
    history: History,
    business_days: Collection[date],
    earlier: Earlier | None = None,
) -> Briefing:
    """Say all that is to be said of a group's day.

    ``business_days`` are the group's own, holidays left out, at least the four weeks before the reporting day;
    ``history`` what is known of them. A later day or the reporting day itself in either is ignored. ``earlier`` are
    the figures of the revision before, for a corrected briefing.
    """
    against = references(reporting_day, business_days)
    tiles = tuple(_tile(metric, rows, group.targets, against, history) for metric in Metric)
    previous = history.get(against.previous) if against.previous else None
    day = Briefing(
        run_id=run_id,
        group_key=group.key,
        group_title=group.title,
        reporting_day=reporting_day,
        revision=revision,
        language=group.language,
        window=window,
        zone=group.zone,
        generated_at=generated_at.astimezone(group.tz),
        service_level_seconds=rows.service_level_seconds,
        tiles=tiles,
        counts=counts(rows.intervals),
        insights=(),
        half_hours=half_hours(rows.intervals, window, group.tz),
        queues=queue_lines(group, rows, against, history),
        agents=agent_lines(rows.agents, group.targets, _gap_detail(Metric.ADHERENCE, rows)),
        completeness=Completeness(rows.gaps, rows.notes),
        lowest_of_days=_records(tiles),
        previous_counts=previous.counts if previous else None,
        correction=correction(earlier, figures_of(rows), {of.id: of.name for of in rows.queues}) if earlier else None,
    )
    said = replace(day, insights=talk_about(day, context.usual_offered(against, history), group.insights))
    return said if said.completeness.whole else unjudged(said)


def _tile(metric: Metric, rows: Rows, targets: Targets, against: References, history: History) -> Tile:
    today, pick = ratio(metric, rows), context.of_metric(metric)
    since = (
        context.since_previous(pick, today, against, history),
        context.since_weekdays(pick, today, against, history),
    )
    return Tile(
        reading(metric, today, targets, _why_no_data(metric, rows)),
        tuple(change for change in since if change),
        context.trend(pick, today, against, history),
    )


_NOTHING_TO_MEASURE = {
    Metric.SERVICE_LEVEL: sentence("No contact counts towards it."),
    Metric.ABANDONMENT: sentence("Nothing was offered."),
    Metric.OCCUPANCY: sentence("The times of no agent are known."),
    Metric.ADHERENCE: sentence("No agent had a schedule."),
}


def _why_no_data(metric: Metric, rows: Rows) -> str:
    if detail := _gap_detail(metric, rows):
        return detail
    if is_stated(metric, rows):
        return sentence("The source gives percentages without counts, which do not add up to one for the group.")
    return _NOTHING_TO_MEASURE[metric]


def _gap_detail(metric: Metric, rows: Rows) -> str:
    return next((gap.detail for gap in rows.gaps if gap.metric == metric), "")


def _records(tiles: Sequence[Tile]) -> dict[Metric, int]:
    """The metrics that were never worse in their trend, with the number of known days; a band has no worse side."""
    found: dict[Metric, int] = {}
    for tile in tiles:
        metric, days = tile.reading.metric, [value for value in tile.trend if value is not None]
        if metric is Metric.OCCUPANCY or tile.reading.ratio is None or len(days) < FEWEST_DAYS_FOR_A_RECORD:
            continue
        earlier, today = days[:-1], days[-1]
        if today > max(earlier) if metric is Metric.ABANDONMENT else today < min(earlier):
            found[metric] = len(days)
    return found
