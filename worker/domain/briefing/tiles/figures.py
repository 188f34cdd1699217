"""Build the tiles of a day and, where the day has several media, the line of each medium."""

from __future__ import annotations

from dataclasses import replace

from worker.domain.briefing import comparison
from worker.domain.briefing.content import MediumLine, MediumReading, Tile
from worker.domain.briefing.counts import counts, is_thin
from worker.domain.briefing.history import History
from worker.domain.briefing.judging import group_target, judge_against
from worker.domain.briefing.media import ALL_MEDIA, is_active
from worker.domain.briefing.tiles.day_source import DaySource
from worker.domain.briefing.tiles.reasons import reason_for_no_data
from worker.domain.metrics import (
    OF_CONTACTS,
    Metric,
    Status,
    ratio_of,
)
from worker.domain.rows import QueueInterval, Rows


def tiles_of(source: DaySource) -> tuple[Tile, ...]:
    """Return a tile for each metric. With several media, those of contacts are of the medium with the most contacts."""
    leading = next(iter(source.media), None)
    return tuple(_headline(source, metric, leading) for metric in Metric)


def medium_lines(source: DaySource) -> tuple[MediumLine, ...]:
    """Return a line for each medium, none if the day has only one."""
    return tuple(_medium_line(source, medium) for medium in source.media) if len(source.media) > 1 else ()


def _headline(source: DaySource, metric: Metric, leading: str | None) -> Tile:
    tile = _tile(source, metric, leading)
    if metric not in OF_CONTACTS:
        return tile
    if len(source.media) < 2:
        is_blended = leading == ALL_MEDIA and len(source.group.media) > 1
        return replace(tile, medium=ALL_MEDIA) if is_blended else tile
    other_media = tuple(MediumReading(medium, _tile(source, metric, medium).reading) for medium in source.media[1:])
    return replace(tile, medium=leading, other_media=other_media)


def _medium_line(source: DaySource, medium: str) -> MediumLine:
    rows = source.rows_of(medium)
    counts_of_medium = counts(rows.intervals)
    return MediumLine(
        medium=medium,
        counts=counts_of_medium,
        service_level=replace(_tile(source, Metric.SERVICE_LEVEL, medium), medium=medium),
        abandonment=replace(_tile(source, Metric.ABANDONMENT, medium), medium=medium),
        half_hours=source.half_hours(rows),
        service_level_seconds=common_seconds(source, medium),
        previous_counts=source.counts_before(counts_of_medium, medium),
    )


def _tile(source: DaySource, metric: Metric, medium: str | None) -> Tile:
    rows = source.rows_of(medium) if metric in OF_CONTACTS else source.rows
    today = ratio_of(metric, rows)
    pick = comparison.pick_metric(metric, comparison.picker_of(source.group, medium))
    days = (source.references, source.history)
    fewest = _fewest_contacts(source, metric)
    is_today_thin, busy_days = _is_thin(source, metric, rows), _busy_days(source, metric, medium)
    compared = None if is_today_thin else today
    changes = (
        comparison.change_from_previous_day(pick, compared, source.references, busy_days, fewest),
        comparison.change_from_same_weekdays(pick, compared, source.references, busy_days, fewest),
    )
    target = group_target(metric, source.group, rows, medium, _active_queues(rows.intervals))
    reading = judge_against(metric, today, target, reason_for_no_data(metric, rows), fewest)
    return Tile(
        replace(reading, status=Status.THIN) if is_today_thin and reading.is_judged else reading,
        tuple(change for change in changes if change),
        comparison.trend(pick, today, *days),
        is_too_thin_to_compare=not any(changes) and comparison.is_reference_known(pick, *days),
        is_not_known_earlier=comparison.is_reference_without_figure(pick, *days),
        thin_days=(*comparison.thin_days(pick, *days, busy_days, fewest), is_today_thin),
        usual=None if is_today_thin else source.usual.of_ratio(metric, today, pick),
    )


def _is_thin(source: DaySource, metric: Metric, rows: Rows) -> bool:
    """Return whether the day has too few contacts for a metric. Agents keep to a schedule without any contact."""
    fewest = source.group.insights.fewest_contacts
    return metric is not Metric.ADHERENCE and is_thin(counts(rows.intervals), ratio_of(metric, rows), fewest)


def _busy_days(source: DaySource, metric: Metric, medium: str | None) -> History:
    if metric is Metric.ADHERENCE:
        return source.history
    return source.busy_days(medium if metric in OF_CONTACTS else None)


def _fewest_contacts(source: DaySource, metric: Metric) -> int:
    """Return how many contacts a day has at least to be compared. Times of agents are not counted in contacts."""
    return source.group.insights.fewest_contacts if metric in OF_CONTACTS else 0


def _active_queues(intervals: tuple[QueueInterval, ...]) -> set[str]:
    return {interval.queue_id for interval in intervals if is_active(interval)}


def common_seconds(source: DaySource, medium: str) -> int | None:
    """Return within how many seconds an answer is in time, where all queues of a medium agree."""
    queue_ids = _active_queues(source.rows_of(medium).intervals)
    seconds = {
        objective.seconds
        for objective in source.rows.objectives
        if objective.medium == medium and objective.queue_id in queue_ids
    }
    common = seconds.pop() if len(seconds) == 1 else None
    return round(common) if common is not None else source.rows.service_level_seconds
