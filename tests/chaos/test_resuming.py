"""A step counts as resumed when another worker has its lease after the first one's ran out."""

from __future__ import annotations

import pytest
from redis import Redis

from tests.chaos.resuming import Lease, Resumption, ResumptionWatch, interrupted_at
from worker.state.runs import LEASE_SECONDS

KILLED_AT = 1_000.0
FIRST = Lease("first", KILLED_AT - 3 + LEASE_SECONDS)  # renewed three seconds before
SECOND = Lease("second", KILLED_AT + 100)


@pytest.fixture
def watch(redis: Redis) -> ResumptionWatch:
    return ResumptionWatch(redis, faults=[KILLED_AT - 50, KILLED_AT, KILLED_AT + 5])


def test_a_new_holder_after_the_lease_counts_from_the_fault(watch: ResumptionWatch) -> None:
    watch.note("run", FIRST, KILLED_AT)
    watch.note("run", SECOND, KILLED_AT + 31)
    assert watch.resumptions == [Resumption("run", KILLED_AT, FIRST.ends_at, KILLED_AT + 31)]
    assert watch.resumptions[0].seconds == 31.0


def test_a_new_holder_within_the_lease_resumes_nothing(watch: ResumptionWatch) -> None:
    """The first has ended its step, and the next step has begun."""
    watch.note("run", FIRST, KILLED_AT)
    watch.note("run", SECOND, KILLED_AT + 1)
    watch.note("run", None, KILLED_AT + 2)
    watch.note("run", Lease("third", KILLED_AT + 200), KILLED_AT + 3)
    assert watch.resumptions == []


def test_a_renewed_lease_resumes_nothing(watch: ResumptionWatch) -> None:
    watch.note("run", FIRST, KILLED_AT)
    watch.note("run", Lease("first", FIRST.ends_at + 5), KILLED_AT + 25)
    assert watch.resumptions == []


def test_a_holder_that_ended_its_step_unseen_was_not_interrupted(watch: ResumptionWatch) -> None:
    watch.note("run", FIRST, KILLED_AT)
    watch.note("run", SECOND, KILLED_AT + 70, settled_by="first")
    assert watch.resumptions == []


def test_an_interruption_without_a_fault_counts_from_the_last_sign_of_life() -> None:
    assert interrupted_at(500.0, []) == 500.0
    assert interrupted_at(500.0, [499.0, 700.0, 600.0]) == 600.0


def test_the_watch_reads_the_leases_of_open_runs(redis: Redis) -> None:
    watch = ResumptionWatch(redis)
    redis.zadd("standup:open", {"run": 1})
    redis.hset("standup:run:run", mapping={"holder": "first", "lease_until_ms": 20_000})
    watch.look(now=10.0)
    redis.hset("standup:run:run", mapping={"holder": "second", "lease_until_ms": 60_000, "settled_by": "zeroth"})
    watch.look(now=30.0)
    redis.hset("standup:run:run", mapping={"holder": "third", "lease_until_ms": 99_000, "settled_by": "second"})
    watch.look(now=70.0)
    assert [resumption.seconds for resumption in watch.resumptions] == [30.0]
