"""The days that say what is usual, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import pytest

from worker.domain.briefing.content import Counts
from worker.domain.briefing.history import KEPT_DAYS, DayFigures
from worker.domain.briefing.usual_days import LeftOut, comparison_days, usual_days
from worker.domain.groups import WEEKDAYS, Weekday

DAY = date(2026, 10, 21)  # a Wednesday
MONDAY_TO_FRIDAY: tuple[Weekday, ...] = WEEKDAYS[:5]
WORKDAYS = [day for day in (DAY - timedelta(days=distance) for distance in range(60, 0, -1)) if day.weekday() < 5]


def figures(offered: int | None, *, whole: bool = True) -> DayFigures:
    return DayFigures(Counts(offered, None, None, None, None, None), whole=whole)


def history_of(days: Iterable[date]) -> dict[date, DayFigures]:
    return {day: figures(100) for day in days}


def test_the_last_26_business_days_count() -> None:
    choice = usual_days(DAY, WORKDAYS[::-1], MONDAY_TO_FRIDAY, history_of([*WORKDAYS, DAY]))
    assert choice.days == tuple(WORKDAYS[-26:])
    assert choice.left_out == {}


def test_unknown_incomplete_and_nearly_empty_days_are_left_out() -> None:
    history = history_of(WORKDAYS)
    del history[WORKDAYS[-2]]
    history[WORKDAYS[-4]], history[WORKDAYS[-6]] = figures(100, whole=False), figures(24)
    history[WORKDAYS[-8]] = figures(25)
    choice = usual_days(DAY, WORKDAYS, MONDAY_TO_FRIDAY, history)
    assert choice.left_out == {
        WORKDAYS[-2]: LeftOut.UNKNOWN,
        WORKDAYS[-4]: LeftOut.INCOMPLETE,
        WORKDAYS[-6]: LeftOut.FEW_CONTACTS,
    }
    assert WORKDAYS[-8] in choice.days


def test_the_first_business_day_after_a_holiday_is_left_out() -> None:
    holiday = date(2026, 10, 12)
    open_days = [day for day in WORKDAYS if day != holiday]
    choice = usual_days(DAY, open_days, MONDAY_TO_FRIDAY, history_of(open_days))
    assert choice.left_out == {date(2026, 10, 13): LeftOut.AFTER_CLOSURE}
    assert len(choice.days) == 25


def test_a_day_after_a_holiday_has_no_usual_days_of_its_own() -> None:
    open_days = WORKDAYS[:-1]
    choice = usual_days(DAY, open_days, MONDAY_TO_FRIDAY, history_of(open_days))
    assert choice.is_after_closure
    assert choice.days == ()


def test_five_known_days_after_holidays_are_enough_for_another() -> None:
    tuesdays = [day for day in WORKDAYS if day.weekday() == 1]
    open_days = [day for day in WORKDAYS if day not in tuesdays]
    choice = usual_days(DAY, open_days, MONDAY_TO_FRIDAY, history_of(open_days))
    assert not choice.is_after_closure
    assert {day.weekday() for day in choice.days} == {2}
    assert len(choice.days) >= 5


def test_a_quiet_saturday_is_held_against_saturdays() -> None:
    days = [DAY - timedelta(days=distance) for distance in range(40, 0, -1)]
    open_days = [day for day in days if day.weekday() < 6]
    history = {day: figures(20 if day.weekday() == 5 else 100) for day in open_days}
    on_wednesday = usual_days(DAY, open_days, WEEKDAYS[:6], history)
    assert 5 not in {day.weekday() for day in on_wednesday.days}
    assert set(on_wednesday.left_out.values()) == {LeftOut.OTHER_WEEKDAY}
    saturday = date(2026, 10, 24)
    open_days = [*open_days, *(DAY + timedelta(days=distance) for distance in range(3))]
    on_saturday = usual_days(saturday, open_days, WEEKDAYS[:6], history | history_of(open_days[-3:]))
    assert {day.weekday() for day in on_saturday.days} == {5}


SATURDAY = date(2026, 10, 24)


def open_days_of(number: int, *, workdays: int = 6) -> list[date]:
    """Return the workdays among so many days before a Saturday."""
    days = [SATURDAY - timedelta(days=distance) for distance in range(number, 0, -1)]
    return [day for day in days if day.weekday() < workdays]


def quiet_saturdays(days: Iterable[date]) -> dict[date, DayFigures]:
    return {day: figures(20 if day.weekday() == 5 else 100) for day in days}


@pytest.mark.parametrize("workdays", [6, 7])
def test_quiet_saturdays_have_all_remembered_saturdays(workdays: int) -> None:
    open_days = open_days_of(KEPT_DAYS, workdays=workdays)
    choice = usual_days(SATURDAY, open_days, WEEKDAYS[:workdays], quiet_saturdays(open_days))
    assert choice.days == tuple(day for day in open_days if day.weekday() == 5)
    assert len(choice.days) == 12


@pytest.mark.parametrize(("weeks", "known_days"), [(1, 1), (2, 2), (4, 4), (5, 5), (6, 6)])
def test_each_quiet_saturday_of_the_first_weeks_counts(weeks: int, known_days: int) -> None:
    open_days = open_days_of(KEPT_DAYS)
    history = quiet_saturdays(open_days_of(7 * weeks))
    assert len(usual_days(SATURDAY, open_days, WEEKDAYS[:6], history).days) == known_days


def test_saturdays_that_became_busy_are_days_like_others() -> None:
    open_days = open_days_of(KEPT_DAYS)
    history = quiet_saturdays(open_days) | history_of(open_days[-20:])
    choice = usual_days(SATURDAY, open_days, WEEKDAYS[:6], history)
    assert {day.weekday() for day in choice.days} == {0, 1, 2, 3, 4, 5}
    assert choice.days == tuple(day for day in open_days[-26:] if history[day].counts.offered == 100)


def test_other_days_than_quiet_saturdays_are_26_too() -> None:
    open_days = [day for day in open_days_of(KEPT_DAYS) if day < DAY]
    choice = usual_days(DAY, open_days, WEEKDAYS[:6], quiet_saturdays(open_days))
    assert choice.days == tuple(day for day in open_days if day.weekday() != 5)[-26:]


def test_a_day_after_a_weekly_closure_has_all_remembered_days_after_one() -> None:
    monday = SATURDAY + timedelta(days=2)
    open_days = open_days_of(KEPT_DAYS)  # each Sunday is a workday, and closed
    choice = usual_days(monday, [*open_days, SATURDAY], WEEKDAYS, history_of([*open_days, SATURDAY]))
    assert not choice.is_after_closure
    assert {day.weekday() for day in choice.days} == {0}
    assert len(choice.days) == 12


def compared_days(day: date, workdays: int, history: Mapping[date, DayFigures]) -> tuple[date, ...]:
    return comparison_days(day, WEEKDAYS[:workdays], lambda _: True, history)


def test_a_quiet_saturday_is_compared_with_all_remembered_days() -> None:
    open_days = open_days_of(KEPT_DAYS)
    assert compared_days(SATURDAY, 6, quiet_saturdays(open_days)) == tuple(open_days)


def test_other_days_are_compared_with_no_more_days_than_they_need() -> None:
    assert compared_days(DAY, 5, history_of(WORKDAYS)) == tuple(WORKDAYS[-27:])
    history = quiet_saturdays(open_days_of(KEPT_DAYS))
    assert len(compared_days(DAY, 6, history)) == 32  # 26 and one of the others, and five Saturdays
    assert len(compared_days(DAY, 6, {})) == 27


def test_days_of_unknown_contacts_are_not_taken_for_empty_ones() -> None:
    history = history_of(WORKDAYS) | {WORKDAYS[-3]: figures(None)}
    assert WORKDAYS[-3] in usual_days(DAY, WORKDAYS, MONDAY_TO_FRIDAY, history).days
