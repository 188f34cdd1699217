"""Silent runs are sent again, but not those that only wait in a long queue."""

from __future__ import annotations

import pytest
from redis import Redis

from tests.integration.services.test_due import MONDAY
from worker.domain.runs import Finished, RunId, RunState, Step
from worker.services.recovery import Recovery
from worker.state.runs import Runs

BEGUN, WAITING, ENDED = (RunId(key, MONDAY.date()) for key in ("begun", "waiting", "ended"))


@pytest.fixture
def runs(redis: Redis) -> Runs:
    """Three silent runs: one whose worker died, one that no worker has begun, one that has ended since."""
    runs = Runs(redis)
    for run_id in (BEGUN, WAITING, ENDED):
        runs.claim(run_id, "beat")
    runs.enter(BEGUN, Step.HOLIDAY_CHECK, "killed")
    runs.enter(ENDED, Step.HOLIDAY_CHECK, "quick")
    runs.settle(ENDED, Step.HOLIDAY_CHECK, "quick", Finished(RunState.DELIVERED, "done"))
    redis.zadd("standup:open", {str(run_id): 1 for run_id in (BEGUN, WAITING, ENDED)})
    return runs


@pytest.mark.parametrize(
    ("in_queues", "resent"),
    [(set(), {BEGUN, WAITING}), ({WAITING, ENDED}, {BEGUN}), ({BEGUN}, {BEGUN, WAITING})],
)
def test_a_run_whose_message_waits_is_sent_again_only_if_begun(
    in_queues: set[RunId], resent: set[RunId], runs: Runs
) -> None:
    chains: list[tuple[RunId, Step]] = []
    recovery = Recovery(runs, lambda run_id, step: chains.append((run_id, step)), lambda: set(map(str, in_queues)))
    assert set(recovery.resend_silent()) == resent
    assert {run_id for run_id, _ in chains} == resent
    assert recovery.resend_silent() == [], "once per grace period"


def test_begun_steps_are_sent_last_because_the_front_is_a_stack(runs: Runs) -> None:
    chains: list[RunId] = []
    Recovery(runs, lambda run_id, _: chains.append(run_id), frozenset).resend_silent()
    assert chains == [WAITING, BEGUN]
