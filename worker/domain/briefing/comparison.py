"""Compare a day with earlier ones: the change of a ratio, its last business days, the usual number of contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from worker.domain.briefing.content import Change
from worker.domain.briefing.history import DayFigures, History, MediumFigures, ReferenceDays
from worker.domain.groups import Group
from worker.domain.metrics import OF_CONTACTS, Metric, Ratio, combined

RatioPicker = Callable[[DayFigures], Ratio | None]
"""Picks the ratio to compare from the figures of a day."""


MediumPicker = Callable[[DayFigures], MediumFigures | None]
"""Picks the figures of a medium from the figures of a day."""


def pick_medium(medium: str, *, is_only_medium: bool) -> MediumPicker:
    """Pick the figures of a medium. ``is_only_medium``: the group asks for no other."""
    return lambda figures: figures.of_medium(medium, is_only_medium=is_only_medium)


def picker_of(group: Group, medium: str | None) -> MediumPicker | None:
    """Return the picker of a medium of the group's day, None on a day without any contact."""
    return pick_medium(medium, is_only_medium=len(group.media) == 1) if medium else None


def pick_metric(metric: Metric, medium: MediumPicker | None = None) -> RatioPicker:
    """Pick the ratio of a metric, in one medium if it is a metric of contacts."""
    if medium is None or metric not in OF_CONTACTS:
        return lambda figures: figures.ratios.get(metric)
    return lambda figures: picked.ratio(metric) if (picked := medium(figures)) else None


def pick_queue(queue_id: str, medium: MediumPicker | None = None) -> RatioPicker:
    """Pick a queue's service level, in one medium."""
    if medium is None:
        return lambda figures: figures.queues.get(queue_id)
    return lambda figures: picked.queues.get(queue_id) if (picked := medium(figures)) else None


def change_from_previous_day(
    pick: RatioPicker, today: Ratio | None, references: ReferenceDays, history: History
) -> Change | None:
    """Compare with the previous business day. Return None where one of the two ratios is not known."""
    days = [references.previous] if references.previous else []
    ratios = dict(_ratios(pick, days, history))
    return _change("previous", tuple(ratios), next(iter(ratios.values()), None), today)


def change_from_same_weekdays(
    pick: RatioPicker, today: Ratio | None, references: ReferenceDays, history: History
) -> Change | None:
    """Compare with the same weekday of the last weeks, added up to one ratio. Its ``days`` are those in the sum."""
    ratios = dict(_ratios(pick, references.same_weekday, history))
    counted = {day: ratio for day, ratio in ratios.items() if ratio.denominator is not None}
    return _change("weekday_average", tuple(counted), combined(counted.values()), today)


def trend(
    pick: RatioPicker, today: Ratio | None, references: ReferenceDays, history: History
) -> tuple[float | None, ...]:
    """Return the last business days, oldest first and the reporting day last, None for a day that is not known."""
    by_day = dict(_ratios(pick, references.earlier, history))
    ratios = (*(by_day.get(day) for day in references.earlier), today)
    return tuple(ratio.value if ratio else None for ratio in ratios)


@dataclass(frozen=True, slots=True)
class UsualVolume:
    """The average number of contacts offered in a medium on the same weekday. ``days`` are those that are known."""

    offered: float
    days: tuple[date, ...]


def usual_volume(pick: MediumPicker, references: ReferenceDays, history: History) -> UsualVolume | None:
    """Return the average number of contacts in a medium on the same weekday, over the last weeks that are known."""
    figures = {day: pick(history[day]) for day in references.same_weekday if day in history}
    counts = {day: of_day.counts.offered for day, of_day in figures.items() if of_day}
    offered = {day: count for day, count in counts.items() if count is not None}
    return UsualVolume(sum(offered.values()) / len(offered), tuple(offered)) if offered else None


def _ratios(pick: RatioPicker, days: Iterable[date], history: History) -> Iterable[tuple[date, Ratio]]:
    for day in days:
        ratio = pick(history[day]) if day in history else None
        if ratio:
            yield day, ratio


def _change(
    kind: Literal["previous", "weekday_average"],
    days: tuple[date, ...],
    reference: Ratio | None,
    today: Ratio | None,
) -> Change | None:
    return Change(kind, days, today.value - reference.value) if reference and today else None
