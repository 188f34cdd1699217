from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.domain.calendar.schedule import due_at, due_groups
from worker.domain.groups import WEEKDAYS, Group

MakeGroup = Callable[..., Group]
BERLIN = ZoneInfo("Europe/Berlin")


def _instant(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("now", "state", "reporting_day"),
    [
        ("2026-03-31T07:44:59", "missed", "2026-03-27"),  # not yet: the newest is still Monday's stand-up, about Friday
        ("2026-03-31T07:45:00", "due", "2026-03-30"),  # 45 minutes ahead
        ("2026-03-31T08:30:00", "due", "2026-03-30"),
        ("2026-03-31T10:30:00", "due", "2026-03-30"),  # the last instant
        ("2026-03-31T10:30:01", "missed", "2026-03-30"),
        ("2026-03-31T23:00:00", "missed", "2026-03-30"),
        ("2026-04-01T03:00:00", "missed", "2026-03-30"),  # the day after, before its own stand-up
        ("2026-04-01T08:00:00", "due", "2026-03-31"),  # the missed one gives way to today's
        ("2026-04-05T12:00:00", "missed", "2026-04-02"),  # Sunday: Friday's stand-up, about Thursday
        ("2026-04-06T07:50:00", "due", "2026-04-03"),  # Monday about Friday
    ],
)
def test_a_group_is_due_from_its_lead_time_until_its_catch_up_ends(
    now: str, state: str, reporting_day: str, group: MakeGroup
) -> None:
    (due,) = due_groups(_instant(now), [group()])
    assert (due.state, due.reporting_day.isoformat()) == (state, reporting_day)


def test_due_groups_do_not_depend_on_the_zone_of_the_clock(group: MakeGroup) -> None:
    now = _instant("2026-03-31T08:00:00")
    assert due_groups(now, [group()]) == due_groups(now.astimezone(UTC), [group()])


def test_after_a_week_of_downtime_only_the_newest_stand_up_is_asked_for(group: MakeGroup) -> None:
    due_now = due_groups(_instant("2026-04-09T09:00:00"), [group()])
    assert [(due.reporting_day, due.state) for due in due_now] == [(date(2026, 4, 8), "due")]


def test_a_group_with_one_workday_keeps_its_newest_stand_up_for_the_whole_week(group: MakeGroup) -> None:
    (due,) = due_groups(_instant("2026-04-05T23:00:00"), [group(workdays=("mon",))])
    assert (due.standup_at.date(), due.reporting_day) == (date(2026, 3, 30), date(2026, 3, 23))


def test_sunday_is_a_stand_up_day_where_it_is_a_workday(group: MakeGroup) -> None:
    (due,) = due_groups(_instant("2026-04-05T08:00:00"), [group(workdays=("sun", "mon", "tue", "wed", "thu"))])
    assert (due.state, due.reporting_day) == ("due", date(2026, 4, 2))


def test_a_disabled_group_is_never_due(group: MakeGroup) -> None:
    assert due_groups(_instant("2026-03-31T08:00:00"), [group(enabled=False)]) == []


def test_a_group_added_at_noon_can_be_told_from_one_that_missed_its_morning(group: MakeGroup) -> None:
    """The caller decides; for that it gets the instants between which the briefing had to be begun."""
    (due,) = due_groups(_instant("2026-03-31T12:00:00"), [group()])
    assert due.state == "missed"
    assert (due.due_at, due.catch_up_until) == (_instant("2026-03-31T07:45:00"), _instant("2026-03-31T10:30:00"))


def test_the_earliest_stand_up_comes_first(group: MakeGroup) -> None:
    groups = [
        group(key="late", standup_at="09:00"),
        group(key="b"),
        group(key="a"),
        group(key="kolkata", zone="Asia/Kolkata"),
    ]
    due_now = due_groups(_instant("2026-03-31T09:00:00"), groups)
    assert [due.group.key for due in due_now] == ["kolkata", "a", "b", "late"]


@pytest.mark.parametrize(
    ("day", "standup", "lead", "expected"),
    [
        ("2026-03-29", "03:30", 60, "2026-03-29T01:30:00+01:00"),  # an hour by the stopwatch, over the jump
        ("2026-03-29", "02:30", 30, "2026-03-29T03:00:00+02:00"),  # 02:30 is jumped over: the stand-up is at 03:30
        ("2026-10-25", "02:30", 30, "2026-10-25T02:00:00+02:00"),  # of two 02:30 the first
        ("2026-10-25", "03:30", 60, "2026-10-25T02:30:00+01:00"),  # so the lead begins at the second 02:30
        ("2026-03-31", "08:30", 45, "2026-03-31T07:45:00+02:00"),
    ],
)
def test_the_lead_is_measured_in_elapsed_time(
    day: str, standup: str, lead: int, expected: str, group: MakeGroup
) -> None:
    begins_at = due_at(group(standup_at=standup, lead_minutes=lead), date.fromisoformat(day))
    assert begins_at.isoformat() == expected


def test_a_night_of_a_clock_change_gives_one_stand_up_however_often_it_is_asked(group: MakeGroup) -> None:
    nights = group(standup_at="02:30", catch_up_until="04:00", lead_minutes=0, workdays=("sun",))
    instants = [datetime(2026, 10, 25, 0, minute, tzinfo=UTC) for minute in range(60)]  # 02:00 to 03:00 CEST
    instants += [datetime(2026, 10, 25, 1, minute, tzinfo=UTC) for minute in range(60)]  # 02:00 to 03:00 CET
    due = {
        entry.standup_at.astimezone(UTC)
        for now in instants
        for entry in due_groups(now, [nights])
        if entry.state == "due"
    }
    assert due == {datetime(2026, 10, 25, 0, 30, tzinfo=UTC)}


def test_a_lead_time_over_a_clock_change_at_midnight_begins_the_evening_before(group: MakeGroup) -> None:
    early = group(zone="America/Santiago", standup_at="01:30", lead_minutes=60, workdays=("sun",))
    (due,) = due_groups(_instant("2026-09-05T23:45:00", "America/Santiago"), [early])  # 00:00 becomes 01:00 this night
    assert (due.state, due.due_at.isoformat()) == ("due", "2026-09-05T23:30:00-04:00")
    assert due.standup_at.isoformat() == "2026-09-06T01:30:00-03:00"


def test_a_day_that_the_zone_skipped_has_no_stand_up(group: MakeGroup) -> None:
    apia = group(zone="Pacific/Apia")
    due_now = due_groups(datetime(2011, 12, 31, 12, tzinfo=ZoneInfo("Pacific/Apia")), [apia])
    assert [due.standup_at.date() for due in due_now] == [date(2011, 12, 29)]


def test_a_stand_up_that_moves_beyond_its_own_catch_up_is_due_all_the_same(group: MakeGroup) -> None:
    night = group(
        zone="Europe/London", standup_at=time(1, 59), catch_up_until=time(2, 30), lead_minutes=30, workdays=WEEKDAYS
    )
    day_before = datetime(2026, 3, 29, 1, 45, tzinfo=UTC)  # 02:45, and the clocks went from 01:00 to 02:00
    (due,) = due_groups(day_before, [night])
    assert (due.state, due.standup_at.isoformat()) == ("due", "2026-03-29T02:59:00+01:00")
    (late,) = due_groups(day_before + timedelta(minutes=15), [night])
    assert late.state == "missed"
