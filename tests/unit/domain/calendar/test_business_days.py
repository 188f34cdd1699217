"""Which days a briefing may be compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from worker.domain.briefing.content import Counts
from worker.domain.briefing.history import DayFigures, reference_days
from worker.domain.calendar.closures import CalendarDay
from worker.domain.groups import WEEKDAYS, Deliver, Group
from worker.domain.runs import RunId
from worker.errors import CalendarUnavailable, LookupFailed, SourceUnavailable, StandupError
from worker.genesys.access import OrganisationAccess
from worker.services.composing import business_days_before
from worker.services.holidays import Holidays

MONDAY = date(2026, 11, 23)


def unused(*_: object) -> Any:
    raise AssertionError("no organisation is asked here")


HOLIDAYS = Holidays(OrganisationAccess(unused, unused, unused))


def group_of(**changes: Any) -> Group:
    plain: dict[str, Any] = {"key": "care", "title": "Care", "zone": "Europe/Berlin", "queues": ("Q",)}
    return Group(**plain, standup_at=time(8), catch_up_until=time(9), deliver=Deliver(), **changes)


@pytest.mark.parametrize("workdays", [("mon",), ("sun", "mon"), ("mon", "tue", "wed", "thu", "fri")])
def test_there_are_nine_business_days_for_the_trend_however_few_days_a_group_works(workdays: tuple[str, ...]) -> None:
    business_days = business_days_before(HOLIDAYS, group_of(workdays=workdays), MONDAY, {})
    assert len(business_days) >= 9
    assert list(business_days) == sorted(business_days)
    assert business_days[-1] < MONDAY
    for weeks in range(1, 5):
        assert MONDAY - timedelta(weeks=weeks) in business_days


def test_a_holiday_is_no_business_day() -> None:
    group = group_of(calendar={"kind": "country", "country": "DE", "subdivision": "BE"})
    business_days = business_days_before(HOLIDAYS, group, date(2026, 12, 29), {})
    assert date(2026, 12, 25) not in business_days
    assert date(2026, 12, 24) in business_days


def test_an_unreadable_calendar_file_does_not_stop_the_briefing() -> None:
    group = group_of(calendar={"kind": "ical", "path": "/nowhere/closed.ics", "on_unreachable": "assume_open"})
    assert date(2026, 11, 20) in business_days_before(HOLIDAYS, group, MONDAY, {})


REMOTE = [{"kind": "schedule_group", "name": "Holidays DE"}, {"kind": "guide", "id": "main"}]
LOCAL = [{"kind": "country", "country": "DE"}, {"kind": "ical", "path": "closed.ics"}]


@dataclass(frozen=True, slots=True)
class Answering(Holidays):
    """Every calendar answers with ``answer``."""

    answer: Callable[[date], str | None] = lambda _: None

    def calendar_day(self, group: Group, day: date, run_id: RunId | None = None) -> CalendarDay:
        return CalendarDay(self.answer(day))


def holidays_with(answer: Callable[[date], str | None]) -> Holidays:
    return Answering(HOLIDAYS.organisations, answer)


@pytest.mark.parametrize("calendar", [*REMOTE, *LOCAL])
def test_after_a_holiday_on_monday_tuesday_is_compared_with_friday(calendar: dict[str, str]) -> None:
    holidays = holidays_with({MONDAY: "Repentance Day"}.get)
    business_days = business_days_before(holidays, group_of(calendar=calendar), date(2026, 11, 24), {})
    assert reference_days(date(2026, 11, 24), business_days).previous == date(2026, 11, 20)


@pytest.mark.parametrize("calendar", REMOTE)
@pytest.mark.parametrize("error", [CalendarUnavailable("gone"), LookupFailed("none"), SourceUnavailable("down")])
def test_a_failing_calendar_is_asked_once_and_does_not_stop_the_briefing(
    calendar: dict[str, str], error: StandupError
) -> None:
    days = []

    def fail(day: date) -> str | None:
        days.append(day)
        raise error

    assert date(2026, 11, 20) in business_days_before(holidays_with(fail), group_of(calendar=calendar), MONDAY, {})
    assert len(days) == 1


def test_a_quiet_saturday_is_compared_with_all_saturdays_that_are_remembered() -> None:
    saturday = date(2026, 11, 28)
    days = [saturday - timedelta(days=distance) for distance in range(1, 91)]
    counts = {day: Counts(20 if day.weekday() == 5 else 100, None, None, None, None, None) for day in days}
    history = {day: DayFigures(day_counts) for day, day_counts in counts.items()}
    business_days = business_days_before(HOLIDAYS, group_of(workdays=WEEKDAYS[:6]), saturday, history)
    assert len([day for day in business_days if day.weekday() == 5]) == 12


def test_a_calendar_is_asked_only_about_workdays() -> None:
    days: list[date] = []
    business_days_before(holidays_with(lambda day: days.append(day)), group_of(calendar=REMOTE[0]), MONDAY, {})
    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}


def test_a_calendar_file_in_another_encoding_is_an_error_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "closed.ics"
    path.write_bytes("SUMMARY:Mariä Himmelfahrt".encode("cp1252"))
    group = group_of(calendar={"kind": "ical", "path": str(path)})
    with pytest.raises(CalendarUnavailable, match=r"closed\.ics is not in UTF-8"):
        HOLIDAYS.holiday_on(group, MONDAY)
