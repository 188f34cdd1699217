"""Explores what workers, the broker and operators can do to a run, in many orders, with the real code on real Redis.

``pytest --hypothesis-profile explore`` looks at twenty times as many orders.
"""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from redis import Redis

from tests.integration.model.machine import RunMachine
from tests.integration.model.model_clock import Fault
from worker.state.files.artifacts import Artifacts

STEPS_OF_A_STORY = 50


def explore(redis: Redis, fault: Fault | None = None, *, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    artifacts = Artifacts("memory://run-states")
    run_state_machine_as_test(
        lambda: RunMachine(redis, artifacts, fault),
        settings=settings(stateful_step_count=STEPS_OF_A_STORY, phases=phases),
    )


def test_every_run_ends_and_nobody_gets_a_revision_twice(redis: Redis) -> None:
    explore(redis)


FAULTS: dict[str, Fault] = {
    "a run is claimed twice": ("claim", "redis.call('EXISTS', KEYS[1]) == 1", "false"),
    "a second worker enters a step that is being done": ("enter", "lease_until > now", "false"),
    "a worker settles without the lease": ("settle", "redis.call('HGET', KEYS[1], 'holder') ~= ARGV[2]", "false"),
    "a waiting run is not swept": (
        "silent",
        "redis.call('ZADD', KEYS[1], now + ARGV[1], run_id)",
        "redis.call('ZREM', KEYS[1], run_id)",
    ),
    "recipients who have it are planned again": ("plan", "record['state'] ~= 'refused'", "false"),
    "an end is not indexed": ("settle", "if state ~= 'delivered' then", "if false then"),
    "a reopened run stays indexed as ended": ("reopen", "redis.call('ZREM', KEYS[4]", "redis.call('EXISTS', KEYS[4]"),
    "a restored run has lost its deliveries": ("restore", "for i = 4, #ARGV, 2 do", "for i = 4, 3 do"),
    "a delivery moves from any state": ("delivery", "not string.find(expected, ',' .. state .. ',', 1, true)", "false"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_of_a_script_is_noticed(fault: Fault, redis: Redis) -> None:
    with pytest.raises(AssertionError):
        explore(redis, fault, phases=(Phase.generate,))
