"""Find the figures that a later revision of a day states otherwise than an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from worker.domain.briefing.changed_parts import printed_seconds
from worker.domain.briefing.content import NO_COUNTS, Correction, Counts, RevisedFigure, TargetCount, Tile
from worker.domain.briefing.counts import is_thin
from worker.domain.briefing.history import DayFigures, MediumFigures
from worker.domain.metrics import OF_CONTACTS, Metric, Ratio, Reading, Status
from worker.domain.rounding import FLOAT_ERROR
from worker.domain.rows import Rows
from worker.domain.statuses import status_of


@dataclass(frozen=True, slots=True)
class EarlierRevision:
    """An earlier revision of the same day and its figures. ``rows`` is None if they are no longer stored."""

    revision: int
    figures: DayFigures
    rows: Rows | None = None


def correction(
    earlier: EarlierRevision,
    now: DayFigures,
    queue_names: Mapping[str, str],
    tiles: Iterable[Tile] = (),
    fewest_contacts: int = 0,
) -> Correction:
    """List what differs: the metrics, the day's sums, then the queues' service levels with the largest change first.

    ``tiles``: the metrics of the day, whose targets the earlier figures are judged against too.
    ``fewest_contacts``: of fewer contacts a figure is not judged.
    """
    changes = (
        *_ratio_changes(earlier.figures, now),
        *_counts(earlier.figures.counts, now.counts),
        *sorted(_queue_changes(earlier.figures, now, queue_names), key=_largest_change_first),
    )
    return Correction(earlier.revision, changes, _targets(earlier.figures, now, tiles, fewest_contacts))


def _targets(
    earlier: DayFigures, now: DayFigures, tiles: Iterable[Tile], fewest_contacts: int
) -> tuple[TargetCount | None, TargetCount] | None:
    """Return how many targets were missed then and now, None if that is the same or the media are not."""
    if not now.whole:
        return None
    if earlier.whole and (bool(earlier.media) != bool(now.media) or set(earlier.media) - {*now.media}):
        return None
    readings = [
        reading
        for tile in tiles
        for reading in ((tile.medium, tile.reading), *((medium.medium, medium.reading) for medium in tile.other_media))
        if reading[1].status is not Status.NOT_JUDGED
    ]
    current_count = _target_count(reading.status for _, reading in readings)
    if not earlier.whole:
        return None, current_count
    earlier_count = _target_count(_status_in(earlier, medium, reading, fewest_contacts) for medium, reading in readings)
    return None if earlier_count == current_count else (earlier_count, current_count)


def _status_in(figures: DayFigures, medium: str | None, reading: Reading, fewest_contacts: int) -> Status:
    ratio, sums = figures.ratios.get(reading.metric), figures.counts
    if reading.metric in OF_CONTACTS and figures.media:
        of_medium = figures.media.get(medium or "")
        ratio, sums = (of_medium.ratio(reading.metric), of_medium.counts) if of_medium else (None, NO_COUNTS)
    if ratio is None:
        return Status.NO_DATA
    if reading.metric is not Metric.ADHERENCE and is_thin(sums, ratio, fewest_contacts):
        return Status.THIN
    return status_of(reading.metric, ratio, reading.goal)


def _target_count(statuses: Iterable[Status]) -> TargetCount:
    verdicts = [status for status in statuses if status not in (Status.NO_DATA, Status.THIN)]
    return TargetCount(sum(status.is_off_target for status in verdicts), len(verdicts))


def _ratio_changes(earlier: DayFigures, now: DayFigures) -> Iterator[RevisedFigure]:
    media = _common_media(earlier, now)
    for metric in Metric:
        if media and metric in OF_CONTACTS:
            for medium, (old, new) in media.items():
                yield from _if_changed("metric", metric.value, old.ratio(metric), new.ratio(metric), medium)
        elif not (now.media or earlier.media) or metric not in OF_CONTACTS:
            yield from _if_changed("metric", metric.value, earlier.ratios.get(metric), now.ratios.get(metric))


def _common_media(earlier: DayFigures, now: DayFigures) -> dict[str, tuple[MediumFigures, MediumFigures]]:
    """Return the figures of both revisions by medium, if one of them has several and both say which they have."""
    if not (now.media or earlier.media) or not (now.media or now.medium) or not (earlier.media or earlier.medium):
        return {}
    media = dict.fromkeys((*now.media, *filter(None, (now.medium,)), *earlier.media, *filter(None, (earlier.medium,))))
    no_figures = MediumFigures(NO_COUNTS)
    return {medium: (earlier.of_medium(medium) or no_figures, now.of_medium(medium) or no_figures) for medium in media}


def _counts(earlier: Counts, now: Counts) -> Iterator[RevisedFigure]:
    for name in (field.name for field in fields(Counts)):
        figure = RevisedFigure("count", name, getattr(earlier, name), getattr(now, name))
        if _is_time_changed(figure) if name.endswith("_ms") else _is_changed(figure, FLOAT_ERROR):
            yield figure


def _is_time_changed(figure: RevisedFigure) -> bool:
    """Return whether an average time in milliseconds differs on a page, which shows whole seconds."""
    return printed_seconds(figure.earlier) != printed_seconds(figure.now)


def _queue_changes(earlier: DayFigures, now: DayFigures, names: Mapping[str, str]) -> Iterator[RevisedFigure]:
    for medium, (old, new) in _common_media(earlier, now).items():
        yield from _level_changes(old.queues, new.queues, names, medium)
    if not (now.media or earlier.media):
        yield from _level_changes(earlier.queues, now.queues, names, None)


def _level_changes(
    earlier: Mapping[str, Ratio], now: Mapping[str, Ratio], names: Mapping[str, str], medium: str | None
) -> Iterator[RevisedFigure]:
    for queue_id in sorted({*earlier, *now}):
        name = names.get(queue_id, queue_id)
        yield from _if_changed("queue", name, earlier.get(queue_id), now.get(queue_id), medium)


def _if_changed(
    kind: Literal["metric", "queue"], name: str, earlier: Ratio | None, now: Ratio | None, medium: str | None = None
) -> Iterator[RevisedFigure]:
    figure = RevisedFigure(kind, name, _value(earlier), _value(now), medium)
    if _is_changed(figure):
        yield figure


def _largest_change_first(figure: RevisedFigure) -> tuple[float, str]:
    return -abs((figure.now or 0) - (figure.earlier or 0)), figure.name


def _value(ratio: Ratio | None) -> float | None:
    return ratio.value if ratio else None


def _is_changed(figure: RevisedFigure, least: float = FLOAT_ERROR) -> bool:
    if figure.earlier is None or figure.now is None:
        return figure.earlier is not figure.now
    return abs(figure.earlier - figure.now) > least
