"""The leases of a process are renewed together, as long as their steps last."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as ConnectionLost

from tasks.leases import RENEWAL_SECONDS, LeaseKeeper
from worker.domain.runs import RunId, Step
from worker.state.runs import Runs

RUNS = [RunId("sales", date(2026, 11, 20)), RunId("support", date(2026, 11, 20))]


class CountingRuns(Runs):
    """A ledger that counts its round trips for renewals, and may fail them."""

    fails = False
    renewals = 0

    def renew(self, leases: Iterable[tuple[RunId, str, float]]) -> list[bool]:
        self.renewals += 1
        if self.fails:
            raise ConnectionLost
        return super().renew(leases)


@pytest.fixture
def runs(redis: Redis) -> CountingRuns:
    """A ledger with runs whose steps have begun."""
    runs = CountingRuns(redis)
    for run_id in RUNS:
        runs.claim(run_id, "beat")
        assert runs.enter(run_id, Step.HOLIDAY_CHECK, "me")[0] == "mine"
    return runs


def end_leases(redis: Redis, until_ms: int = 1) -> None:
    for run_id in RUNS:
        redis.hset(f"standup:run:{run_id}", "lease_until_ms", until_ms)


def ends_of_leases(redis: Redis) -> list[int]:
    return [int(redis.hget(f"standup:run:{run_id}", "lease_until_ms") or 0) for run_id in RUNS]


def test_all_leases_that_are_due_are_renewed_in_one_round_trip(redis: Redis, runs: CountingRuns) -> None:
    keeper, now = LeaseKeeper(runs), time.monotonic()
    end_leases(redis)
    with keeper.renewing(RUNS[0], "me", 90), keeper.renewing(RUNS[1], "me", 90):
        keeper.renew_due(now)
        assert (runs.renewals, ends_of_leases(redis)) == (0, [1, 1]), "renewed before it is due"
        keeper.renew_due(now + 2 * RENEWAL_SECONDS)
    assert runs.renewals == 1
    assert min(ends_of_leases(redis)) > 1


def test_the_lease_of_a_step_that_has_ended_is_not_renewed(redis: Redis, runs: CountingRuns) -> None:
    keeper = LeaseKeeper(runs)
    with keeper.renewing(RUNS[0], "me", 90):
        pass
    keeper.renew_due(time.monotonic() + 2 * RENEWAL_SECONDS)
    assert runs.renewals == 0


def test_a_lease_that_another_worker_has_is_refused_once_and_harms_no_other(redis: Redis, runs: CountingRuns) -> None:
    keeper, now = LeaseKeeper(runs), time.monotonic()
    end_leases(redis)
    with keeper.renewing(RUNS[0], "somebody else", 90), keeper.renewing(RUNS[1], "me", 90):
        keeper.renew_due(now + 2 * RENEWAL_SECONDS)
        assert [end > 1 for end in ends_of_leases(redis)] == [False, True]
        end_leases(redis)
        redis.hset(f"standup:run:{RUNS[0]}", "holder", "somebody else")
        keeper.renew_due(now + 4 * RENEWAL_SECONDS)
        assert [end > 1 for end in ends_of_leases(redis)] == [False, True]


def test_a_renewal_that_fails_is_tried_again_at_the_next_look(redis: Redis, runs: CountingRuns) -> None:
    keeper, due_at = LeaseKeeper(runs), time.monotonic() + 2 * RENEWAL_SECONDS
    end_leases(redis)
    with keeper.renewing(RUNS[0], "me", 90):
        runs.fails = True
        keeper.renew_due(due_at)
        runs.fails = False
        keeper.renew_due(due_at)
    assert ends_of_leases(redis)[0] > 1


def test_the_thread_renews_a_lease_while_its_step_lasts(
    redis: Redis, runs: CountingRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tasks import leases
    from tests.waiting import wait_until

    monkeypatch.setattr(leases, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(leases, "RENEWAL_SECONDS", 0.0)
    end_leases(redis)
    with LeaseKeeper(runs).renewing(RUNS[0], "me", 90):
        wait_until(lambda: ends_of_leases(redis)[0] > 1, "the lease is renewed")
