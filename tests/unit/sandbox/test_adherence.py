"""Adherence is one minus the time off schedule over the time scheduled."""

from __future__ import annotations

from sandbox.figures.adherence import Difference, adherence
from sandbox.records.model import Activity, Shift

MINUTE = 60_000
DAY = (0, 24 * 60 * MINUTE)


def _activity(category: str, start: int, end: int) -> Activity:
    return Activity(category, start * MINUTE, end * MINUTE)


PLANNED = (_activity("OnQueueWork", 540, 720), _activity("Meal", 720, 750), _activity("OnQueueWork", 750, 1020))


def _shift(*actual: Activity) -> Shift:
    return Shift("ana", PLANNED, actual)


def test_late_log_in_long_lunch_and_early_leave_are_exceptions() -> None:
    shift = _shift(_activity("OnQueueWork", 552, 720), _activity("Meal", 720, 762), _activity("OnQueueWork", 762, 1002))
    (result,) = adherence([shift], DAY)
    assert result.differences == (
        Difference(540 * MINUTE, 552 * MINUTE, "OnQueueWork", "Unscheduled"),
        Difference(750 * MINUTE, 762 * MINUTE, "OnQueueWork", "Meal"),
        Difference(1002 * MINUTE, 1020 * MINUTE, "OnQueueWork", "Unscheduled"),
    )
    assert (result.planned, result.exception_ms) == (480 * MINUTE, 42 * MINUTE)
    assert result.percentage == 91.25


def test_a_difference_of_a_minute_is_not_an_exception() -> None:
    shift = _shift(_activity("OnQueueWork", 541, 720), _activity("Meal", 720, 750), _activity("OnQueueWork", 750, 1020))
    (result,) = adherence([shift], DAY)
    assert (result.differences, result.percentage) == ((), 100.0)


def test_work_outside_the_shift_is_not_an_exception() -> None:
    (result,) = adherence([_shift(_activity("OnQueueWork", 480, 540), *PLANNED)], DAY)
    assert result.percentage == 100.0


def test_an_agent_who_never_logged_in_has_no_percentage() -> None:
    (result,) = adherence([_shift()], DAY)
    assert (result.percentage, result.exception_ms) == (None, 480 * MINUTE)


def test_only_activities_in_the_span_count() -> None:
    (result,) = adherence([_shift(*PLANNED[1:])], (600 * MINUTE, 780 * MINUTE))
    assert (result.planned, result.exception_ms) == (180 * MINUTE, 120 * MINUTE)
    assert adherence([_shift(*PLANNED)], (0, 540 * MINUTE)) == []
