from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from worker.domain.calendar.closures import CalendarDay
from worker.domain.calendar.schedule import Planned, plan
from worker.domain.groups import Group
from worker.errors import CalendarUnavailable

MakeGroup = Callable[..., Group]
MONDAY = date(2026, 12, 21)
COUNTRY = {"kind": "country", "country": "DE"}
CHRISTMAS = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): "Bridge day"}


def _holiday(group: Group, day: date) -> CalendarDay:
    return CalendarDay(CHRISTMAS.get(day))


def _unreadable(group: Group, day: date) -> CalendarDay:
    raise CalendarUnavailable("The file is broken.")


def _never_asked(group: Group, day: date) -> CalendarDay:
    raise AssertionError("a plan needs no network")


def _brief(entry: Planned) -> tuple[str, str, str]:
    return entry.standup_at.date().isoformat(), entry.reporting_day.isoformat(), entry.outcome


def test_a_plan_has_one_entry_a_stand_up(group: MakeGroup) -> None:
    planned = plan([group()], MONDAY, 7, lambda *_: CalendarDay())
    assert [_brief(entry) for entry in planned] == [
        ("2026-12-21", "2026-12-18", "briefing"),
        ("2026-12-22", "2026-12-21", "briefing"),
        ("2026-12-23", "2026-12-22", "briefing"),
        ("2026-12-24", "2026-12-23", "briefing"),
        ("2026-12-25", "2026-12-24", "briefing"),
    ]


def test_a_holiday_gives_the_notice_with_its_name(group: MakeGroup) -> None:
    (entry,) = plan([group(calendar=COUNTRY)], date(2026, 12, 28), 1, _holiday)
    assert _brief(entry) == ("2026-12-28", "2026-12-25", "notice")
    assert entry.reason == "2026-12-25 is a holiday: Christmas Day"
    assert entry.window.start.isoformat() == "2026-12-25T00:00:00+01:00"


def test_what_the_groups_filter_leaves_out_of_an_open_day_is_named(group: MakeGroup) -> None:
    (entry,) = plan(
        [group(calendar=COUNTRY)], MONDAY, 1, lambda *_: CalendarDay(None, ("Pancake Day", "Ann's Birthday"))
    )
    assert entry.outcome == "briefing"
    assert entry.reason == "Filtered out of the calendar on 2026-12-18: Pancake Day, Ann's Birthday"


def test_what_the_groups_filter_leaves_out_of_a_closed_day_is_named_too(group: MakeGroup) -> None:
    (entry,) = plan([group(calendar=COUNTRY)], MONDAY, 1, lambda *_: CalendarDay("Strike", ("Christmas party",)))
    assert entry.outcome == "notice"
    assert entry.reason == (
        "2026-12-18 is a holiday: Strike. Filtered out of the calendar on 2026-12-18: Christmas party"
    )


def test_the_last_business_day_is_briefed_instead_with_its_own_window(group: MakeGroup) -> None:
    (entry,) = plan([group(calendar=COUNTRY, on_holiday="last_business_day")], date(2026, 12, 29), 1, _holiday)
    assert _brief(entry) == ("2026-12-29", "2026-12-24", "briefing")  # over Monday's and Friday's holiday
    assert entry.window.start.isoformat() == "2026-12-24T00:00:00+01:00"
    assert "Bridge day" in entry.reason


def test_the_last_business_day_is_not_briefed_twice(group: MakeGroup) -> None:
    planned = plan([group(calendar=COUNTRY, on_holiday="last_business_day")], date(2026, 12, 25), 5, _holiday)
    assert [_brief(entry) for entry in planned] == [
        ("2026-12-25", "2026-12-24", "briefing"),
        ("2026-12-28", "2026-12-24", "none"),
        ("2026-12-29", "2026-12-24", "none"),
    ]
    assert planned[1].reason == ("2026-12-25 is a holiday: Christmas Day. 2026-12-24 is already briefed on 2026-12-25")


def test_a_month_without_a_business_day_ends_in_the_notice(group: MakeGroup) -> None:
    always = group(calendar=COUNTRY, on_holiday="last_business_day")
    (entry,) = plan([always], MONDAY, 1, lambda *_: CalendarDay("Strike"))
    assert entry.outcome == "notice"
    assert "no business day in the 30 days before" in entry.reason


def test_a_disabled_group_gets_nothing_and_the_reason_says_so(group: MakeGroup) -> None:
    (entry,) = plan([group(enabled=False)], MONDAY, 1, _never_asked)
    assert (entry.outcome, entry.reason) == ("none", "the group is disabled")


@pytest.mark.parametrize(
    ("calendar", "calendar_name"),
    [
        ({"kind": "schedule_group", "name": "Feiertage"}, 'schedule group "Feiertage"'),
        ({"kind": "schedule_group", "id": "7d"}, 'schedule group "7d"'),
        ({"kind": "guide", "id": "main"}, 'calendar "main"'),
    ],
)
def test_a_calendar_at_the_source_is_asked_on_the_morning_and_not_before(
    calendar: dict[str, str], calendar_name: str, group: MakeGroup
) -> None:
    (entry,) = plan([group(calendar=calendar)], MONDAY, 1, _never_asked)
    assert (entry.outcome, entry.reason) == ("briefing", f"holidays of {calendar_name} are checked on the morning")


@pytest.mark.parametrize(
    ("policy", "outcome", "reason"),
    [
        ("hold", "none", "held, because the holidays are not known: The file is broken."),
        ("assume_open", "briefing", "the holidays are not known, so the day counts as open: The file is broken."),
    ],
)
def test_an_unreadable_calendar_follows_the_policy_of_the_group(
    policy: str, outcome: str, reason: str, group: MakeGroup
) -> None:
    calendar = {"kind": "ical", "path": "holidays.ics", "on_unreachable": policy}
    (entry,) = plan([group(calendar=calendar)], MONDAY, 1, _unreadable)
    assert (entry.outcome, entry.reason) == (outcome, reason)


def test_a_plan_is_sorted_by_instant_over_all_zones(group: MakeGroup) -> None:
    groups = [
        group(key="ny", zone="America/New_York"),
        group(key="b"),
        group(key="a"),
        group(key="k", zone="Asia/Tokyo"),
    ]
    planned = plan(groups, MONDAY, 2, lambda *_: CalendarDay())
    assert [entry.group for entry in planned] == ["k", "a", "b", "ny"] * 2
