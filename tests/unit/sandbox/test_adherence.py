"""Adherence is one minus the time off schedule over the time scheduled."""

from __future__ import annotations

from sandbox.adherence import Difference, adherence
from sandbox.records import Activity, Shift

MINUTE = 60_000
DAY = (0, 24 * 60 * MINUTE)


def _activity(category: str, start: int, end: int) -> Activity:
    return Activity(category, start * MINUTE, end * MINUTE)


PLANNED = (_activity("OnQueueWork", 540, 720), _activity("Meal", 720, 750), _activity("OnQueueWork", 750, 1020))


def _shift(*actual: Activity) -> Shift:
    return Shift("ana", PLANNED, actual)


def test_late_log_in_long_lunch_and_early_leave_are_exceptions() -> None:
    shift = _shift(_activity("OnQueueWork", 552, 720), _activity("Meal", 720, 762), _activity("OnQueueWork", 762, 1002))
    (found,) = adherence([shift], DAY)
    assert found.differences == (
        Difference(540 * MINUTE, 552 * MINUTE, "OnQueueWork", "Unscheduled"),
        Difference(750 * MINUTE, 762 * MINUTE, "OnQueueWork", "Meal"),
        Difference(1002 * MINUTE, 1020 * MINUTE, "OnQueueWork", "Unscheduled"),
    )
    assert (found.planned, found.excepted) == (480 * MINUTE, 42 * MINUTE)
    assert found.percentage == 91.25


def test_a_difference_of_a_minute_is_no_exception() -> None:
    shift = _shift(_activity("OnQueueWork", 541, 720), _activity("Meal", 720, 750), _activity("OnQueueWork", 750, 1020))
    (found,) = adherence([shift], DAY)
    assert (found.differences, found.percentage) == ((), 100.0)


def test_work_outside_the_shift_is_no_exception() -> None:
    (found,) = adherence([_shift(_activity("OnQueueWork", 480, 540), *PLANNED)], DAY)
    assert found.percentage == 100.0


def test_who_never_logged_in_has_no_percentage() -> None:
    (found,) = adherence([_shift()], DAY)
    assert (found.percentage, found.excepted) == (None, 480 * MINUTE)


def test_only_what_lies_in_the_span_counts() -> None:
    (found,) = adherence([_shift(*PLANNED[1:])], (600 * MINUTE, 780 * MINUTE))
    assert (found.planned, found.excepted) == (180 * MINUTE, 120 * MINUTE)
    assert adherence([_shift(*PLANNED)], (0, 540 * MINUTE)) == []
