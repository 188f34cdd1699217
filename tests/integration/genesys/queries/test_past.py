"""Six weeks by one query are the same days that are asked for one by one."""

from __future__ import annotations

import dataclasses
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tests.integration.genesys.conftest import CountedPermits, MemoryAnswers, Reply, ScriptedApi
from tests.integration.genesys.test_against_the_sandbox import BERLIN, QUEUES, live, queries, sandbox  # noqa: F401
from worker.domain.briefing.history import figures_of
from worker.domain.calendar.business_day import window_of
from worker.domain.rows import Rows, Window
from worker.errors import MalformedAnswer
from worker.genesys.api.session import Session
from worker.genesys.queries.past import past_days
from worker.genesys.queries.source import QueriesSource
from worker.genesys.source import ExportJob, Order

FIRST, LAST = date(2026, 10, 5), date(2026, 11, 16)
SIX_WEEKS = Window(window_of(FIRST, BERLIN).start, window_of(LAST, BERLIN).start)
MEDIA = ("voice", "chat")
ROUTE = "/api/v2/analytics/conversations/aggregates/query"


def script_bucket(api: ScriptedApi, interval: str) -> None:
    queue = {"id": "q1", "name": "Billing", "mediaSettings": {}}
    api.script("GET", "/api/v2/routing/queues", Reply({"entities": [queue], "pageCount": 1}))
    stats = {"metric": "nOffered", "stats": {"count": 3}}
    group = {"queueId": "q1", "mediaType": "voice"}
    data = [{"interval": interval, "metrics": [stats]}]
    api.script("POST", ROUTE, Reply({"results": [{"group": group, "data": data}]}))


def test_each_past_day_has_the_figures_of_that_day_asked_alone(
    live: Session,  # noqa: F811 - a fixture's name
    queries: QueriesSource,  # noqa: F811 - a fixture's name
    answers: MemoryAnswers,
) -> None:
    days = past_days(live, answers, SIX_WEEKS, BERLIN, QUEUES, MEDIA)
    assert min(days) >= FIRST
    assert max(days) < LAST
    assert len(days) > 25
    # a Friday, the Monday after the clocks were set back, and the last day
    for day in (date(2026, 10, 23), date(2026, 10, 26), max(days)):
        order = Order(f"day-{day}", window_of(day, BERLIN), "Europe/Berlin", QUEUES, MEDIA)
        single = figures_of(dataclasses.replace(queries.collect(order, ExportJob("queries", "done")), agents=()))
        assert figures_of(Rows((), days[day])) == single
        assert single.counts.offered


def test_six_weeks_cost_one_query(live: Session, permits: CountedPermits, answers: MemoryAnswers) -> None:  # noqa: F811
    past_days(live, answers, SIX_WEEKS, BERLIN, QUEUES, MEDIA)
    day_before = live.requests_sent
    past_days(live, answers, SIX_WEEKS, BERLIN, QUEUES, MEDIA)
    assert live.requests_sent - day_before == 1


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("Atlantic/Azores", date(2026, 10, 25), "2026-10-25T00:00:00.000Z"),
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00:00.000Z"),
    ],
)
def test_a_day_whose_midnight_occurs_twice_begins_with_the_first(
    api: ScriptedApi, session: Session, answers: MemoryAnswers, zone: str, day: date, start: str
) -> None:
    script_bucket(api, f"{start}/x")
    window = window_of(day, ZoneInfo(zone))
    assert list(past_days(session, answers, window, ZoneInfo(zone), ("Billing",), ("voice",))) == [day]


def test_buckets_that_are_days_of_another_zone_are_refused(
    api: ScriptedApi, session: Session, answers: MemoryAnswers
) -> None:
    script_bucket(api, "2026-10-20T00:00:00.000Z/2026-10-21T00:00:00.000Z")
    with pytest.raises(MalformedAnswer, match=r"no day of Europe/Berlin"):
        past_days(session, answers, SIX_WEEKS, BERLIN, ("Billing",), ("voice",))
