"""Plans of days that are easily read wrong: nights, far zones, agents in two places, half days off, empty figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.genesys.conftest import MemoryAnswers, Reply, ScriptedApi
from tests.integration.genesys.wfm.test_licences import NEW_YORK, ORDER, SETTINGS, UNIT, UNITS, schedule, script_units
from worker.domain.rows import Window
from worker.domain.today.plan import NotKnown, TodayPlan
from worker.genesys.api.session import Session
from worker.genesys.wfm.source import TodaySource

WEEK = f"{UNIT}/weeks/2026-11-15"
CODES = {"0": "OnQueueWork", "3": "Meeting", "5": "TimeOff", "6": "Training"}
MIDNIGHT = datetime(2026, 11, 17, tzinfo=NEW_YORK)
WEEK_START = datetime(2026, 11, 15, tzinfo=NEW_YORK)


def activity(start_hour: float, hours: float, code: str = "0") -> dict[str, Any]:
    start = (MIDNIGHT + timedelta(hours=start_hour)).isoformat()
    return {"startDate": start, "lengthMinutes": hours * 60, "activityCodeId": code}


def agent(*activities: dict[str, Any], user: str = "user-1", **fields: Any) -> dict[str, Any]:
    first = [{"startDate": activities[0]["startDate"], "lengthMinutes": 60}] if activities else []
    shifts = [{**shift, "activities": activities} for shift in first]
    return {"user": {"id": user}, "shifts": shifts, **fields}


def steps(value: float, hours: range) -> list[float]:
    """Return a week of quarters of an hour that has a value in some hours of the day of the plan."""
    return [value if step // 4 - 48 in hours else 0.0 for step in range(7 * 96)]


def script_plan(api: ScriptedApi, *agents: dict[str, Any], unit: str = UNIT, **files: Any) -> None:
    """Script a schedule whose files are given, with a forecast and a requirement from nine to noon by default."""
    reference = {"referenceStartDate": WEEK_START.isoformat()}
    nine_to_noon = range(9, 12)
    required = files.get("required", steps(4.0, nine_to_noon))
    offered, handle = files.get("offered", steps(6.0, nine_to_noon)), files.get("handle", steps(300.0, nine_to_noon))
    week = f"{unit}/weeks/2026-11-15"
    published = schedule(shortTermForecast={"id": "f-1", "weekDate": "2026-11-15"})
    api.script("GET", f"{week}/schedules", Reply({"entities": [published]}))
    heads = [{"planningGroup": {"id": "pg-1"}, "requiredWithoutShrinkagePerInterval": required}]
    api.script("GET", f"{week}/schedules/s-1/headcountforecast", Reply({"result": {**reference, "entities": heads}}))
    group = {
        "planningGroupId": "pg-1",
        "offeredPerInterval": offered,
        "averageHandleTimeSecondsPerInterval": handle,
    }
    forecast = {**reference, "planningGroups": [group]}
    api.script("GET", f"{week}/shorttermforecasts/f-1/data", Reply({"result": forecast}))
    codes = [{"id": code, "category": category} for code, category in CODES.items()]
    api.script("GET", f"{unit}/activitycodes", Reply({"entities": codes}))
    result = {"publishedSchedules": [{"id": "s-1"}], "agentSchedules": list(agents)}
    api.script("POST", f"{unit}/agentschedules/search", Reply({"status": "Complete", "result": result}))


@pytest.fixture
def planned(api: ScriptedApi, session: Session) -> Any:
    def plan(*agents: dict[str, Any], **files: Any) -> TodayPlan:
        script_units(api)
        members = [{"id": "user-1", "name": "Ana"}, {"id": "user-2", "name": "Ben"}]
        api.script("GET", "/api/v2/routing/queues/q-1/members", Reply({"entities": members, "pageCount": 1}))
        script_plan(api, *agents, **files)
        return TodaySource(session, MemoryAnswers()).plan(ORDER)

    return plan


def scheduled(plan: TodayPlan) -> dict[str, float | None]:
    [medium] = plan.media
    return {f"{interval.start:%H:%M}": interval.scheduled for interval in medium.intervals}


def test_a_shift_that_crosses_midnight_counts_inside_the_day_alone(planned: Any) -> None:
    plan = planned(agent(activity(-2, 4)), agent(activity(23, 8), user="user-2"))
    assert scheduled(plan)["01:30"] == 1
    assert scheduled(plan)["02:00"] == 0
    assert next(iter(scheduled(plan))) == "00:00"


def test_one_whose_night_ends_today_is_neither_off_nor_late(planned: Any) -> None:
    night = agent(activity(-2, 4), fullDayTimeOffMarkers=[{"businessUnitDate": "2026-11-17"}])
    plan = planned(night)
    assert (plan.absent, plan.start_later) == ((), ())


def test_half_a_day_off_is_a_later_start_and_no_absence(planned: Any) -> None:
    plan = planned(agent(activity(8, 4, "5"), activity(12, 4)), agent(activity(8, 8), user="user-2"))
    assert plan.absent == ()
    assert [f"{person.start:%H:%M}" for person in plan.start_later] == ["12:00"]


def test_an_afternoon_off_is_no_absence(planned: Any) -> None:
    plan = planned(agent(activity(8, 4), activity(12, 4, "5")))
    assert (plan.absent, plan.start_later) == ((), ())
    assert scheduled(plan)["11:30"] == 1


def test_a_whole_day_of_time_off_in_a_shift_is_an_absence(planned: Any) -> None:
    assert [person.name for person in planned(agent(activity(8, 8, "5"))).absent] == ["Ana"]


def test_a_planning_group_without_queues_of_the_group_is_left_out(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    script_plan(api, agent(activity(9, 3)))
    own_group = {"id": "pg-1", "routePaths": [{"queue": {"id": "q-1"}, "mediaType": "Voice"}]}
    foreign = {"id": "pg-2", "routePaths": [{"queue": {"id": "q-9"}, "mediaType": "Voice"}]}
    api.script("GET", f"{UNIT}/intraday/planninggroups", Reply({"entities": [foreign, {"id": "pg-3"}, own_group]}))
    plan = TodaySource(session, MemoryAnswers()).plan(ORDER)
    assert (plan.not_known, plan.foreign_queues) == (None, ())
    assert {interval.required for interval in plan.media[0].intervals} == {4.0}


def test_empty_required_heads_leave_the_forecast_known(planned: Any) -> None:
    plan = planned(agent(activity(9, 3)), required=[])
    assert {(interval.offered, interval.required) for interval in plan.media[0].intervals} == {(12.0, None)}


def test_a_handle_time_of_zero_is_no_obstacle(planned: Any) -> None:
    plan = planned(agent(activity(9, 3)), handle=steps(0.0, range(0)))
    assert {(interval.offered, interval.handle_seconds) for interval in plan.media[0].intervals} == {(12.0, 0.0)}


def test_meetings_and_trainings_of_the_groups_agents_are_known(planned: Any) -> None:
    plan = planned(agent(activity(8, 2), activity(10, 1, "6"), activity(11, 1)))
    [training] = plan.media[0].activities
    assert (training.kind.value, f"{training.start:%H:%M}", training.agents) == ("training", "10:00", 1)


def test_an_agent_in_the_schedules_of_two_units_keeps_the_shift(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    script_plan(api, agent(activity(9, 3)))
    second_unit = UNIT.replace("bu-1", "bu-2")
    units = [{"id": "mu-1", "businessUnit": {"id": "bu-1"}}, {"id": "mu-2", "businessUnit": {"id": "bu-2"}}]
    api.script("GET", UNITS, Reply({"entities": units}))
    api.script("GET", second_unit, Reply({**SETTINGS, "id": "bu-2"}))
    api.script("GET", f"{second_unit}/intraday/planninggroups", Reply({"entities": [{"id": "pg-9"}]}))
    script_plan(api, agent(), unit=second_unit)
    two_units = replace(ORDER, management_units=("mu-1", "mu-2"))
    plan = TodaySource(session, MemoryAnswers()).plan(two_units)
    assert scheduled(plan)["09:00"] == 1


def test_a_group_in_a_far_zone_is_planned_by_the_units_own_date(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    auckland = ZoneInfo("Pacific/Auckland")
    day = datetime(2026, 11, 18, tzinfo=auckland)
    order = replace(ORDER, zone=auckland.key, today=Window(day, day + timedelta(days=1)))
    script_plan(api, agent(activity(9, 3)))
    plan = TodaySource(session, MemoryAnswers()).plan(order)
    (groups,) = api.calls(f"{UNIT}/intraday/planninggroups")
    assert groups.query == {"date": ["2026-11-17"]}  # noon in Auckland is 18:00 of the day before in New York
    assert plan.day.isoformat() == "2026-11-18"
    # nine to noon in New York is three to six in the morning in Auckland
    assert [f"{interval.start:%H:%M}" for interval in plan.media[0].intervals][:2] == ["03:00", "03:30"]


def test_no_agent_in_the_published_schedule_is_said_to_operators(planned: Any) -> None:
    plan = planned()
    assert plan.people_not_known is NotKnown.NO_SCHEDULE
    assert plan.causes == ("no agent of the group is in the published schedule",)
