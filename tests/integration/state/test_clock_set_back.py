"""The clock of Redis is set back by an hour: by NTP, or because another server with another clock takes over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from redis import Redis

from tests.integration.model.model_clock import ModelClock, scripts_by_model_clock
from worker.domain.countdowns import MAX_COUNTDOWN_SECONDS
from worker.domain.runs import NextStep, RetryLater, RunId, Step
from worker.errors import BeingFetched
from worker.state.runs import LEASE_SECONDS, PICKUP_SECONDS, RESUME_SECONDS, Runs
from worker.state.single_flight import SingleFlight
from worker.state.token_bucket import TokenBucket

RUN = RunId("support", date(2026, 11, 20))
HOUR = 3600


@pytest.fixture
def clock(redis: Redis) -> Iterator[ModelClock]:
    with scripts_by_model_clock(redis):
        yield ModelClock(redis)


@pytest.fixture
def claimed(redis: Redis, clock: ModelClock) -> Runs:
    runs = Runs(redis)
    runs.claim(RUN, "beat")
    return runs


def wait(runs: Runs, seconds: float = 30) -> None:
    """Let the first step be done, and wait for its next attempt."""
    runs.enter(RUN, Step.HOLIDAY_CHECK, "one")
    runs.settle(RUN, Step.HOLIDAY_CHECK, "one", RetryLater(seconds, "later"))


def test_the_message_of_a_waiting_step_is_taken(claimed: Runs, clock: ModelClock) -> None:
    wait(claimed)
    clock.advance(-HOUR)
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "two")[0] == "mine"


def test_the_longest_planned_wait_is_kept(claimed: Runs, clock: ModelClock) -> None:
    wait(claimed, 10 * MAX_COUNTDOWN_SECONDS)
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "two")[0] == "waiting"
    clock.advance(MAX_COUNTDOWN_SECONDS)
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "two")[0] == "mine"


def test_a_waiting_run_whose_message_is_lost_is_sent_again(claimed: Runs, clock: ModelClock) -> None:
    wait(claimed, MAX_COUNTDOWN_SECONDS)
    assert claimed.silent() == []
    clock.advance(-HOUR)
    assert claimed.silent() == [], "its message may still come"
    clock.advance(PICKUP_SECONDS)
    assert claimed.silent() == [(RUN, False)]


def test_the_run_of_a_dead_worker_is_sent_again(claimed: Runs, clock: ModelClock) -> None:
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "dead")
    clock.advance(-HOUR)
    assert claimed.silent() == []
    clock.advance(RESUME_SECONDS)
    assert claimed.silent() == [(RUN, True)]
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "heir")[0] == "held", "its holder may be alive"
    clock.advance(LEASE_SECONDS)
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "heir")[0] == "mine"


def test_a_worker_that_lives_keeps_its_lease(claimed: Runs, clock: ModelClock) -> None:
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "alive")
    clock.advance(-HOUR)
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "two")[0] == "held"
    assert claimed.renew([(RUN, "alive", 90)]) == [True]
    assert claimed.settle(RUN, Step.HOLIDAY_CHECK, "alive", NextStep(Step.EXPORT, "business day"))


def test_the_lease_of_a_step_that_never_ends_still_ends(claimed: Runs, clock: ModelClock) -> None:
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")
    clock.advance(-HOUR)
    assert claimed.renew([(RUN, "one", 90)]) == [True]
    clock.advance(91)
    assert claimed.renew([(RUN, "one", 90)]) == [False]


def test_the_flight_of_a_dead_worker_ends(redis: Redis, clock: ModelClock) -> None:
    first, second = (SingleFlight(redis, name, lambda _: None) for name in ("one", "two"))
    with first.flight("key"):
        with pytest.raises(BeingFetched), second.flight("key"):
            pytest.fail("two runs ask at the same time")
        clock.advance(-HOUR)
        with second.flight("key"):
            pass


def test_a_caller_that_never_returns_to_the_line_does_not_hold_up_the_others(redis: Redis, clock: ModelClock) -> None:
    bucket = TokenBucket(redis, "client", 300)
    bucket.hold(30)
    assert not bucket.reserve(0, rank=1, ticket="dead").granted
    clock.advance(-HOUR)
    assert bucket.reserve(0, rank=2, ticket="other").granted


def test_a_long_line_keeps_its_turns(redis: Redis, clock: ModelClock) -> None:
    bucket = TokenBucket(redis, "client", 10)
    bucket.hold(600)
    waits = [bucket.reserve(0, rank=number, ticket=str(number)).wait_seconds for number in range(200)]
    assert max(waits) > 11 * 60
    assert redis.zcard("standup:bucket:client:turns") == 200
