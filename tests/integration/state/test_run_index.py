"""Lists of runs read the index, which the scripts keep and which is built for the runs of older releases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from redis import Redis

from tests.integration.state.releases import load_redis
from worker.domain.runs import Finished, NextStep, RunId, RunState, Step
from worker.state.ageing.compaction import Compaction
from worker.state.index.building import BUILT, RunIndex
from worker.state.runs import Runs

DAY = date(2026, 11, 20)
RUN = RunId("support", DAY)


@pytest.fixture
def runs(redis: Redis) -> Runs:
    return Runs(redis)


def end(runs: Runs, run_id: RunId, state: RunState) -> None:
    """Claim a run and end it at its first step."""
    runs.claim(run_id, "beat")
    runs.enter(run_id, Step.HOLIDAY_CHECK, "worker")
    assert runs.settle(run_id, Step.HOLIDAY_CHECK, "worker", Finished(state, "ended"))


def ids(runs: Runs, **selection: object) -> list[RunId]:
    return [run.id for run in runs.newest(10, **selection)]  # type: ignore[arg-type]


def commands_of(redis: Redis, read: Callable[[], object]) -> int:
    """Return how many commands a call sends."""
    sent_before = redis.info("stats")["total_commands_processed"]
    read()
    return int(redis.info("stats")["total_commands_processed"]) - int(sent_before) - 1


@pytest.mark.parametrize("state", [state for state in RunState if state != RunState.OPEN])
def test_a_run_is_listed_in_the_state_in_which_it_ended(runs: Runs, state: RunState) -> None:
    runs.claim(RunId("other", DAY), "beat")
    end(runs, RUN, state)
    assert ids(runs, state=state) == [RUN]
    assert ids(runs, state=RunState.OPEN) == [RunId("other", DAY)]


def test_a_run_that_is_resumed_is_listed_as_open(runs: Runs) -> None:
    end(runs, RUN, RunState.FAILED)
    runs.resume(RUN, "operator")
    assert ids(runs, state=RunState.FAILED) == []
    assert ids(runs, state=RunState.OPEN) == [RUN]


def test_a_run_that_is_sent_again_is_listed_as_open(runs: Runs) -> None:
    end(runs, RUN, RunState.PARTLY_DELIVERED)
    runs.reopen(RUN, Step.DELIVER, "operator")
    assert ids(runs, state=RunState.PARTLY_DELIVERED) == []
    assert ids(runs, state=RunState.OPEN, group="support") == [RUN]


def test_a_run_that_was_claimed_as_missed_is_listed_as_missed(runs: Runs) -> None:
    runs.claim(RUN, "beat", state=RunState.MISSED)
    assert ids(runs, state=RunState.MISSED) == [RUN]


def test_all_revisions_of_a_group_are_listed_in_the_order_of_their_claims(runs: Runs) -> None:
    older = RunId("support", DAY - timedelta(days=7))
    for run_id in (RUN, older, RUN.revised(2), RunId("support-emea", DAY)):
        runs.claim(run_id, "beat")
    assert set(ids(runs, group="support")) == {RUN.revised(2), older, RUN}
    created = [run.created_at for run in runs.newest(group="support")]
    assert created == sorted(created, reverse=True)


def test_a_list_reads_only_the_runs_that_it_shows(runs: Runs, redis: Redis) -> None:
    runs.claim_all("beat", [(RunId(f"group-{number}", DAY), {}) for number in range(450)])
    end(runs, RUN, RunState.FAILED)
    for selection in ({"state": RunState.FAILED}, {"group": "support"}):
        assert commands_of(redis, lambda selection=selection: ids(runs, **selection)) <= 4


def test_a_deleted_run_leaves_the_list_of_its_state(runs: Runs, redis: Redis) -> None:
    end(runs, RUN, RunState.FAILED)
    redis.delete(f"standup:run:{RUN}")
    assert ids(runs, state=RunState.FAILED) == []
    assert redis.exists("standup:runs:failed", "standup:runs") == 0


@pytest.mark.parametrize("is_indexed", [True, False])
def test_a_failure_since_an_instant_is_found_with_and_without_an_index(
    runs: Runs, redis: Redis, is_indexed: bool
) -> None:
    end(runs, RUN, RunState.FAILED)
    if not is_indexed:
        redis.delete(BUILT)
    claim_ms = runs.newest_claim_ms()
    assert runs.any_claimed_since(claim_ms, [RunState.MISSED, RunState.FAILED])
    assert not runs.any_claimed_since(claim_ms + 1, [RunState.FAILED])
    assert not runs.any_claimed_since(claim_ms, [RunState.SKIPPED])


def test_runs_of_a_release_without_an_index_are_listed_as_before(runs: Runs, redis: Redis) -> None:
    load_redis(redis)
    assert [run.group for run in ids(runs, state=RunState.FAILED)] == ["broken-exports"]
    assert [run.group for run in ids(runs, group="harbour-claims")] == ["harbour-claims"]
    assert not redis.exists(BUILT)


def test_the_runs_of_a_release_without_an_index_are_indexed_once(runs: Runs, redis: Redis) -> None:
    load_redis(redis)
    assert RunIndex(redis).complete() == 4
    assert RunIndex(redis).complete() == 0
    assert [run.group for run in ids(runs, state=RunState.FAILED)] == ["broken-exports"]
    assert [run.group for run in ids(runs, state=RunState.NOTIFIED)] == ["harbour-claims"]
    assert [run.group for run in ids(runs, group="three-readers")] == ["three-readers"]
    assert len(ids(runs, state=RunState.DELIVERED)) == 1


def test_a_run_that_an_older_worker_ended_is_indexed_when_it_is_made_small(runs: Runs, redis: Redis) -> None:
    end(runs, RUN, RunState.FAILED)
    redis.delete("standup:runs:failed", "standup:days:support")
    Compaction(redis).compact(10**15)
    assert ids(runs, state=RunState.FAILED) == ids(runs, group="support") == [RUN]


def test_a_run_under_way_is_in_no_list_of_ends(runs: Runs, redis: Redis) -> None:
    runs.claim(RUN, "beat")
    runs.enter(RUN, Step.HOLIDAY_CHECK, "worker")
    runs.settle(RUN, Step.HOLIDAY_CHECK, "worker", NextStep(Step.EXPORT, "business day"))
    assert redis.keys("standup:runs:*") == []
