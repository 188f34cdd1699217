"""Aggregate queries over a replayed history that is small enough to count by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox import site
from sandbox.records import replay
from sandbox.scenario.file import Scenario
from sandbox.wire.errors import ApiError
from tests.unit.sandbox.conftest import SCENARIO, Clock, Organisation

CALLS = """\
queue,media_type,offered_at,answered_at,ended_at,abandoned_at,agent
Cards,voice,2001-03-05T09:00:00,2001-03-05T09:00:10,2001-03-05T09:05:10,,Ana
Cards,voice,2001-03-05T09:00:30,2001-03-05T09:00:50,2001-03-05T09:02:50,,Bo
Cards,voice,2001-03-05T09:01:00,2001-03-05T09:01:21,2001-03-05T09:03:21,,
Cards,voice,2001-03-05T09:20:00,,,2001-03-05T09:20:04,
Cards,voice,2001-03-05T09:29:50,,,2001-03-05T09:31:00,
Cards,voice,2001-03-05T23:58:00,2001-03-05T23:58:05,2001-03-06T00:04:05,,Ana
Loans,callback,2001-03-07T11:00:00,2001-03-07T11:00:00,2001-03-07T11:10:00,,Bo
Cards,voice,2001-03-05T23:59:50,2001-03-06T00:00:40,2001-03-06T00:01:40,,Bo
"""
AGGREGATES, USERS = "/api/v2/analytics/conversations/aggregates/query", "/api/v2/analytics/users/aggregates/query"
METRICS = [
    "nOffered",
    "nOverSla",
    "oServiceLevel",
    "tAnswered",
    "tAbandon",
    "tShortAbandon",
    "tHandle",
    "tTalkComplete",
]
DAYS = {
    "first": "2026-10-05T00:00:00+03:00/2026-10-06T00:00:00+03:00",
    "second": "2026-10-06T00:00:00+03:00/2026-10-07T00:00:00+03:00",
    "third": "2026-10-07T00:00:00+03:00/2026-10-08T00:00:00+03:00",
    "after": "2026-10-08T00:00:00+03:00/2026-10-09T00:00:00+03:00",
}


@pytest.fixture
def bank(tmp_path: Path) -> Organisation:
    """Return the calls above, moved so that their first day is 5 October 2026 in Jerusalem."""
    file = tmp_path / "calls.csv"
    file.write_text(CALLS)
    history = replay.load(file, date(2026, 10, 5), ZoneInfo("Asia/Jerusalem"))
    clock = Clock()
    scenario = Scenario.model_validate({"clients": SCENARIO["clients"]})
    return Organisation(site.build(scenario, clock, history), clock)


def _counts(bank: Organisation, day: str, **changes: Any) -> dict[tuple[str, ...], dict[str, Any]]:
    body = {"interval": DAYS[day], "metrics": METRICS, "groupBy": ["queueId"], **changes}
    answer = bank.post(AGGREGATES, body)
    names = {queue.id: queue.name for queue in bank.site.organisation.queues.values()}
    names |= {agent.id: agent.name for agent in bank.site.organisation.agents.values()}
    return {
        tuple(names.get(value, value) for value in result["group"].values()): {
            metric["metric"]: metric["stats"] for metric in result["data"][0]["metrics"]
        }
        for result in answer.get("results", ())
    }


def _times(bank: Organisation, day: str) -> dict[str, dict[str, int]]:
    body = {"interval": DAYS[day], "metrics": ["tAgentRoutingStatus"], "groupBy": ["userId"]}
    return {
        bank.site.organisation.agents[result["group"]["userId"]].name: {
            metric["qualifier"]: metric["stats"]["sum"] // 1000 for metric in result["data"][0]["metrics"]
        }
        for result in bank.post(USERS, body).get("results", ())
    }


def test_a_days_metrics_are_those_counted_by_hand(bank: Organisation) -> None:
    assert _counts(bank, "first")["Cards",] == {
        "nOffered": {"count": 7},
        "nOverSla": {"count": 1},
        "oServiceLevel": {"ratio": 0.5, "numerator": 3, "denominator": 6, "target": 0.8},
        "tAnswered": {"count": 4, "sum": 56_000, "min": 5_000, "max": 21_000},
        "tAbandon": {"count": 2, "sum": 74_000, "min": 4_000, "max": 70_000},
        "tShortAbandon": {"count": 1, "sum": 4_000, "min": 4_000, "max": 4_000},
        "tHandle": {"count": 3, "sum": 540_000, "min": 120_000, "max": 300_000},
        "tTalkComplete": {"count": 3, "sum": 540_000, "min": 120_000, "max": 300_000},
    }


def test_a_wait_of_exactly_the_threshold_is_in_time(bank: Organisation) -> None:
    stats = _counts(bank, "first")["Cards",]
    assert (stats["tAnswered"]["count"], stats["nOverSla"]["count"]) == (4, 1)  # waits of 5, 10, 20 and 21 s


def test_a_call_over_midnight_counts_each_event_on_its_own_day(bank: Organisation) -> None:
    assert _counts(bank, "second") == {
        ("Cards",): {
            "nOverSla": {"count": 1},
            "oServiceLevel": {"ratio": 0.0, "numerator": 0, "denominator": 1, "target": 0.8},
            "tAnswered": {"count": 1, "sum": 50_000, "min": 50_000, "max": 50_000},
            "tHandle": {"count": 2, "sum": 420_000, "min": 60_000, "max": 360_000},
            "tTalkComplete": {"count": 2, "sum": 420_000, "min": 60_000, "max": 360_000},
        }
    }


def test_a_day_after_the_last_call_gives_an_empty_answer(bank: Organisation) -> None:
    body = {"interval": DAYS["after"], "metrics": METRICS, "groupBy": ["queueId"]}
    assert bank.post(AGGREGATES, body) == {}


def test_a_queue_without_calls_is_absent(bank: Organisation) -> None:
    assert set(_counts(bank, "third")) == {("Loans",)}


def test_a_query_by_user_counts_only_agents_events(bank: Organisation) -> None:
    stats_by_user = _counts(bank, "first", groupBy=["userId"])
    assert {user: set(stats) for (user,), stats in stats_by_user.items()} == {
        "Ana": {"tAnswered", "tHandle", "tTalkComplete"},
        "Bo": {"tAnswered", "tHandle", "tTalkComplete"},
    }
    assert stats_by_user["Ana",]["tAnswered"]["count"] == 2


def test_a_half_hour_counts_the_events_emitted_in_it(bank: Organisation) -> None:
    body = {"interval": DAYS["first"], "metrics": ["nOffered", "tAbandon"], "granularity": "PT30M"}
    rows = bank.post(AGGREGATES, body)["results"][0]["data"]
    assert [(row["interval"][:16], [(m["metric"], m["stats"]["count"]) for m in row["metrics"]]) for row in rows] == [
        ("2026-10-05T06:00", [("nOffered", 5), ("tAbandon", 1)]),
        ("2026-10-05T06:30", [("tAbandon", 1)]),
        ("2026-10-05T20:30", [("nOffered", 2)]),
    ]


@pytest.mark.parametrize(
    ("query_filter", "queues"),
    [
        ({"type": "and", "predicates": [{"dimension": "mediaType", "value": "voice"}]}, {"Cards"}),
        ({"type": "or", "predicates": [{"dimension": "mediaType", "value": "callback"}]}, {"Loans"}),
        ({"type": "and", "predicates": [{"dimension": "queueId", "value": "unknown"}]}, set()),
        (
            {
                "type": "and",
                "clauses": [
                    {
                        "type": "or",
                        "predicates": [{"dimension": "mediaType", "value": m} for m in ("voice", "callback")],
                    },
                    {"type": "or", "predicates": [{"dimension": "userId", "operator": "exists"}]},
                ],
            },
            {"Cards", "Loans"},
        ),
    ],
)
def test_filters_choose_by_predicates_and_clauses(bank: Organisation, query_filter: Any, queues: set[str]) -> None:
    body = {"interval": "2026-10-05T00:00Z/2026-10-09T00:00Z", "metrics": ["tAnswered"], "groupBy": ["queueId"]}
    results = bank.post(AGGREGATES, {**body, "filter": query_filter}).get("results", ())
    assert {bank.site.organisation.queues[result["group"]["queueId"]].name for result in results} == queues


def test_agents_idle_between_calls_from_first_answer_to_last_end(bank: Organisation) -> None:
    assert _times(bank, "first") == {
        "Ana": {"INTERACTING": 300 + 115, "IDLE": 23 * 3600 + 58 * 60 + 5 - (9 * 3600 + 5 * 60 + 10)},
        "Bo": {"INTERACTING": 120},
    }
    assert _times(bank, "second") == {"Ana": {"INTERACTING": 245}, "Bo": {"INTERACTING": 60}}


def test_a_replayed_organisation_has_no_management_unit(bank: Organisation) -> None:
    assert bank.get("/api/v2/workforcemanagement/managementunits")["entities"] == []


@pytest.mark.parametrize(
    ("path", "change", "field"),
    [
        (AGGREGATES, {"interval": "2026-10-05T00:00:00/2026-10-06T00:00:00"}, "interval"),
        (AGGREGATES, {"interval": "2026-10-06T00:00Z/2026-10-05T00:00Z"}, "interval"),
        (AGGREGATES, {"metrics": []}, "metrics"),
        (AGGREGATES, {"metrics": ["serviceLevel"]}, "metrics"),
        (AGGREGATES, {"metrics": ["nOfferd"]}, "metrics"),
        (AGGREGATES, {"granularity": "30 minutes"}, "granularity"),
        (AGGREGATES, {"timeZone": "Europe/Atlantis"}, "timeZone"),
        (AGGREGATES, {"groupBy": ["colour"]}, "groupBy"),
        (AGGREGATES, {"filter": {"type": "xor"}}, "filter.type"),
        (AGGREGATES, {"views": [{"name": "short"}]}, "views"),
        (USERS, {"metrics": ["nOffered"]}, "metrics"),
        (USERS, {"groupBy": ["queueId"]}, "groupBy"),
        (
            USERS,
            {"filter": {"type": "or", "predicates": [{"dimension": "userId", "value": str(n)} for n in range(101)]}},
            "filter",
        ),
    ],
)
def test_a_wrong_query_is_refused_and_the_field_is_named(
    bank: Organisation, path: str, change: dict[str, Any], field: str
) -> None:
    metrics = ["nOffered"] if path == AGGREGATES else ["tAgentRoutingStatus"]
    with pytest.raises(ApiError) as refusal:
        bank.post(path, {"interval": DAYS["first"], "metrics": metrics, **change})
    assert (refusal.value.status, refusal.value.details[0]["fieldName"]) == (400, field)
