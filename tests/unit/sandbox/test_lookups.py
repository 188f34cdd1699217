"""Queues, members, users and calendars can be looked up as on the platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.scenario.file import ClientEntry
from sandbox.wire.errors import ApiError
from tests.unit.sandbox.conftest import FRIDAY, Organisation

QUEUES = "/api/v2/routing/queues"


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("Billing", ["Billing"]),
        ("billing", ["Billing"]),
        ("Bill", []),
        ("Bill*", ["Billing"]),
        ("*S", ["Repairs", "Sales"]),
        ("*i*", ["Billing", "English", "Repairs"]),
        ("*", ["Billing", "English", "Repairs", "Sales"]),
    ],
)
def test_queues_are_found_by_name(organisation: Organisation, name: str, matches: list[str]) -> None:
    assert [queue["name"] for queue in organisation.get(QUEUES, name=name)["entities"]] == matches


@pytest.mark.parametrize("ids", [lambda a, b: [a, b], lambda a, b: f"{a},{b}"], ids=["repeated", "commas"])
def test_several_ids_are_repeated_or_joined_by_commas(
    organisation: Organisation, ids: Callable[[str, str], Any]
) -> None:
    first, second, *_ = organisation.site.organisation.agents
    users = organisation.get("/api/v2/users", id=ids(first, second), state="any")["entities"]
    assert {user["id"] for user in users} == {first, second}


def test_each_page_links_to_the_next(organisation: Organisation) -> None:
    pages = [organisation.get(QUEUES, pageSize=3, pageNumber=n) for n in (1, 2)]
    assert [len(page["entities"]) for page in pages] == [3, 1]
    assert {(page["total"], page["pageCount"]) for page in pages} == {(4, 2)}
    assert pages[0]["nextUri"] == "/api/v2/routing/queues?pageSize=3&pageNumber=2"
    assert "nextUri" not in pages[1]


@pytest.mark.parametrize("size", [0, 101, "many"])
def test_members_come_in_pages_of_at_most_a_hundred(organisation: Organisation, size: Any) -> None:
    with pytest.raises(ApiError, match="pageSize must be between 1 and 100"):
        organisation.get(f"{QUEUES}/{organisation.id_of('Sales')}/members", pageSize=size)


def test_a_queue_states_its_service_level_objective(make: Callable[..., Organisation]) -> None:
    organisation = make(queues=[{"name": "Billing", "service_level_seconds": 45, "target": 0.9}])
    level = organisation.get(f"{QUEUES}/{organisation.id_of('Billing')}")["mediaSettings"]["call"]["serviceLevel"]
    assert level == {"percentage": 0.9, "durationMs": 45_000}


def test_each_medium_of_a_queue_can_have_its_own_objective(make: Callable[..., Organisation]) -> None:
    chat = {"service_level_seconds": 60, "target": 0.9}
    queue = {"name": "Billing", "media": ["voice", "chat"], "media_targets": {"chat": chat, "email": "none"}}
    organisation = make(queues=[queue])
    (list_entry,) = organisation.get(QUEUES, name="Billing")["entities"]
    settings = organisation.get(f"{QUEUES}/{organisation.id_of('Billing')}")["mediaSettings"]
    assert list_entry["mediaSettings"] == settings
    assert settings["call"]["serviceLevel"] == {"percentage": 0.8, "durationMs": 20_000}
    assert settings["chat"]["serviceLevel"] == {"percentage": 0.9, "durationMs": 60_000}
    assert "serviceLevel" not in settings["email"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v2/routing/queues/1",
        "/api/v2/routing/queues/1/members",
        "/api/v2/users/1",
        "/api/v2/workforcemanagement/managementunits/1/users",
        "/api/v2/architect/schedulegroups/1",
        "/api/v2/architect/schedules/1",
        "/api/v2/reporting/holidaycalendars/1",
        "/api/v2/reporting/exports/1",
        "/api/v2/downloads/1",
        "/api/v2/workforcemanagement/adherence/historical/bulk/jobs/1",
    ],
)
def test_an_unknown_id_is_not_found(organisation: Organisation, path: str) -> None:
    with pytest.raises(ApiError) as refusal:
        organisation.get(path)
    assert (refusal.value.status, refusal.value.params) == (404, {"id": "1"})


def test_a_scenarios_holiday_is_in_schedule_group_and_calendar(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "holiday", "date": "2026-12-25", "name": "Christmas Day"}])
    (group,) = organisation.get("/api/v2/architect/schedulegroups", name="EMEA Holidays")["entities"]
    schedule = organisation.get(group["holidaySchedules"][0]["selfUri"])
    calendar = organisation.get("/api/v2/reporting/holidaycalendars/emea-holidays")
    assert (group["timeZone"], schedule["name"]) == ("Europe/Berlin", "Christmas Day")
    assert (schedule["start"], schedule["end"]) == ("2026-12-25T00:00:00.000", "2026-12-26T00:00:00.000")
    assert calendar["holidays"] == [{"date": "2026-12-25", "name": "Christmas Day"}]


def test_a_division_that_the_client_may_not_see_is_left_out(make: Callable[..., Organisation]) -> None:
    organisation = make(division="Secret")
    organisation.client = ClientEntry(id="standup", secret="s3cret", divisions=("Home",))
    body = {"interval": FRIDAY, "metrics": ["nOffered"], "groupBy": ["queueId"]}
    (result,) = organisation.post("/api/v2/analytics/conversations/aggregates/query", body)["results"]
    assert result["group"]["queueId"] == organisation.id_of("Sales")
    assert [queue["name"] for queue in organisation.get(QUEUES)["entities"]] == ["Sales"]


@pytest.mark.parametrize("kind", ["managementunits", "businessunits"])
def test_a_unit_in_a_division_that_the_client_may_not_see_is_left_out(
    make: Callable[..., Organisation], kind: str
) -> None:
    organisation, path = make(division="Secret"), f"/api/v2/workforcemanagement/{kind}"
    assert len(organisation.get(path)["entities"]) == 1
    organisation.client = ClientEntry(id="standup", secret="s3cret", divisions=("Home",))
    assert organisation.get(path)["entities"] == []
