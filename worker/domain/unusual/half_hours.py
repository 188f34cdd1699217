"""Compare half-hours with the same ones of past days: a stretch of late contacts, and one without any contact."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time

from worker.domain.briefing.comparison import MediumPicker, picker_of
from worker.domain.briefing.content import HalfHour
from worker.domain.briefing.half_hours import HALF_HOUR
from worker.domain.briefing.history import DayFigures
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


def silent_time(source: UsualSource, today: DayFigures, group: Group, medium: str | None) -> SilentTime | None:
    """Return the hours without any contact in a medium, in half-hours in which contacts usually come."""
    pick = picker_of(group, medium)
    figures = pick(today) if pick else None
    if pick is None or figures is None or not figures.half_hours or not today.whole:
        return None
    open_times = _open_times(source, pick)
    runs = [run for run in _silent_runs(open_times, figures.half_hours) if len(run) >= FEWEST_SILENT]
    times = (_silent_time(source, pick, run, len(open_times)) for run in runs)
    return max((time for time in times if time), key=lambda time: time.usual.centre, default=None)


def _silent_time(source: UsualSource, pick: MediumPicker, run: Sequence[str], tests: int) -> SilentTime | None:
    history = [
        DayFigure(day, sum(half_hours.get(start, (0, 0, 0))[0] for start in run))
        for day, half_hours in _past_half_hours(source, pick).items()
    ]
    figure = DayFigure(source.reporting_day, 0)
    usual = _unusually_low(source, Measure.OFFERED, figure, history, SILENCE_SHARE / tests)
    return SilentTime(run[0], _half_hour_later(run[-1]), usual) if usual else None


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
    past_days = {day: pick(source.history[day]) for day in source.usual_days.days}
    return {day: figures.half_hours for day, figures in past_days.items() if figures and figures.half_hours}


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
    """Return the half-hours in which contacts came on at least half of the past days."""
    days = _past_half_hours(source, pick).values()
    starts = {start for half_hours in days for start in half_hours}
    busy_days = {start: sum(half_hours.get(start, (0,))[0] > 0 for half_hours in days) for start in starts}
    return sorted(start for start, number in busy_days.items() if 2 * number >= len(days))


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
