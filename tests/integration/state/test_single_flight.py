"""One run asks, the others wait and are woken; on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from redis import Redis

from worker.errors import BeingFetched, LookupFailed, QuotaWait, SourceUnavailable, StandupError
from worker.state.single_flight import (
    AWAIT_SECONDS,
    LEASE_SECONDS,
    PAUSE_SECONDS,
    SHORT_WAIT_SECONDS,
    Landings,
    ShortWaits,
    SingleFlight,
    wakes_at_the_end,
)

KEY = "queries:1"
FLIGHT = f"standup:flight:{KEY}"


@pytest.fixture
def woken() -> list[str]:
    """The runs that were woken, in their order."""
    return []


@pytest.fixture
def flights(redis: Redis, woken: list[str]) -> Callable[[str], SingleFlight]:
    """The flights of a run by its name."""

    def wake(runs: Iterable[str]) -> None:
        woken.extend(runs)

    return lambda run_id: SingleFlight(redis, run_id, wake)


def fail(flight: SingleFlight, error: StandupError) -> None:
    """Be in the flight, and leave it with this error."""
    with pytest.raises(type(error)), flight.flight(KEY):
        raise error


def enter(flight: SingleFlight) -> None:
    """Be in the flight, and leave it well."""
    with flight.flight(KEY):
        pass


def test_a_second_caller_must_wait_while_the_first_fetches(flights: Callable[[str], SingleFlight]) -> None:
    with flights("first").flight(KEY), pytest.raises(BeingFetched) as refusal:
        enter(flights("second"))
    assert refusal.value.flight == KEY
    assert 0 < (refusal.value.retry_after_seconds or 0) <= AWAIT_SECONDS


def test_different_keys_do_not_wait_for_each_other(flights: Callable[[str], SingleFlight]) -> None:
    with flights("first").flight(KEY), flights("second").flight("queries:2"):
        pass


def test_waiting_runs_are_woken_when_the_fetch_ends(
    redis: Redis, flights: Callable[[str], SingleFlight], woken: list[str]
) -> None:
    with flights("first").flight(KEY):
        assert Landings(redis).await_landing(KEY, "second")
        assert Landings(redis).await_landing(KEY, "third")
        assert woken == []
    assert woken == ["second", "third"]
    enter(flights("second"))


def test_runs_that_wait_for_flights_of_a_step_are_woken_once_at_its_end(
    redis: Redis, flights: Callable[[str], SingleFlight], woken: list[str]
) -> None:
    with wakes_at_the_end():
        for key in (KEY, "queries:2"):
            with flights("first").flight(key):
                assert Landings(redis).await_landing(key, "second")
        enter(flights("third"))  # the flight itself is free
        assert woken == []
    assert woken == ["second"]


def test_a_step_that_fails_wakes_the_runs_that_wait_for_its_flights(
    redis: Redis, flights: Callable[[str], SingleFlight], woken: list[str]
) -> None:
    def ask() -> None:
        with wakes_at_the_end(), flights("first").flight(KEY):
            assert Landings(redis).await_landing(KEY, "second")
            raise SourceUnavailable("away")

    with pytest.raises(SourceUnavailable):
        ask()
    assert woken == ["second"]


def test_a_finished_fetch_is_not_waited_for(redis: Redis, flights: Callable[[str], SingleFlight]) -> None:
    enter(flights("first"))
    assert not Landings(redis).await_landing(KEY, "second")


def test_a_run_does_not_wait_for_itself(redis: Redis, flights: Callable[[str], SingleFlight]) -> None:
    with flights("first").flight(KEY):
        assert not Landings(redis).await_landing(KEY, "first")


def test_a_holder_that_waits_for_quota_stays_the_holder_and_comes_back(
    redis: Redis, flights: Callable[[str], SingleFlight], woken: list[str]
) -> None:
    fail(flights("first"), QuotaWait("full", retry_after_seconds=30))
    with pytest.raises(BeingFetched):
        enter(flights("second"))
    assert Landings(redis).await_landing(KEY, "second")
    enter(flights("first"))
    assert woken == ["second"]


def test_another_caller_takes_over_when_a_dead_holders_lease_ends(
    redis: Redis, flights: Callable[[str], SingleFlight]
) -> None:
    flight = flights("dead").flight(KEY)
    flight.__enter__()
    assert 0 < redis.pttl(FLIGHT) <= LEASE_SECONDS * 1000
    redis.hset(FLIGHT, "until_ms", 1)
    enter(flights("second"))


def test_a_resumed_holder_continues_at_once(flights: Callable[[str], SingleFlight]) -> None:
    flights("run").flight(KEY).__enter__()
    enter(flights("run"))


@pytest.mark.parametrize("error", [LookupFailed("no such queue"), SourceUnavailable("away")])
def test_a_failure_wakes_the_waiting_runs(
    redis: Redis, flights: Callable[[str], SingleFlight], woken: list[str], error: StandupError
) -> None:
    def ask() -> None:
        with flights("first").flight(KEY):
            assert Landings(redis).await_landing(KEY, "second")
            raise error

    with pytest.raises(type(error)):
        ask()
    assert woken == ["second"]
    enter(flights("second"))


class Clock:
    """A clock that only sleeping moves. ``during_sleep`` happens in each sleep."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.during_sleep: Callable[[], object] = lambda: None

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds
        self.during_sleep()

    def short_waits(self) -> ShortWaits:
        """Return the waits of a process that has this clock."""
        return ShortWaits(lambda: self.seconds, self.sleep)


def test_a_run_waits_a_moment_in_its_step_for_an_answer(redis: Redis) -> None:
    clock = Clock()
    first = SingleFlight(redis, "first", lambda _: None).flight(KEY)
    first.__enter__()
    clock.during_sleep = lambda: first.__exit__(None, None, None)
    enter(SingleFlight(redis, "second", lambda _: None, clock.short_waits()))
    assert 0 < clock.seconds < SHORT_WAIT_SECONDS


def test_after_a_wait_in_vain_no_run_waits_in_its_step_for_a_while(redis: Redis) -> None:
    clock = Clock()
    short_waits = clock.short_waits()
    second = SingleFlight(redis, "second", lambda _: None, short_waits)
    third = SingleFlight(redis, "third", lambda _: None, short_waits)
    waits = []
    with SingleFlight(redis, "first", lambda _: None).flight(KEY):
        for flight, pause in ((second, 0), (third, 0), (third, PAUSE_SECONDS)):
            clock.seconds += pause
            began_at = clock.seconds
            with pytest.raises(BeingFetched):
                enter(flight)
            waits.append(clock.seconds > began_at)
    assert waits == [True, False, True]


def test_a_run_does_not_wait_in_its_step_for_one_that_waits_itself(redis: Redis) -> None:
    clock = Clock()
    fail(SingleFlight(redis, "first", lambda _: None), QuotaWait("Scarce.", retry_after_seconds=30))
    with pytest.raises(BeingFetched) as refusal:
        enter(SingleFlight(redis, "second", lambda _: None, clock.short_waits()))
    assert clock.seconds == 0.0
    assert refusal.value.retry_after_seconds == AWAIT_SECONDS


def test_a_wait_in_a_step_ends_when_a_request_has_to_wait_for_its_permit(redis: Redis) -> None:
    clock = Clock()
    short_waits = clock.short_waits()
    clock.during_sleep = short_waits.pause
    with SingleFlight(redis, "first", lambda _: None).flight(KEY), pytest.raises(BeingFetched):
        enter(SingleFlight(redis, "second", lambda _: None, short_waits))
    assert clock.seconds < SHORT_WAIT_SECONDS / 2
