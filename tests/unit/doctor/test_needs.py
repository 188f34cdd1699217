"""Which permissions groups need, and how bad it is to lack them."""

from __future__ import annotations

import pytest

from worker.doctor.finding import Level
from worker.doctor.permissions import PERMISSIONS, needs_of
from worker.domain.groups import Group

QUERIES = {"analytics:conversationAggregate:view", "analytics:userAggregate:view", "routing:queue:view"}
GATEWAY = {"reports:export", "reports:read", "routing:queue:view"}
WORKFORCE = {
    "wfm:historicalAdherence:view",
    "wfm:intraday:view",
    "wfm:publishedSchedule:view",
    "wfm:shortTermForecast:view",
}
HOLIDAYS = {"routing:scheduleGroup:view", "routing:schedule:view"}


def group(key: str = "one", **group_settings: object) -> Group:
    plain = {"title": "One", "zone": "UTC", "standup_at": "08:30", "catch_up_until": "11:00", "queues": ["Q"]}
    return Group.model_validate({"key": key, "deliver": {"email": []}, **plain, **group_settings})


@pytest.mark.parametrize(
    ("group_settings", "expected"),
    [
        ({}, QUERIES),
        ({"management_units": ["u"]}, QUERIES | WORKFORCE),
        ({"management_units": ["u"], "today": False}, QUERIES | {"wfm:historicalAdherence:view"}),
        ({"calendar": {"kind": "schedule_group", "name": "H"}}, QUERIES | HOLIDAYS),
        ({"calendar": {"kind": "country", "country": "DE"}}, QUERIES),
        ({"source": "reporting", "report": "r.json"}, GATEWAY),
        ({"source": "reporting", "report": "r.json", "management_units": ["u"]}, GATEWAY),
        ({"calendar": {"kind": "guide", "id": "c"}}, QUERIES | {"reports:read"}),
    ],
)
def test_a_group_needs_what_its_source_and_its_calendar_ask_for(
    group_settings: dict[str, object], expected: set[str]
) -> None:
    assert {need.permission for need in needs_of([group(**group_settings)])} == expected


@pytest.mark.parametrize(("policy", "level"), [("hold", Level.WRONG), ("assume_open", Level.WARNING)])
def test_a_missing_holiday_permission_is_a_warning_if_the_day_is_assumed_open(policy: str, level: Level) -> None:
    calendar = {"kind": "schedule_group", "name": "H", "on_unreachable": policy}
    levels = {need.permission: need.level for need in needs_of([group(calendar=calendar)])}
    assert {levels[name] for name in HOLIDAYS} == {level}


def test_a_missing_permission_of_workforce_management_is_only_a_warning() -> None:
    levels = {need.permission: need.level for need in needs_of([group(management_units=["u"])])}
    assert {levels.pop(permission) for permission in WORKFORCE} == {Level.WARNING}
    assert set(levels.values()) == {Level.WRONG}


def test_a_permission_of_several_groups_is_listed_once_at_the_worst_level() -> None:
    open_if_lost = {"kind": "schedule_group", "name": "H", "on_unreachable": "assume_open"}
    strict = {"kind": "schedule_group", "name": "H"}
    needs = needs_of([group("a", calendar=open_if_lost), group("b", calendar=strict)])
    assert len(needs) == len({need.permission for need in needs})
    [schedules] = [need for need in needs if need.permission == "routing:schedule:view"]
    assert (schedules.level, schedules.groups) == (Level.WRONG, ("a", "b"))


def test_every_source_that_a_group_may_choose_has_its_permissions() -> None:
    sources = Group.model_fields["source"].annotation.__args__
    for source in sources:
        needs = needs_of([group(source=source, report="r.json")])
        assert {need.permission for need in needs} <= PERMISSIONS.keys()
        assert needs
