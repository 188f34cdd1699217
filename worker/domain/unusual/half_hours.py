"""Compare half-hours with the same ones of past days: a stretch of late contacts, and one without any contact."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from worker.domain.briefing.comparison import MediumPicker, pick_medium, picker_of
from worker.domain.briefing.content import HalfHour
from worker.domain.briefing.half_hours import HALF_HOUR
from worker.domain.briefing.history import DayFigures
from worker.domain.briefing.media import ALL_MEDIA, without_contacts
from worker.domain.briefing.sums import HalfHourContacts
from worker.domain.briefing.usual import UsualSource, figure_in_range
from worker.domain.briefing.usual_content import Measure, Place, SilentTime, UsualFigure
from worker.domain.groups import Group
from worker.domain.metrics import combined
from worker.domain.usual.scales import DayFigure, Kind
from worker.domain.usual.usual_range import usual_range

RUN_SHARE = 0.0004
"""How often a quiet page may say that a stretch of half-hours was unusually late."""

SILENCE_SHARE = 0.0001
"""How often a quiet page may say that no contact came for hours."""

FEWEST_SILENT = 4
"""So many half-hours without a contact are two hours."""

RangeOfRun = Callable[[Sequence[HalfHour], str | None], UsualFigure | None]
"""Returns what is usual in a run of half-hours of a medium, None if its service level is not unusually low."""


def range_of_run(source: UsualSource, group: Group, media: Sequence[str]) -> RangeOfRun:
    """Return how to look up what is usual in half-hours. ``media``: those of the day, most contacts first."""

    def look_up(run: Sequence[HalfHour], medium: str | None) -> UsualFigure | None:
        pick = picker_of(group, medium or next(iter(media), None))
        today = combined(half.service_level for half in run if half.service_level)
        if pick is None or today is None or today.numerator is None or not today.denominator:
            return None
        starts = {f"{half.start:%H:%M}" for half in run}
        figure = DayFigure(source.reporting_day, today.numerator, today.denominator)
        tests = _open_half_hours(source, pick) * len(media)
        return _unusually_low(source, Measure.SERVICE_LEVEL, figure, _levels(source, pick, starts), RUN_SHARE / tests)

    return look_up


def silent_time(source: UsualSource, today: DayFigures, group: Group, media: Sequence[str]) -> SilentTime | None:
    """Return the hours without any contact in a medium that usually have the most, where contacts usually come.

    ``media``: those of the day. A medium of the group that is none of them had no contact all day.
    """
    if not today.whole:
        return None
    all_media = (*media, *without_contacts(group.media, media))
    times = (time for medium in all_media for time in _silent_times(source, today, group, medium, len(all_media)))
    worst = max(times, key=lambda time: time.usual.centre, default=None)
    return replace(worst, medium=None) if worst and tuple(media) == (worst.medium,) else worst


def _silent_times(
    source: UsualSource, today: DayFigures, group: Group, medium: str, media: int
) -> Iterator[SilentTime]:
    """Yield the hours without any contact in a medium. ``media``: so many share the error."""
    pick = pick_medium(medium, is_only_medium=len(group.media) == 1)
    half_hours = _half_hours(today, pick)
    if half_hours is None:
        return
    open_times = _open_times(source, pick)
    for run in _silent_runs(open_times, half_hours):
        usual = _usual_contacts(source, pick, run, media * len(open_times)) if len(run) >= FEWEST_SILENT else None
        if usual:
            yield SilentTime(run[0], _half_hour_later(run[-1]), usual, medium)


def _usual_contacts(source: UsualSource, pick: MediumPicker, run: Sequence[str], tests: int) -> UsualFigure | None:
    """Return how many contacts usually come in half-hours, None if a day without one of them is nothing unusual."""
    history = [
        DayFigure(day, sum(half_hours.get(start, (0, 0, 0))[0] for start in run))
        for day, half_hours in _past_half_hours(source, pick).items()
    ]
    figure = DayFigure(source.reporting_day, 0)
    return _unusually_low(source, Measure.OFFERED, figure, history, SILENCE_SHARE / tests)


def _unusually_low(
    source: UsualSource, measure: Measure, today: DayFigure, history: Collection[DayFigure], share: float
) -> UsualFigure | None:
    if not source.thresholds.usual_range or source.usual_days.is_after_closure:
        return None
    kind = Kind.COUNT if measure is Measure.OFFERED else Kind.RATIO
    usual = usual_range(kind, history, today, 2 * share, source.thresholds.usual_widening)
    if usual is None or usual.p_low >= share:
        return None
    return figure_in_range(measure, usual, today, Place.UNUSUALLY_LOW)


def _past_half_hours(source: UsualSource, pick: MediumPicker) -> dict[date, Mapping[str, HalfHourContacts]]:
    past_days = {day: _half_hours(source.history[day], pick) for day in source.usual_days.days}
    return {day: half_hours for day, half_hours in past_days.items() if half_hours is not None}


def _half_hours(day: DayFigures, pick: MediumPicker) -> Mapping[str, HalfHourContacts] | None:
    """Return the contacts of a medium by local start, none on a day without any in it, None if they are not known."""
    if figures := pick(day):
        return figures.half_hours or None
    if (not day.media and not day.medium) or ALL_MEDIA in (day.medium, *day.media):
        return None  # the day does not tell its media apart
    is_known = day.half_hours or any(figures.half_hours for figures in day.media.values())
    return {} if is_known else None


def _levels(source: UsualSource, pick: MediumPicker, starts: Collection[str]) -> list[DayFigure]:
    """Return the contacts in time, and those that count, of these half-hours on each past day."""
    levels = []
    for day, half_hours in _past_half_hours(source, pick).items():
        contacts = [half_hours[start] for start in starts if start in half_hours]
        counted = sum(part[2] for part in contacts)
        if counted:
            levels.append(DayFigure(day, sum(part[1] for part in contacts), counted))
    return levels


def _open_half_hours(source: UsualSource, pick: MediumPicker) -> int:
    return max(len(_open_times(source, pick)), 1)


def _open_times(source: UsualSource, pick: MediumPicker) -> list[str]:
    """Return the half-hours in which contacts came on at least half of the past days, and of the same weekdays.

    A line that closes early on Fridays is silent each Friday. The range of its contacts does not tell: it leaves out
    days without any.
    """
    by_day = _past_half_hours(source, pick)
    same_weekday = [of_day for day, of_day in by_day.items() if day.weekday() == source.reporting_day.weekday()]
    starts = {start for half_hours in by_day.values() for start in half_hours}
    return sorted(start for start in starts if _is_busy(start, by_day.values()) and _is_busy(start, same_weekday))


def _is_busy(start: str, days: Collection[Mapping[str, HalfHourContacts]]) -> bool:
    return 2 * sum(half_hours.get(start, (0,))[0] > 0 for half_hours in days) >= len(days)


def _silent_runs(open_times: Sequence[str], today: Mapping[str, HalfHourContacts]) -> Iterator[list[str]]:
    """Yield the runs of neighbouring open half-hours without a contact."""
    run: list[str] = []
    for start in open_times:
        is_silent = not today.get(start, (0,))[0]
        if run and not (is_silent and start == _half_hour_later(run[-1])):
            yield run
            run = []
        if is_silent:
            run = [*run, start]
    if run:
        yield run


def _half_hour_later(start: str) -> str:
    return f"{datetime.combine(date.min, time.fromisoformat(start)) + HALF_HOUR:%H:%M}"
