"""Which days a briefing may be held against."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from worker.domain.groups import Deliver, Group
from worker.services.composing import business_days_before
from worker.services.holidays import Holidays
from worker.services.organisations import OrganisationAccess

MONDAY = date(2026, 11, 23)


def unused(*_: object) -> Any:
    raise AssertionError("no organisation is asked here")


HOLIDAYS = Holidays(OrganisationAccess(unused, unused, unused))


def group_of(**changes: Any) -> Group:
    plain: dict[str, Any] = {"key": "care", "title": "Care", "zone": "Europe/Berlin", "queues": ("Q",)}
    return Group(**plain, standup_at=time(8), catch_up_until=time(9), deliver=Deliver(), **changes)


@pytest.mark.parametrize("workdays", [("mon",), ("sun", "mon"), ("mon", "tue", "wed", "thu", "fri")])
def test_there_are_nine_business_days_for_the_trend_however_few_days_a_group_works(workdays: tuple[str, ...]) -> None:
    found = business_days_before(HOLIDAYS, group_of(workdays=workdays), MONDAY)
    assert len(found) >= 9
    assert list(found) == sorted(found)
    assert found[-1] < MONDAY
    for weeks in range(1, 5):
        assert MONDAY - timedelta(weeks=weeks) in found


def test_a_holiday_is_none_of_them() -> None:
    group = group_of(calendar={"kind": "country", "country": "DE", "subdivision": "BE"})
    found = business_days_before(HOLIDAYS, group, date(2026, 12, 29))
    assert date(2026, 12, 25) not in found
    assert date(2026, 12, 24) in found


def test_a_calendar_file_that_cannot_be_read_costs_no_briefing() -> None:
    group = group_of(calendar={"kind": "ical", "path": "/nowhere/closed.ics", "on_unreachable": "assume_open"})
    assert date(2026, 11, 20) in business_days_before(HOLIDAYS, group, MONDAY)
