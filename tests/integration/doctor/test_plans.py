"""Whether the plan of today can be asked for, by what the API lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

import pytest

from tests.integration.genesys.conftest import CountedPermits, Reply, ScriptedApi, organisation_at, session_with
from worker.doctor.finding import Level
from worker.doctor.groups import ExaminationAnswers
from worker.doctor.plans import BUSINESS_UNITS_ROUTE, check
from worker.domain.groups import Deliver, Group
from worker.genesys.wfm.units import MANAGEMENT_UNITS_ROUTE

GROUP = Group(
    key="support",
    title="Support",
    zone="Europe/Berlin",
    standup_at=time(8, 30),
    catch_up_until=time(11),
    queues=("Care",),
    management_units=("mu-1",),
    deliver=Deliver(),
)
UNITS = Reply({"entities": [{"id": "mu-1", "businessUnit": {"id": "bu-1"}}]})
OPEN = Reply({"entities": [{"id": "bu-1", "authorized": True}]})
UNIT = f"{BUSINESS_UNITS_ROUTE}/bu-1"
SETTINGS = Reply({"id": "bu-1", "settings": {"timeZone": "Europe/Berlin", "startDayOfWeek": "Monday"}})
SCHEDULE = {"id": "s-1", "weekDate": "2026-11-23", "published": True}
WITH_FORECAST = SCHEDULE | {"shortTermForecast": {"id": "f-1", "weekDate": "2026-11-23"}}
SATURDAY = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    scripted = ScriptedApi()
    yield scripted
    scripted.close()


def findings(
    api: ScriptedApi,
    units: Reply,
    business_units: Reply,
    group: Group = GROUP,
    schedules: tuple[dict[str, Any], ...] = (WITH_FORECAST,),
) -> list[tuple[Level, str]]:
    api.script("GET", MANAGEMENT_UNITS_ROUTE, units)
    api.script("GET", BUSINESS_UNITS_ROUTE, business_units)
    api.script("GET", UNIT, SETTINGS)
    api.script("GET", f"{UNIT}/weeks/2026-11-23/schedules", Reply({"entities": list(schedules)}))
    session = session_with(organisation_at(api.url), CountedPermits())
    return [
        (finding.level, f"{finding.fact} {finding.way_out}")
        for finding in check("group support", group, session, ExaminationAnswers(), lambda: SATURDAY)
    ]


def test_a_unit_that_can_be_planned_is_well(api: ScriptedApi) -> None:
    [(level, text)] = findings(api, UNITS, OPEN)
    assert level == Level.OK
    assert "can be asked for" in text
    assert api.calls(BUSINESS_UNITS_ROUTE)[0].query == {"feature": ["BuIntradayMonitoring"]}


@pytest.mark.parametrize(
    ("units", "business_units", "words"),
    [
        (Reply({"entities": []}), OPEN, "may have no licence"),
        (
            Reply({"entities": [{"id": "mu-2", "businessUnit": {"id": "bu-1"}}]}),
            OPEN,
            "does not see the management unit mu-1",
        ),
        (UNITS, Reply({"entities": []}), "Grant wfm:intraday:view in the division"),
        (
            UNITS,
            Reply({"entities": [{"id": "bu-1", "authorized": False}]}),
            "may not see the day of the management unit mu-1",
        ),
        (UNITS, Reply(b"<html>"), "cannot be listed (unreadable)"),
        (Reply({"message": "away"}, 503), OPEN, "503"),
    ],
)
def test_what_stands_in_the_way_is_one_warning_with_a_way_out(
    api: ScriptedApi, units: Reply, business_units: Reply, words: str
) -> None:
    [(level, text)] = findings(api, units, business_units)
    assert level == Level.WARNING
    assert words in text


@pytest.mark.parametrize(
    ("schedules", "words"),
    [
        ((), "the business unit bu-1 has no published schedule for 2026-11-23"),
        ((SCHEDULE,), "the schedule of the business unit bu-1 for 2026-11-23 was made without a forecast"),
    ],
)
def test_a_week_without_schedule_or_forecast_is_a_warning(
    api: ScriptedApi, schedules: tuple[dict[str, Any], ...], words: str
) -> None:
    [(_, _), (level, text)] = findings(api, UNITS, OPEN, schedules=schedules)
    assert level == Level.WARNING
    assert words in text


def test_nothing_is_asked_for_a_group_without_a_plan(api: ScriptedApi) -> None:
    assert findings(api, UNITS, OPEN, GROUP.model_copy(update={"today": False})) == []
    assert api.requests == []
