"""Business units are planned: groups, required agents, forecast and shifts of a week agree with each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.scenario.file import Scenario
from sandbox.site import build
from sandbox.wire.errors import ApiError
from tests.unit.sandbox.conftest import FRIDAY, SCENARIO, Clock, Organisation

DAY_START, DAY_END = FRIDAY.split("/")
WEEK = "2026-11-16"
QUARTER = 900


def unit_path(organisation: Organisation) -> str:
    (unit,) = organisation.get("/api/v2/workforcemanagement/businessunits")["entities"]
    return str(unit["selfUri"])


def schedule_of(organisation: Organisation) -> dict[str, Any]:
    (schedule,) = organisation.get(f"{unit_path(organisation)}/weeks/{WEEK}/schedules")["entities"]
    return schedule


def search(organisation: Organisation) -> dict[str, Any]:
    users = [agent.id for agent in organisation.site.organisation.groups["emea"].agents]
    body = {"startDate": DAY_START, "endDate": DAY_END, "userIds": users}
    return organisation.post(f"{unit_path(organisation)}/agentschedules/search", body)


def covers(activity: dict[str, Any], instant: datetime) -> bool:
    since_start = instant - datetime.fromisoformat(activity["startDate"])
    return timedelta() <= since_start < timedelta(minutes=activity["lengthMinutes"])


def value_at(series: list[float], reference: str, hour: int) -> float:
    """Return the value of a quarter of an hour of Friday, by the hour of UTC."""
    instant = datetime(2026, 11, 20, hour, tzinfo=UTC)
    return series[int((instant - datetime.fromisoformat(reference)).total_seconds()) // QUARTER]


def test_each_queue_is_planned_by_medium(make: Callable[..., Organisation]) -> None:
    organisation = make(queues=["Billing", {"name": "Web", "media": ["chat", "voice"]}])
    groups = organisation.get(f"{unit_path(organisation)}/intraday/planninggroups", date="2026-11-20")["entities"]
    assert [group["name"] for group in groups] == ["Billing voice", "Web chat", "Web voice"]
    assert [group["routePaths"][0]["mediaType"] for group in groups] == ["Voice", "Chat", "Voice"]


def test_queues_of_two_groups_can_be_planned_together() -> None:
    groups = {
        key: {"zone": "Europe/Berlin", "queues": [{"name": key, "planning_group": "Shared"}]} for key in ("a", "b")
    }
    clock = Clock()
    organisation = Organisation(build(Scenario.model_validate({**SCENARIO, "groups": groups}), clock), clock)
    (group,) = organisation.get(f"{unit_path(organisation)}/intraday/planninggroups", date="2026-11-20")["entities"]
    queues = {organisation.id_of("a"), organisation.id_of("b")}
    assert {path["queue"]["id"] for path in group["routePaths"]} == queues


def test_the_files_of_a_schedule_have_a_value_for_each_quarter_of_the_week(organisation: Organisation) -> None:
    path, forecast = schedule_of(organisation)["selfUri"], schedule_of(organisation)["shortTermForecast"]["selfUri"]
    required = organisation.get(f"{path}/headcountforecast")["result"]["entities"]
    offered = organisation.get(f"{forecast}/data")["result"]["planningGroups"]
    assert {len(group["requiredPerInterval"]) for group in required} == {7 * 96}
    assert {len(group["offeredPerInterval"]) for group in offered} == {7 * 96}
    assert [group["planningGroup"]["id"] for group in required] == [group["planningGroupId"] for group in offered]


def test_a_forecast_of_one_week_has_no_second(organisation: Organisation) -> None:
    path = f"{schedule_of(organisation)['shortTermForecast']['selfUri']}/data"
    assert organisation.get(path, weekNumber="1") == organisation.get(path)
    with pytest.raises(ApiError, match="one week"):
        organisation.get(path, weekNumber="2")


@pytest.mark.parametrize(
    ("expand", "expected"),
    [
        ("settings", {"metadata", "startDayOfWeek", "timeZone"}),
        ("settings.timeZone,settings.startDayOfWeek", {"metadata", "startDayOfWeek", "timeZone"}),
        ("settings.timeZone", {"metadata", "timeZone"}),
    ],
)
def test_a_unit_has_those_settings_that_are_asked_for(
    organisation: Organisation, expand: str, expected: set[str]
) -> None:
    assert organisation.get(unit_path(organisation), expand=expand)["settings"].keys() == expected
    assert "settings" not in organisation.get(unit_path(organisation))


def test_a_misspelt_setting_is_refused(organisation: Organisation) -> None:
    with pytest.raises(ApiError, match=r"settings\.timezone"):
        organisation.get(unit_path(organisation), expand="settings.timezone")


def test_a_planted_shortage_needs_more_agents_than_are_scheduled(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "shortage", "time": "14:00", "agents": 5}])
    result = organisation.get(f"{schedule_of(organisation)['selfUri']}/headcountforecast")["result"]
    billing = result["entities"][0]["requiredWithoutShrinkagePerInterval"]
    at_two = datetime(2026, 11, 20, 13, tzinfo=UTC)  # 14:00 in Berlin
    on_queue = [
        activity
        for schedule in search(organisation)["result"]["agentSchedules"]
        for shift in schedule["shifts"]
        for activity in shift["activities"]
        if activity["activityCodeId"] == "0" and covers(activity, at_two)
    ]
    assert value_at(billing, result["referenceStartDate"], 13) == pytest.approx(len(on_queue) + 5, abs=1)


def test_agents_with_time_off_have_markers_and_no_shift(make: Callable[..., Organisation]) -> None:
    schedules = search(make(trouble=[{"kind": "time_off", "agents": 2}]))["result"]["agentSchedules"]
    assert [bool(schedule["shifts"]) for schedule in schedules] == [True] * 10 + [False] * 2
    assert [len(schedule["fullDayTimeOffMarkers"]) for schedule in schedules] == [0] * 10 + [1] * 2


def test_a_search_is_calculated_as_often_as_the_trouble_says(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "calculating", "times": 2, "path": "/search"}])
    answers = [search(organisation) for _ in range(3)]
    assert [answer["status"] for answer in answers] == ["Processing", "Processing", "Complete"]
    assert [("result" in answer) for answer in answers] == [False, False, True]


def test_without_a_published_schedule_nothing_is_planned(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "no_schedule"}])
    path = unit_path(organisation)
    listing = organisation.get(f"{path}/intraday/planninggroups", date="2026-11-20")
    assert listing == {"entities": [], "noDataReason": "NoPublishedSchedule"}
    assert organisation.get(f"{path}/weeks/{WEEK}/schedules")["entities"] == []
    assert search(organisation)["result"]["publishedSchedules"] == []


def test_a_schedule_without_forecast_has_shifts_all_the_same(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "no_forecast"}])
    listing = organisation.get(f"{unit_path(organisation)}/intraday/planninggroups", date="2026-11-20")
    assert listing["noDataReason"] == "NoSourceForecast"
    assert "shortTermForecast" not in schedule_of(organisation)
    assert search(organisation)["result"]["agentSchedules"]


def test_a_unit_that_moved_is_listed_with_another_business_unit(make: Callable[..., Organisation]) -> None:
    def business_unit(organisation: Organisation) -> str:
        listing = organisation.get("/api/v2/workforcemanagement/managementunits")
        return str(listing["entities"][0]["businessUnit"]["id"])

    elsewhere = make(trouble=[{"kind": "moved_unit", "business_unit": "elsewhere"}])
    assert business_unit(elsewhere) != business_unit(make())


def test_a_date_that_begins_no_week_is_not_found(organisation: Organisation) -> None:
    with pytest.raises(ApiError) as caught:
        organisation.get(f"{unit_path(organisation)}/weeks/2026-11-20/schedules")
    assert caught.value.status == 404


def test_a_large_file_is_behind_a_link(make: Callable[..., Organisation]) -> None:
    organisation = make(queues=[f"Queue {number}" for number in range(24)])
    answer = organisation.get(f"{schedule_of(organisation)['selfUri']}/headcountforecast")
    assert organisation.site.jobs.file(answer["downloadUrl"].rpartition("/")[2])
    assert "result" not in answer


def test_a_business_unit_states_its_zone_only_if_settings_are_asked_for(organisation: Organisation) -> None:
    path = unit_path(organisation)
    expanded = organisation.get(path, expand="settings.timeZone,settings.startDayOfWeek")
    assert expanded["settings"]["timeZone"] == "Europe/Berlin"
    assert "settings" not in organisation.get(path)
