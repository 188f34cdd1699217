"""Half-hours are compared with the same ones of past days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.checker import lasting
from tests.checker.case import Case
from tests.checker.checker import check
from tests.checker.deliver import compose, deliver
from tests.queue_days import Cause, Centre, case_of
from worker.domain.rows import QueueInterval

CASE = case_of(Centre(1500), 7, Cause())


def starts_in(row: QueueInterval, first: int, end: int) -> bool:
    return row.start is not None and first <= row.start.hour < end


def silent(first: int, end: int):
    """The case without the contacts of some hours."""
    intervals = tuple(row for row in CASE.rows.intervals if not starts_in(row, first, end))
    return replace(CASE, rows=replace(CASE.rows, intervals=intervals))


def late(first: int, end: int):
    """The case with all answers of some hours late."""
    intervals = tuple(
        replace(row, answered_late=row.answered) if starts_in(row, first, end) else row for row in CASE.rows.intervals
    )
    return replace(CASE, rows=replace(CASE.rows, intervals=intervals))


def test_hours_without_a_contact_are_told_first() -> None:
    briefing = compose(silent(10, 13))
    assert briefing.silent_time is not None
    assert (briefing.silent_time.start, briefing.silent_time.end) == ("10:00", "13:00")
    assert briefing.insights[0].kind == "silent_hours"


def test_ninety_minutes_without_a_contact_or_a_quiet_day_are_not_told() -> None:
    assert compose(silent(10, 11)).silent_time is None
    assert compose(CASE).silent_time is None


@pytest.fixture(scope="module")
def lasting_day() -> Callable[[str], Case]:
    days = {case.name.removesuffix(" en"): case for case in lasting.cases("en")}
    return lambda name: days[name]


def test_a_medium_without_a_contact_all_day_is_told(lasting_day: Callable[[str], Case]) -> None:
    briefing = compose(lasting_day("silent day of one medium"))
    silent_time = briefing.silent_time
    assert silent_time is not None
    assert (silent_time.medium, silent_time.start, silent_time.end) == ("voice", "08:00", "20:00")
    assert [insight.kind for insight in briefing.insights] == ["silent_hours"]


def test_a_medium_that_is_closed_on_this_weekday_is_not_told(lasting_day: Callable[[str], Case]) -> None:
    assert compose(lasting_day("closed as on each Tuesday")).silent_time is None


def test_a_line_that_closes_early_on_a_weekday_is_not_told() -> None:
    case = silent(14, 20)
    early = {
        day: replace(rows, intervals=tuple(row for row in rows.intervals if not starts_in(row, 14, 20)))
        for day, rows in case.history.items()
        if day.weekday() == case.day.weekday()
    }
    assert compose(case).silent_time is not None
    assert compose(replace(case, history={**case.history, **early})).silent_time is None


def test_a_collapse_of_four_hours_is_told_as_a_whole_and_as_unusual() -> None:
    (run,) = (insight for insight in compose(late(10, 14)).insights if insight.kind == "worst_run")
    start, end = run.figures["around"]
    assert (start.hour, end.hour - start.hour >= 4) == (10, True)
    assert run.figures["usual"].p_low < 0.0004 / 24


def test_a_run_of_an_ordinary_day_is_a_place_and_no_news() -> None:
    (run,) = (insight for insight in compose(CASE).insights if insight.kind == "worst_run")
    assert "usual" not in run.figures


def test_the_checker_finds_nothing_false_in_either() -> None:
    for case in (silent(10, 13), late(10, 14)):
        report = check(case, deliver(case))
        assert report.findings == ()
