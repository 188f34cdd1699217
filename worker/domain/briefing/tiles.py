"""Build the tiles of a day and, where the day has several media, the line of each medium."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from worker.domain.briefing import comparison
from worker.domain.briefing.content import Counts, HalfHour, MediumLine, MediumReading, Tile
from worker.domain.briefing.counts import counts, is_thin
from worker.domain.briefing.half_hours import contacts_of_before, half_hours
from worker.domain.briefing.history import DayFigures, History, MediumFigures, ReferenceDays, figures_of
from worker.domain.briefing.judging import group_target, judge_against
from worker.domain.briefing.media import ALL_MEDIA, is_active, media_of, of_medium
from worker.domain.briefing.sums import sums
from worker.domain.briefing.usual import UsualSource, average_time
from worker.domain.briefing.usual_content import Measure, Usual
from worker.domain.briefing.usual_days import UsualDays
from worker.domain.groups import Group
from worker.domain.metrics import (
    OF_CONTACTS,
    Metric,
    Status,
    is_known_in_part,
    is_not_stated,
    is_nothing_offered,
    is_stated,
    ratio_of,
)
from worker.domain.rows import QueueInterval, Rows, Window
from worker.domain.wording import sentence


@dataclass(frozen=True)
class DaySource:
    """What the figures of a day are made from."""

    group: Group
    rows: Rows
    window: Window
    references: ReferenceDays
    history: History
    usual_days: UsualDays

    @cached_property
    def usual(self) -> UsualSource:
        """What is usual for the figures of the day."""
        day = self.window.start.astimezone(self.group.tz).date()
        return UsualSource(day, self.usual_days, self.history, self.group.insights, max(len(self.media), 1))

    @cached_property
    def figures(self) -> DayFigures:
        """The sums of the day, as they are remembered."""
        return figures_of(self.rows, self.group.tz)

    @cached_property
    def media(self) -> tuple[str, ...]:
        """The media with contacts, most contacts first."""
        return media_of(self.rows.intervals, self.group.media)

    @property
    def previous(self) -> DayFigures | None:
        """The figures of the previous business day."""
        return self.history.get(self.references.previous) if self.references.previous else None

    @property
    def previous_counts(self) -> Counts | None:
        """The counts of the previous business day, None if it or the reporting day is thin.

        They have average times only where both days have the same one medium, and each of enough contacts.
        """
        if self.previous is None or self._is_either_thin(counts(self.rows.intervals), self.previous.counts):
            return None
        if not self.media:
            return self.previous.counts
        pick = comparison.picker_of(self.group, self.media[0])
        reference = pick(self.previous) if pick and len(self.media) == 1 else None
        handle, answer = self._comparable_averages(reference) if reference else (None, None)
        return replace(self.previous.counts, average_handle_ms=handle, average_answer_ms=answer)

    def _comparable_averages(self, reference: MediumFigures) -> tuple[float | None, float | None]:
        """Return average handle and answer time of the day before, None for one of few contacts then or now.

        Of 60 contacts offered, only three may have been answered: their average says little.
        """
        now, earlier = sums(self.rows.intervals), reference.counts
        handled = _handled(reference)
        return (
            None if self._are_few(now.handled, handled) else earlier.average_handle_ms,
            None if self._are_few(now.answered, earlier.answered) else earlier.average_answer_ms,
        )

    def _are_few(self, *contacts: int | None) -> bool:
        """Return whether one of these numbers is below the fewest contacts. An unknown number may be large."""
        return any(number is not None and number < self.group.insights.fewest_contacts for number in contacts)

    @property
    def usual_volume(self) -> comparison.UsualVolume | None:
        """The usual number of contacts in the medium with the most contacts of this day."""
        pick = comparison.picker_of(self.group, next(iter(self.media), None))
        fewest = self.group.insights.fewest_contacts
        return comparison.usual_volume(pick, self.references, self.history, fewest) if pick else None

    @property
    def usual_offered(self) -> Usual | None:
        """What is usual for the contacts offered in the medium with the most contacts."""
        leading = next(iter(self.media), None)
        pick = comparison.picker_of(self.group, leading)
        offered = counts(_rows_of(self, leading).intervals).offered
        is_thin = offered is not None and offered < self.group.insights.fewest_contacts
        return self.usual.of_offered(offered, pick) if pick and not is_thin else None

    def usual_time(self, measure: Measure) -> Usual | None:
        """What is usual for an average time in the medium with the most contacts, None if it is of few contacts."""
        pick = comparison.picker_of(self.group, next(iter(self.media), None))
        today = pick(self.figures) if pick else None
        figure = average_time(self.usual.reporting_day, measure, today)
        if pick is None or figure is None or self._are_few(round(figure.denominator)):
            return None
        return self.usual.of_time(measure, today, pick)

    def counts_before(self, now: Counts, medium: str) -> Counts | None:
        """Return the counts of a medium on the previous business day, None if it is thin then or ``now``."""
        pick = comparison.picker_of(self.group, medium)
        figures = pick(self.previous) if pick and self.previous else None
        return None if figures is None or self._is_either_thin(now, figures.counts) else figures.counts

    def _is_either_thin(self, now: Counts, earlier: Counts) -> bool:
        return self._is_thin(now) or self._is_thin(earlier)

    @property
    def contacts_of_before(self) -> int:
        """How many contacts at least came before midnight: nothing to mention where few of many did."""
        number, offered = contacts_of_before(self.rows.intervals, self.window), counts(self.rows.intervals).offered
        fewest = self.group.insights.fewest_contacts
        return number if number >= fewest or (offered is not None and offered < fewest) else 0

    def _is_thin(self, of_day: Counts) -> bool:
        return is_thin(of_day, None, self.group.insights.fewest_contacts)

    def busy_days(self, medium: str | None) -> History:
        """Return the known days on which enough contacts were offered, in one medium if there is one."""
        pick = comparison.picker_of(self.group, medium)
        by_day = {
            day: picked.counts if pick and (picked := pick(figures)) else figures.counts
            for day, figures in self.history.items()
        }
        return {day: figures for day, figures in self.history.items() if not self._is_thin(by_day[day])}

    def half_hours(self, rows: Rows) -> tuple[HalfHour, ...]:
        """Return the half-hours of these rows."""
        return half_hours(rows.intervals, self.window, self.group.tz, self.group.insights.fewest_contacts)


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
    rows = _rows_of(source, medium)
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


def _handled(figures: MediumFigures) -> int | None:
    """Return how many contacts the average handle time of a past day is of, those answered if it is not stored."""
    by_queue = [queue.handled for queue in figures.sums.values()]
    handled = [number for number in by_queue if number is not None]
    return sum(handled) if handled and len(handled) == len(by_queue) else figures.counts.answered


def _rows_of(source: DaySource, medium: str | None) -> Rows:
    if len(source.media) < 2 or medium is None:
        return source.rows
    return replace(source.rows, intervals=of_medium(source.rows.intervals, medium))


def _tile(source: DaySource, metric: Metric, medium: str | None) -> Tile:
    rows = _rows_of(source, medium) if metric in OF_CONTACTS else source.rows
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
    reading = judge_against(metric, today, target, _reason_for_no_data(metric, rows), fewest)
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
    queue_ids = _active_queues(_rows_of(source, medium).intervals)
    seconds = {
        objective.seconds
        for objective in source.rows.objectives
        if objective.medium == medium and objective.queue_id in queue_ids
    }
    common = seconds.pop() if len(seconds) == 1 else None
    return round(common) if common is not None else source.rows.service_level_seconds


_NOTHING_TO_MEASURE = {
    Metric.SERVICE_LEVEL: sentence("No contact counts towards it."),
    Metric.ABANDONMENT: sentence("Nothing was offered."),
    Metric.OCCUPANCY: sentence("The times of no agent are known."),
    Metric.ADHERENCE: sentence("No agent had a schedule."),
}


def _reason_for_no_data(metric: Metric, rows: Rows) -> str:
    if detail := gap_detail(metric, rows):
        return detail
    if is_stated(metric, rows):
        return sentence("The source gives percentages without counts, which do not add up to one for the group.")
    if is_known_in_part(metric, rows):
        return sentence("Not known: the source lacks a part of it.")
    if is_not_stated(metric, rows):
        return sentence("Not known: the source does not state it.")
    if metric is Metric.SERVICE_LEVEL and is_nothing_offered(rows.intervals):
        return sentence("Nothing was offered.")
    if metric is Metric.ABANDONMENT and any(row.offered or row.abandoned for row in rows.intervals):
        return sentence("Not known: more contacts were abandoned than offered, because some came before midnight.")
    return _NOTHING_TO_MEASURE[metric]


def gap_detail(metric: Metric, rows: Rows) -> str:
    """Return what the source says is missing of a metric, "" if nothing is."""
    return next((gap.detail for gap in rows.gaps if gap.metric == metric), "")
