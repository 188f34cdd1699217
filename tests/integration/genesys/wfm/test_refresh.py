"""Management units, business units and activity codes are refreshed at night, and plans of the morning find them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from tests.integration.genesys.conftest import MemoryAnswers, Reply, ScriptedApi
from tests.integration.genesys.wfm.test_licences import ORDER, SETTINGS, UNIT, UNITS, refused, script_units
from worker.genesys.answer_cache import REFRESH_SECONDS, AnswerCache
from worker.genesys.api.session import Session
from worker.genesys.wfm.refresh import refresh_stale
from worker.genesys.wfm.source import TodaySource

CODES = f"{UNIT}/activitycodes"


class LaterAnswers(MemoryAnswers):
    """Answers among which those that last no longer than until the next refresh have expired."""

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        if lifetime_seconds > REFRESH_SECONDS:
            super().put(key, value, lifetime_seconds)


def refresh(session: Session, answers: Any, *management_units: str) -> None:
    cache = AnswerCache(answers, session.organisation.client_key)
    refresh_stale(session, cache, management_units or ("mu-1",))


def request_counts(api: ScriptedApi) -> Counter[str]:
    return Counter(request.path for request in api.requests)


def test_a_plan_finds_what_was_refreshed_at_night(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    api.script("GET", CODES, Reply({"entities": []}))
    answers = MemoryAnswers()
    refresh(session, answers)
    refresh(session, answers)
    TodaySource(session, answers).plan(ORDER)
    assert [request_counts(api)[path] for path in (UNITS, UNIT, CODES)] == [1, 1, 1]


def test_a_management_unit_that_moved_is_planned_by_its_new_business_unit(api: ScriptedApi, session: Session) -> None:
    script_units(api)
    api.script("GET", CODES, Reply({"entities": []}))
    answers = LaterAnswers()
    refresh(session, answers)
    api.script("GET", UNITS, Reply({"entities": [{"id": "mu-1", "businessUnit": {"id": "bu-2"}}]}))
    new_unit = UNIT.replace("bu-1", "bu-2")
    api.script("GET", new_unit, Reply({**SETTINGS, "id": "bu-2"}))
    api.script("GET", f"{new_unit}/activitycodes", Reply({"entities": []}))
    refresh(session, answers)
    api.requests.clear()
    TodaySource(session, answers).plan(replace(ORDER))
    assert request_counts(api)[f"{new_unit}/intraday/planninggroups"] == 1
    assert request_counts(api)[f"{UNIT}/intraday/planninggroups"] == 0


def test_a_refusal_is_not_asked_for_all_night(api: ScriptedApi, session: Session) -> None:
    api.script("GET", UNITS, refused("You must have: [wfm:managementUnit:view]"))
    answers = MemoryAnswers()
    for _ in range(3):
        refresh(session, answers)
    assert request_counts(api)[UNITS] == 1


def test_groups_without_a_plan_refresh_nothing(api: ScriptedApi, session: Session) -> None:
    refresh_stale(session, AnswerCache(MemoryAnswers(), session.organisation.client_key), ())
    assert api.requests == []
