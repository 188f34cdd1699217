"""What a morning asked, and for how many briefings."""

from __future__ import annotations

from datetime import date

from redis import Redis

from worker.domain.runs import RunId
from worker.state.counters import Mornings

DAY = date(2026, 11, 17)
RUN = RunId("support", date(2026, 11, 16))


def test_requests_and_briefings_are_counted_by_organisation_and_day(redis: Redis) -> None:
    mornings = Mornings(redis)
    for _ in range(3):
        mornings.request("main", DAY)
    mornings.request("other", DAY)
    mornings.rows("main", DAY, RUN)
    mornings.rows("main", DAY, RUN.revised(2))
    counts = mornings.day_counts("main", DAY)
    assert (counts.requests, counts.briefings, counts.requests_per_briefing) == (3, 2, 1.5)
    assert mornings.day_counts("main", date(2026, 11, 18)).requests_per_briefing is None


def test_a_run_that_fetches_its_rows_again_is_still_one_briefing(redis: Redis) -> None:
    mornings = Mornings(redis)
    mornings.rows("main", DAY, RUN)
    mornings.rows("main", DAY, RUN)
    assert mornings.day_counts("main", DAY).briefings == 1


def test_counts_expire(redis: Redis) -> None:
    Mornings(redis).request("main", DAY)
    Mornings(redis).rows("main", DAY, RUN)
    keys = redis.keys("standup:morning:*")
    assert keys
    assert all(redis.ttl(key) > 0 for key in keys)
