"""A past that cannot be told costs the briefing its context, never the briefing."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from redis import Redis

from worker.domain.groups import Deliver, Group
from worker.domain.runs import RunId
from worker.genesys.access import OrganisationAccess
from worker.services.past import PastDays
from worker.state.history import History

APIA = Group(
    key="apia",
    title="Apia",
    zone="Pacific/Apia",
    standup_at=time(8, 30),
    catch_up_until=time(11),
    queues=("Care",),
    deliver=Deliver(),
)


def unused(*_: object) -> Any:
    raise AssertionError("nothing is requested here")


def test_a_past_that_begins_on_a_day_the_zone_skipped_is_not_requested(redis: Redis) -> None:
    six_weeks_after = date(2012, 2, 10)
    past_days = PastDays(History(redis), OrganisationAccess(unused, unused, unused))
    assert past_days.record(APIA, six_weeks_after, RunId("apia", six_weeks_after)) == 0
