"""Adherence files: sums by agent, and who logged in late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.domain.rows import Window
from worker.genesys.adherence.figures import AgentAdherence, bulk_query, by_agent, impossible_agents
from worker.genesys.api.shapes import AdherenceFile

DAY = {
    "adherenceScheduleSeconds": 28800.0,
    "exceptionDurationSeconds": 1440,
    "exceptionCount": 2,
    "actualLengthSeconds": 28000,
}


def figures(**user: object) -> AgentAdherence:
    result = {"userId": "u", "dayMetrics": [DAY], **user}
    return by_agent([AdherenceFile.model_validate({"managementUnitId": "m", "userResults": [result]})])["u"]


def exception(start: int, scheduled: str, doing: str, presence: str | None = None) -> dict[str, object]:
    return {
        "startOffsetSeconds": start,
        "endOffsetSeconds": start + 600,
        "scheduledActivityCategory": scheduled,
        "actualActivityCategory": doing,
        "systemPresence": presence,
    }


def present(start: int, end: int, doing: str = "OnQueueWork") -> dict[str, object]:
    return {"actualActivityCategory": doing, "startOffsetSeconds": start, "endOffsetSeconds": end}


def test_the_days_of_an_agent_are_added_up() -> None:
    agent = figures(dayMetrics=[DAY, DAY])
    assert (agent.scheduled_seconds, agent.exception_seconds, agent.exceptions) == (57600, 2880, 4)


def in_units(*users: dict[str, object]) -> AgentAdherence:
    """The same agent in the files of several management units."""
    files = [
        AdherenceFile.model_validate({"managementUnitId": f"m{number}", "userResults": [{"userId": "u", **user}]})
        for number, user in enumerate(users)
    ]
    return by_agent(files)["u"]


def test_an_agent_in_two_management_units_has_the_sum_of_both() -> None:
    morning = {**DAY, "adherenceScheduleSeconds": 14400, "exceptionDurationSeconds": 600, "exceptionCount": 1}
    evening = {**DAY, "adherenceScheduleSeconds": 10800, "exceptionDurationSeconds": 900, "exceptionCount": 2}
    agent = in_units({"dayMetrics": [morning], "exceptionInfo": []}, {"dayMetrics": [evening], "exceptionInfo": [LATE]})
    assert agent == AgentAdherence(25200, 1500, 3, 1)


@pytest.mark.parametrize("empty_unit", [{"dayMetrics": []}, {"dayMetrics": [{"exceptionCount": 3}]}, {}])
def test_a_unit_without_a_schedule_for_the_agent_adds_nothing(empty_unit: dict[str, object]) -> None:
    expected = figures()
    assert in_units({"dayMetrics": [DAY]}, empty_unit) == expected
    assert in_units(empty_unit, {"dayMetrics": [DAY]}) == expected


def test_an_unknown_exception_time_in_one_unit_makes_the_sum_unknown() -> None:
    agent = in_units({"dayMetrics": [DAY]}, {"dayMetrics": [{"adherenceScheduleSeconds": 3600}]})
    assert (agent.scheduled_seconds, agent.exception_seconds) == (32400, None)


def test_an_unknown_exception_time_on_one_day_makes_the_sum_unknown() -> None:
    agent = figures(dayMetrics=[DAY, {"adherenceScheduleSeconds": 3600}])
    assert (agent.scheduled_seconds, agent.exception_seconds) == (32400, None)


@pytest.mark.parametrize(
    "day",
    [
        {**DAY, "adherenceScheduleSeconds": 0},
        {**DAY, "actualLengthSeconds": 0},
        {**DAY, "actualLengthSeconds": -5},
        {"exceptionCount": 3},
    ],
)
def test_without_a_schedule_or_anything_recorded_adherence_is_unknown(day: dict[str, object]) -> None:
    assert figures(dayMetrics=[day]) == AgentAdherence(None, None, None, None)


LATE = exception(28800, "OnQueueWork", "Unscheduled", "Offline")


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ({}, None),
        ({"exceptionInfo": []}, 0),
        ({"exceptionInfo": [LATE], "actuals": [present(29400, 50000)]}, 1),
        ({"exceptionInfo": [LATE]}, 1),
        ({"exceptionInfo": [LATE], "actuals": [present(20000, 28800)]}, 0),
        ({"exceptionInfo": [LATE], "actuals": [present(0, 28800, "Unavailable")]}, 1),
        ({"exceptionInfo": [exception(28800, "OnQueueWork", "Break", "Break")]}, 0),
        ({"exceptionInfo": [exception(28800, "TimeOff", "Unscheduled", "Offline")]}, 0),
        ({"exceptionInfo": [LATE, {}]}, None),
        ({"exceptionInfo": [LATE], "actuals": [{"actualActivityCategory": "OnQueueWork"}]}, None),
        ({"exceptionInfo": [{**LATE, "endOffsetSeconds": None}]}, 1),
        ({"exceptionInfo": [exception(30000, "OnQueueWork", "Break"), exception(50000, "Meal", "Unscheduled")]}, 0),
    ],
)
def test_a_late_login_is_an_absence_at_the_start_of_the_schedule(user: dict[str, object], expected: int | None) -> None:
    assert figures(**user).late_logins == expected


@pytest.mark.parametrize(("days", "detailed"), [(1, True), (7, True), (8, False)])
def test_exceptions_are_asked_for_as_long_as_the_api_gives_them(days: int, detailed: bool) -> None:
    start = datetime(2026, 11, 16, tzinfo=UTC)
    items = bulk_query(Window(start, start + timedelta(days=days)), "UTC", ["m"])["items"]
    assert isinstance(items, list)
    assert items[0]["includeExceptions"] is detailed


def test_a_result_that_a_unit_has_twice_counts_once() -> None:
    file = AdherenceFile.model_validate(
        {"managementUnitId": "m", "userResults": [{"userId": "u", "dayMetrics": [DAY]}]}
    )
    assert by_agent([file, file])["u"].scheduled_seconds == 28800
    twice = file.model_copy(update={"user_results": (file.user_results or ()) * 2})
    assert by_agent([twice])["u"].scheduled_seconds == 28800


def test_more_scheduled_time_than_the_day_has_is_impossible() -> None:
    window = Window(datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 17, tzinfo=UTC))
    agents = {
        name: AgentAdherence(seconds, 0, 0, None)
        for name, seconds in {"day": 86_400, "long": 90_000, "ms": 28_800_000, "none": None}.items()
    }
    assert impossible_agents(agents, window) == {"ms"}
