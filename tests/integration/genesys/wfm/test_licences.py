"""What an organisation without workforce management, or a client without its roles, gets to read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.genesys.conftest import MemoryAnswers, Reply, ScriptedApi, order
from worker.domain.rows import Window
from worker.domain.today.plan import NotKnown, TodayPlan
from worker.genesys.api.session import Session
from worker.genesys.source import Order
from worker.genesys.wfm.source import TodaySource

UNITS = "/api/v2/workforcemanagement/managementunits"
UNIT = "/api/v2/workforcemanagement/businessunits/bu-1"
NEW_YORK = ZoneInfo("America/New_York")
TODAY = Window(datetime(2026, 11, 17, tzinfo=NEW_YORK), datetime(2026, 11, 18, tzinfo=NEW_YORK))
ORDER: Order = order(queues=("id:q-1",), management_units=("mu-1",), today=TODAY)
SETTINGS = {"id": "bu-1", "settings": {"timeZone": "America/New_York", "startDayOfWeek": "Sunday"}}
GROUPS = {"entities": [{"id": "pg-1", "routePaths": [{"queue": {"id": "q-1"}, "mediaType": "Voice"}]}]}


def refused(text: str) -> Reply:
    return Reply({"message": text, "code": "missing.permissions", "status": 403}, 403)


def script_units(api: ScriptedApi) -> None:
    api.script("GET", UNITS, Reply({"entities": [{"id": "mu-1", "businessUnit": {"id": "bu-1"}}]}))
    api.script("GET", UNIT, Reply(SETTINGS))
    api.script("GET", f"{UNIT}/intraday/planninggroups", Reply(GROUPS))
    api.script("GET", "/api/v2/routing/queues", Reply({"entities": [{"id": "q-1", "name": "Care"}], "pageCount": 1}))
    members = {"entities": [{"id": "user-1", "name": "Ana"}], "pageCount": 1}
    api.script("GET", "/api/v2/routing/queues/q-1/members", Reply(members))


def plan_of(session: Session) -> TodayPlan:
    return TodaySource(session, MemoryAnswers()).plan(ORDER)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply({"entities": []}), NotKnown.NO_LICENCE),
        (Reply({"message": "no such thing", "status": 404}, 404), NotKnown.NO_LICENCE),
        (refused("This organisation is not licensed"), NotKnown.NO_LICENCE),
        (refused("You must have all of the following permissions: [wfm:managementUnit:view]"), NotKnown.NO_PERMISSION),
        (Reply(b"<html>"), NotKnown.UNREADABLE),
    ],
)
def test_the_list_of_units_tells_whether_there_is_a_licence(
    api: ScriptedApi, session: Session, answer: Reply, reason: NotKnown
) -> None:
    api.script("GET", UNITS, answer)
    plan = plan_of(session)
    assert (plan.not_known, plan.people_not_known, plan.media) == (reason, reason, ())


def test_a_plan_names_each_missing_permission_for_operators(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    problem = "You must have all of the following permissions: [wfm:publishedSchedule:view]"
    api.script("GET", f"{UNIT}/weeks/2026-11-15/schedules", refused(problem))
    api.script(
        "GET", f"{UNIT}/activitycodes", refused("You must have all of the following permissions: [wfm:agent:view]")
    )
    answers = MemoryAnswers()
    causes = ("the permission wfm:publishedSchedule:view is missing", "the permission wfm:agent:view is missing")
    assert TodaySource(session, answers).plan(ORDER).causes == causes
    assert TodaySource(session, answers).plan(ORDER).causes == causes  # from what is remembered of the refusals


def test_a_plan_names_the_management_unit_that_is_not_seen(api: ScriptedApi, session: Session) -> None:
    api.script("GET", UNITS, Reply({"entities": [{"id": "mu-2", "businessUnit": {"id": "bu-1"}}]}))
    plan = plan_of(session)
    assert plan.not_known is NotKnown.NO_PERMISSION
    assert plan.causes == ("the OAuth client does not see the management unit mu-1",)


def test_a_refused_part_is_not_asked_for_again_by_the_next_run(api: ScriptedApi, session: Session) -> None:
    api.script("GET", UNITS, refused("You must have: [wfm:managementUnit:view]"))
    answers = MemoryAnswers()
    for _ in range(3):
        TodaySource(session, answers).plan(ORDER)
    assert len(api.calls(UNITS)) == 1


def test_a_week_that_begins_on_sunday_is_asked_for_by_its_sunday(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    plan_of(session)
    assert len(api.calls(f"{UNIT}/weeks/2026-11-15/schedules")) == 1


def test_a_week_that_is_not_found_has_no_published_schedule(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    assert plan_of(session).not_known is NotKnown.NO_SCHEDULE


def schedule(**fields: Any) -> dict[str, Any]:
    return {"id": "s-1", "weekDate": "2026-11-15", "weekCount": 1, "published": True, **fields}


def test_the_newest_of_two_published_schedules_counts(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    older = schedule(id="s-old", metadata={"version": 3, "dateModified": "2026-11-10T08:00:00Z"})
    newer = schedule(id="s-new", metadata={"version": 1, "dateModified": "2026-11-11T08:00:00Z"})
    api.script("GET", f"{UNIT}/weeks/2026-11-15/schedules", Reply({"entities": [older, newer]}))
    plan_of(session)
    assert api.calls(f"{UNIT}/weeks/2026-11-15/schedules/s-new/headcountforecast")
    assert not api.calls(f"{UNIT}/weeks/2026-11-15/schedules/s-old/headcountforecast")


def test_a_schedule_of_several_weeks_is_named_by_its_own_week(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    long_schedule = schedule(
        weekDate="2026-11-01", weekCount=4, shortTermForecast={"id": "f-1", "weekDate": "2026-11-01"}
    )
    api.script("GET", f"{UNIT}/weeks/2026-11-15/schedules", Reply({"entities": [long_schedule]}))
    plan_of(session)
    assert api.calls(f"{UNIT}/weeks/2026-11-01/schedules/s-1/headcountforecast")
    (forecast,) = api.calls(f"{UNIT}/weeks/2026-11-01/shorttermforecasts/f-1/data")
    assert forecast.query["weekNumber"] == ["3"]


def test_a_finished_search_behind_a_link_is_downloaded(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    api.script("GET", f"{UNIT}/activitycodes", Reply({"entities": [{"id": "0", "category": "OnQueueWork"}]}))
    start = "2026-11-17T14:00:00.000Z"
    shift = {
        "startDate": start,
        "lengthMinutes": 60,
        "activities": [{"startDate": start, "lengthMinutes": 60, "activityCodeId": "0"}],
    }
    result = {
        "publishedSchedules": [{"id": "s-1"}],
        "agentSchedules": [{"user": {"id": "user-1"}, "shifts": [shift]}, {"user": {"id": "stranger"}}],
    }
    api.script("POST", f"{UNIT}/agentschedules/search", Reply({"status": "Complete", "downloadUrl": f"{api.url}/file"}))
    api.script("GET", "/file", Reply(result))
    assert plan_of(session).people_not_known is None
    (search,) = api.calls(f"{UNIT}/agentschedules/search")
    assert search.json() == {
        "startDate": "2026-11-17T05:00:00.000Z",
        "endDate": "2026-11-18T05:00:00.000Z",
        "userIds": ["user-1"],
    }


def test_the_state_of_a_search_decides_and_not_its_http_status(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    api.script("GET", f"{UNIT}/activitycodes", Reply({"entities": []}))
    api.script("POST", f"{UNIT}/agentschedules/search", Reply({"status": "Processing", "operationId": "op-1"}, 200))
    assert TodaySource(session, MemoryAnswers()).plan(ORDER, give_up=True).people_not_known is NotKnown.NOT_IN_TIME
