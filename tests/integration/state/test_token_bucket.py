"""The token bucket on a real server whose clock stops. Waits are the bucket's answers; no test measures time."""

from __future__ import annotations

import itertools
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from worker.errors import QuotaWait
from worker.state import scripts
from worker.state.token_bucket import (
    COME_BACK_EARLY_SECONDS,
    SLEEP_IN_ALL_SECONDS,
    Permits,
    Quotas,
    QuotaUse,
    TokenBucket,
)

LONG = 36_000.0
PERIOD = 2_970.0
"""With a limit of 300 and its burst of 3, permits are ten seconds apart."""


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stop the clock that the scripts read, so that calls take no time on any machine."""
    stop_clock_at(int(time.time()), monkeypatch)
    yield
    scripts._hash.cache_clear()


READ_SOURCE = scripts.source


def stop_clock_at(second: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now = f"{{{second}, 0}}"
    monkeypatch.setattr(scripts, "source", lambda name: READ_SOURCE(name).replace("redis.call('TIME')", now))
    scripts._hash.cache_clear()


def waits(bucket: TokenBucket, count: int) -> list[float]:
    return [bucket.reserve(LONG).wait_seconds for _ in range(count)]


def test_permits_beyond_the_burst_are_spaced_out(redis: Redis) -> None:
    wait_times = waits(TokenBucket(redis, "client", 300, PERIOD), 8)
    assert wait_times[:3] == [0, 0, 0]
    assert wait_times[3:] == pytest.approx([10, 20, 30, 40, 50])


def test_no_stretch_of_one_period_holds_more_permits_than_the_limit(redis: Redis) -> None:
    bucket = TokenBucket(redis, "client", 100, period_seconds=60)
    start = sorted(waits(bucket, 250))
    for instant in start:
        assert sum(instant <= other_instant < instant + 60 for other_instant in start) <= 100


def test_contending_callers_share_one_bucket(redis: Redis) -> None:
    def reserve(_: int) -> float:
        return TokenBucket(redis, "client", 300, PERIOD).reserve(LONG).wait_seconds

    with ThreadPoolExecutor(16) as pool:
        wait_times = sorted(pool.map(reserve, range(48)))
    assert wait_times[-1] == pytest.approx(45 * 10)
    assert all(later_wait - earlier > 9.9 for earlier, later_wait in itertools.pairwise(wait_times[2:]))


def test_a_refused_reservation_changes_nothing(redis: Redis) -> None:
    bucket = TokenBucket(redis, "client", 300, PERIOD)
    waits(bucket, 30)
    refused = [bucket.reserve(30.0) for _ in range(3)]
    assert not any(grant.granted for grant in refused)
    assert refused[0].wait_seconds == pytest.approx(refused[2].wait_seconds)


def test_clients_do_not_share(redis: Redis) -> None:
    waits(TokenBucket(redis, "one", 300, PERIOD), 50)
    assert TokenBucket(redis, "two", 300, PERIOD).reserve(0).granted


def test_a_429_holds_all_callers_and_then_admits_them_one_by_one(redis: Redis) -> None:
    TokenBucket(redis, "client", 300, PERIOD).hold(700)
    wait_times = waits(TokenBucket(redis, "client", 300, PERIOD), 4)
    assert wait_times[0] == pytest.approx(700)
    assert [later_wait - wait_times[0] for later_wait in wait_times[1:]] == pytest.approx([10, 20, 30])


def test_with_no_requests_remaining_callers_wait_for_the_reset(redis: Redis) -> None:
    bucket = TokenBucket(redis, "client", 300, PERIOD)
    bucket.observe(remaining=0, allowed=300, reset_seconds=200)
    assert waits(bucket, 1)[0] == pytest.approx(200)


def test_below_ten_remaining_the_rest_is_spread_to_the_reset(redis: Redis) -> None:
    bucket = TokenBucket(redis, "client", 300, PERIOD)
    bucket.observe(remaining=5, allowed=300, reset_seconds=300)
    assert waits(bucket, 5) == pytest.approx([0, 60, 120, 180, 240])


def test_an_answer_never_hurries_the_bucket(redis: Redis) -> None:
    bucket = TokenBucket(redis, "client", 300, PERIOD)
    waits(bucket, 40)
    wait_before = bucket.reserve(0).wait_seconds
    bucket.observe(remaining=299, allowed=300, reset_seconds=60)
    assert bucket.reserve(0).wait_seconds == pytest.approx(wait_before)


def test_a_smaller_quota_than_configured_is_learned(redis: Redis) -> None:
    bucket = TokenBucket(redis, "client", 300, PERIOD)
    bucket.observe(remaining=59, allowed=60, reset_seconds=60)
    wait_times = waits(TokenBucket(redis, "client", 300, PERIOD), 4)
    assert wait_times[3] - wait_times[2] == pytest.approx(PERIOD / 59)


def spacing_of(redis: Redis) -> float:
    """Seconds between two permits of the bucket beyond its burst."""
    *_, before_last, last = waits(TokenBucket(redis, "client", 300, PERIOD), 6)
    return last - before_last


@pytest.mark.parametrize("allowed", [300, None])
def test_the_smallest_stated_limit_counts(redis: Redis, allowed: int | None) -> None:
    for limit in (300, 60, allowed):
        TokenBucket(redis, "client", 300, PERIOD).observe(remaining=59, allowed=limit, reset_seconds=60)
    assert spacing_of(redis) == pytest.approx(PERIOD / 59)


def test_a_limit_that_was_not_stated_for_two_periods_gives_way(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    minute = int(time.time())
    for seconds_later, allowed in ((0, 60), (2 * PERIOD, 300)):
        stop_clock_at(minute + int(seconds_later), monkeypatch)
        TokenBucket(redis, "client", 300, PERIOD).observe(remaining=59, allowed=allowed, reset_seconds=60)
    assert spacing_of(redis) == pytest.approx(PERIOD / 297)


def test_the_bucket_of_an_older_program_gives_way_to_the_next_stated_limit(redis_url: str, redis: Redis) -> None:
    with Redis.from_url(redis_url) as raw:
        raw.set("standup:bucket:client", struct.pack("<10d", 0, 0, 0, 0, 60, 0, 0, 0, 0, 0))
    TokenBucket(redis, "client", 300, PERIOD).observe(remaining=299, allowed=300, reset_seconds=60)
    assert spacing_of(redis) == pytest.approx(PERIOD / 297)


def test_a_later_stand_up_gets_no_permit_while_an_earlier_one_waits(redis: Redis) -> None:
    bucket = drained(redis)
    early = bucket.reserve(0, rank=100, ticket="early")
    late = bucket.reserve(LONG, rank=200, ticket="late")
    assert not early.granted
    assert not late.granted
    assert late.wait_seconds == pytest.approx(early.wait_seconds + 10)
    assert bucket.reserve(LONG, rank=100, ticket="early").granted
    assert bucket.reserve(LONG, rank=200, ticket="late").granted


def test_an_earlier_stand_up_goes_before_those_that_wait_already(redis: Redis) -> None:
    bucket = drained(redis)
    promised = bucket.reserve(0, rank=200, ticket="late").wait_seconds
    early = bucket.reserve(LONG, rank=100, ticket="early")
    assert early.granted
    assert early.wait_seconds == pytest.approx(promised)
    late = bucket.reserve(LONG, rank=200, ticket="late")
    assert late.wait_seconds == pytest.approx(promised + 10)


def test_equal_stand_ups_are_served_in_the_order_in_which_they_came(redis: Redis) -> None:
    bucket = drained(redis)
    first_waits = [bucket.reserve(0, rank=100, ticket=ticket).wait_seconds for ticket in "abc"]
    assert [later_wait - first_waits[0] for later_wait in first_waits] == pytest.approx([0, 10, 20])
    assert not bucket.reserve(LONG, rank=100, ticket="c").granted
    assert [bucket.reserve(LONG, rank=100, ticket=ticket).granted for ticket in "abc"] == [True] * 3


def test_a_caller_that_asks_again_keeps_its_place(redis: Redis) -> None:
    bucket = drained(redis)
    first = [bucket.reserve(0, rank=100, ticket=ticket).wait_seconds for ticket in "ab"]
    repeated_waits = [bucket.reserve(0, rank=100, ticket=ticket).wait_seconds for ticket in "ab"]
    assert repeated_waits == pytest.approx(first)


def test_a_caller_that_never_returns_loses_only_its_own_permit(redis: Redis) -> None:
    bucket = drained(redis)
    bucket.reserve(0, rank=100, ticket="dead")
    redis.zadd("standup:bucket:client:turns", {"dead": 1})  # its turn has passed
    assert bucket.reserve(LONG, rank=200, ticket="alive").granted


def test_a_step_that_has_slept_its_limit_gives_its_thread_back(redis: Redis) -> None:
    bucket = TokenBucket(redis, "client", 300, PERIOD)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        """Each permit is a second and a half away, however many were taken."""
        slept.append(seconds)
        redis.delete("standup:bucket:client")
        bucket.hold(1.5)

    permits = Permits(bucket, sleep=sleep)
    refused: list[QuotaWait] = []
    while not refused:
        try:
            permits.take()
        except QuotaWait as error:
            refused.append(error)
    assert SLEEP_IN_ALL_SECONDS - 2 < sum(slept) <= SLEEP_IN_ALL_SECONDS


@pytest.mark.parametrize(
    ("remaining", "allowed", "reset"),
    [(-7, 300, 30.0), (0, 0, 30.0), (0, -5, None), (0, None, 1e12)],
    ids=["negative remaining", "nothing allowed", "negative allowed", "a reset in 30,000 years"],
)
def test_a_wrong_header_delays_callers_for_at_most_two_periods(
    redis: Redis, remaining: int, allowed: int | None, reset: float | None
) -> None:
    bucket = TokenBucket(redis, "client", 300, period_seconds=60)
    bucket.observe(remaining, allowed, reset)
    assert bucket.reserve(LONG).wait_seconds <= 121
    assert bucket.reserve(LONG).granted


def drained(redis: Redis) -> TokenBucket:
    """A bucket whose burst is gone; permits are ten seconds apart."""
    bucket = TokenBucket(redis, "client", 300, PERIOD)
    waits(bucket, 3)
    return bucket


def test_a_short_wait_is_slept_through_and_a_long_one_raises(redis: Redis) -> None:
    slept: list[float] = []
    permits = Permits(TokenBucket(redis, "client", 300), sleep=slept.append)
    for _ in range(10):
        permits.take()
    assert max(slept) > 0
    permits.hold(30)
    with pytest.raises(QuotaWait) as raised:
        permits.take()
    assert raised.value.retry_after_seconds == pytest.approx(30 - COME_BACK_EARLY_SECONDS)


def test_a_clock_that_was_set_back_does_not_shut_the_bucket_for_as_long(redis_url: str, redis: Redis) -> None:
    bucket = TokenBucket(redis, "client", 300)
    waits(bucket, 5)
    with Redis.from_url(redis_url) as raw:
        [key] = raw.keys("standup:bucket:client*")
        tomorrow = (time.time() + 86_400) * 1e6
        raw.set(key, struct.pack("<7d", tomorrow, tomorrow, 1e6, tomorrow, 300, 0, 0))
    assert bucket.reserve(5).granted


def test_no_answer_holds_callers_for_more_than_ten_periods(redis: Redis) -> None:
    bucket = TokenBucket(redis, "client", 300)
    bucket.hold(86_400)
    assert bucket.reserve(LONG).wait_seconds <= 601


def test_without_redis_there_is_no_permit() -> None:
    unreachable = Redis(port=1, socket_connect_timeout=0.2, retry=None)
    with pytest.raises(QuotaWait, match="Redis does not answer"):
        Permits(TokenBucket(unreachable, "client", 300, PERIOD)).take()


QUOTAS = {"main": ("client", 300), "idle": ("other", 60)}


def test_the_use_of_a_quota_says_who_waits_for_how_long_and_changes_nothing(redis: Redis) -> None:
    bucket, quotas = TokenBucket(redis, "client", 300), Quotas(redis, QUOTAS)
    waits(bucket, 3)
    for ticket in ("first", "second"):
        assert not bucket.reserve(0, rank=5, ticket=ticket).granted
    dumps = [redis.dump(key) for key in redis.scan_iter()]
    use = quotas.by_organisation({"main": ["second", "nobody"]})["main"]
    assert (use.limit, use.used_count, use.waiting_count, use.held_seconds) == (300, 3, 2, 0)
    assert use.wait_seconds == {"second": pytest.approx(2 * 60 / 297, abs=0.001)}
    assert use.last_wait_seconds == use.wait_seconds["second"]
    assert [redis.dump(key) for key in redis.scan_iter()] == dumps
    bucket.hold(30)
    assert quotas.by_organisation({})["main"].held_seconds == 30


def test_an_untouched_quota_and_one_of_the_first_releases_stay_as_they_are(redis: Redis) -> None:
    redis.hset("standup:bucket:client", "tat", "1")
    free = {name: QuotaUse(limit, 0, 0, 0, 0, {}) for name, (_, limit) in QUOTAS.items()}
    assert Quotas(redis, QUOTAS).by_organisation({}) == free
    assert redis.keys() == ["standup:bucket:client"]
    assert Quotas(redis, {}).by_organisation({}) == {}


@pytest.mark.parametrize(("seconds_later", "used_count"), [(30, 120), (60, 120), (75, 90), (90, 60), (120, 0)])
def test_the_use_of_a_quota_is_that_of_the_last_minute(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, seconds_later: int, used_count: int
) -> None:
    minute = int(time.time()) // 60 * 60
    stop_clock_at(minute, monkeypatch)
    waits(TokenBucket(redis, "client", 300), 120)
    stop_clock_at(minute + seconds_later, monkeypatch)
    assert Quotas(redis, QUOTAS).by_organisation({})["main"].used_count == used_count


def test_an_older_program_beside_this_one_shares_the_bucket(redis_url: str, redis: Redis) -> None:
    bucket = TokenBucket(redis, "client", 300, PERIOD)
    waits(bucket, 3)
    with Redis.from_url(redis_url) as raw:
        stored = raw.get("standup:bucket:client")
        raw.set("standup:bucket:client", struct.pack("<7d", *struct.unpack_from("<7d", stored)))
    assert bucket.reserve(LONG).wait_seconds == pytest.approx(10)
