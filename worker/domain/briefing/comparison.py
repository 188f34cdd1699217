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
    pick: RatioPicker, today: Ratio | None, references: ReferenceDays, history: History, fewest_contacts: int = 0
) -> Change | None:
    """Compare with the previous business day. Return None where one of the two ratios is not known or thin."""
    days = [references.previous] if references.previous else []
    ratios = {day: ratio for day, ratio in _ratios(pick, days, history) if not is_ratio_thin(ratio, fewest_contacts)}
    return _change("previous", tuple(ratios), next(iter(ratios.values()), None), today, fewest_contacts)


def change_from_same_weekdays(
    pick: RatioPicker, today: Ratio | None, references: ReferenceDays, history: History, fewest_contacts: int = 0
) -> Change | None:
    """Compare with the same weekday of the last weeks, added up to one ratio. Its ``days`` are those in the sum.

    Thin days are left out, as unknown ones are.
    """
    counted = {
        day: ratio
        for day, ratio in _ratios(pick, references.same_weekday, history)
        if ratio.denominator is not None and not is_ratio_thin(ratio, fewest_contacts)
    }
    return _change("weekday_average", tuple(counted), combined(counted.values()), today, fewest_contacts)


def is_reference_known(pick: RatioPicker, references: ReferenceDays, history: History) -> bool:
    """Return whether a day that the reporting day is compared with is known, thin or not."""
    days = (*references.same_weekday, *((references.previous,) if references.previous else ()))
    return any(True for _ in _ratios(pick, days, history))


def is_reference_without_figure(pick: RatioPicker, references: ReferenceDays, history: History) -> bool:
    """Return whether days that the reporting day is compared with are known, and this figure is known on none."""
    days = {*references.same_weekday, references.previous}
    return not days.isdisjoint(history) and not is_reference_known(pick, references, history)


def is_ratio_thin(ratio: Ratio, fewest_contacts: int) -> bool:
    """Return whether a ratio counts so few contacts that it says little. An unknown number may be large."""
    return ratio.denominator is not None and ratio.denominator < fewest_contacts


def trend(
    pick: RatioPicker, today: Ratio | None, references: ReferenceDays, history: History
) -> tuple[float | None, ...]:
    """Return the last business days, oldest first and the reporting day last, None for a day that is not known."""
    by_day = dict(_ratios(pick, references.earlier, history))
    ratios = (*(by_day.get(day) for day in references.earlier), today)
    return tuple(ratio.value if ratio else None for ratio in ratios)


def thin_days(
    pick: RatioPicker, references: ReferenceDays, history: History, busy_days: History, fewest_contacts: int
) -> tuple[bool, ...]:
    """Return for each earlier day of the trend whether it has too few contacts to be judged.

    ``busy_days``: those of the history on which enough contacts were offered.
    """
    by_day = dict(_ratios(pick, references.earlier, history))
    return tuple(
        day in by_day and (day not in busy_days or is_ratio_thin(by_day[day], fewest_contacts))
        for day in references.earlier
    )


@dataclass(frozen=True, slots=True)
class UsualVolume:
    """The average number of contacts offered in a medium on the same weekday, over the ``days`` that are in it."""

    offered: float
    days: tuple[date, ...]


def usual_volume(
    pick: MediumPicker, references: ReferenceDays, history: History, fewest_contacts: int = 0
) -> UsualVolume | None:
    """Return the average number of contacts in a medium on the same weekday, over the last weeks that are known.

    Thin days are left out: next to nine contacts a hundred are "1,011 % more than usual".
    """
    figures = {day: pick(history[day]) for day in references.same_weekday if day in history}
    counts = {day: of_day.counts.offered for day, of_day in figures.items() if of_day}
    offered = {day: count for day, count in counts.items() if count is not None and count >= fewest_contacts}
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
    fewest_contacts: int,
) -> Change | None:
    if reference is None or today is None or is_ratio_thin(today, fewest_contacts):
        return None
    return Change(kind, days, today.value - reference.value)
