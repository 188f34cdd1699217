"""Old runs become small in Redis and say the same as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from redis import Redis

from worker.domain.deliveries import Delivery
from worker.domain.runs import Finished, NextStep, RetryLater, RunId, RunState, Step
from worker.state.ageing.compaction import Compaction
from worker.state.deliveries import Deliveries
from worker.state.runs import Runs

RUN = RunId("support-emea", date(2026, 11, 20))
FAR_AHEAD = 10**15
OUTCOMES = (
    (Step.HOLIDAY_CHECK, NextStep(Step.EXPORT, "business day")),
    (Step.EXPORT, RetryLater(0, "another run is asking for this")),
    (Step.EXPORT, NextStep(Step.POLL, "export started", {"job": '{"id":"5f3c1a0e-77aa-4c1e-9d0f-2b6f6c1d9e11"}'})),
    (Step.POLL, RetryLater(0, "not ready yet", {"polls": 1}, detail="RUNNING, 40 %")),
    (Step.POLL, RetryLater(0, "not ready yet", {"polls": 2}, detail="RUNNING, 80 %")),
    (Step.POLL, NextStep(Step.RENDER, "rows fetched", detail="3 queues, 432 intervals, 12 agents")),
    (
        Step.RENDER,
        NextStep(
            Step.DELIVER,
            "documents made",
            {"outcome": "briefing"},
            detail="daily-standup-support-emea-2026-11-20.pdf 43,811 bytes, SHA-256 0c5e9a21bb77f010; "
            "daily-standup-support-emea-2026-11-20.xlsx 22,307 bytes, SHA-256 9d81e6f4b2a3c55e",
        ),
    ),
    (Step.DELIVER, Finished(RunState.DELIVERED, "1 sent, 0 not")),
)


def brief(runs: Runs, deliveries: Deliveries, run_id: RunId) -> None:
    """Let a run pass through all steps."""
    runs.claim(run_id, "beat", standup_at="2026-11-23T08:30:00+01:00", source="queries")
    for number, (step, outcome) in enumerate(OUTCOMES):
        assert runs.enter(run_id, step, f"holder-{number}") == "mine"
        runs.count_request(run_id)
        assert runs.settle(run_id, step, f"holder-{number}", outcome)
    deliveries.plan(run_id, [("email", "ana.torres@example.com")])
    planned = Delivery("email", "ana.torres@example.com", "planned", tries=1, until="2026-11-23T09:00:00+00:00")
    deliveries.move(run_id, replace(planned, state="sending"), ("planned",))
    proof, message_id = "250 2.0.0 Ok: queued as 4F2B81A0C3", f"<{run_id.group}.2026-11-20.r1.5f3c@example.com>"
    deliveries.move(run_id, planned.sent(proof, message_id), ("sending",))


def stored_bytes(redis: Redis, run_id: RunId) -> int:
    """Return the memory of all keys of a run."""
    return sum(redis.memory_usage(f"standup:{kind}:{run_id}", samples=0) for kind in ("run", "timeline", "deliveries"))


@pytest.fixture
def runs(redis: Redis) -> Runs:
    runs = Runs(redis)
    brief(runs, Deliveries(redis), RUN)
    return runs


def test_an_old_run_takes_about_a_kilobyte(runs: Runs, redis: Redis) -> None:
    """1,024 bytes, and on a slow machine a size class more: the more its instants differ, the less they compress."""
    Compaction(redis).compact(FAR_AHEAD)
    assert stored_bytes(redis, RUN) <= 1024 + 96


def test_an_old_run_says_what_it_said_before(runs: Runs, redis: Redis) -> None:
    run, timeline, lifetime = runs.get(RUN), runs.timeline(RUN), redis.ttl(f"standup:run:{RUN}")
    assert run is not None
    assert Compaction(redis).compact(FAR_AHEAD) == 1
    assert runs.get(RUN) == replace(run, job="", polls=0, attempts=0)
    assert runs.timeline(RUN) == timeline
    assert 0 < redis.ttl(f"standup:run:{RUN}") <= lifetime
    assert redis.ttl(f"standup:timeline:{RUN}") > 0
    assert not runs.claim(RUN, "beat"), "it exists"


def test_a_run_that_is_sent_again_adds_to_its_compact_timeline(runs: Runs, redis: Redis) -> None:
    earlier_events = runs.timeline(RUN)
    Compaction(redis).compact(FAR_AHEAD)
    assert runs.reopen(RUN, Step.DELIVER, "operator")
    assert [event.text for event in runs.timeline(RUN)] == [
        *(event.text for event in earlier_events),
        "sent again by operator",
    ]
    assert runs.enter(RUN, Step.DELIVER, "holder") == "mine"


def test_each_run_is_compacted_once_and_open_ones_are_left_alone(runs: Runs, redis: Redis) -> None:
    runs.claim(RUN.revised(2), "operator")
    compaction = Compaction(redis)
    assert compaction.compact(FAR_AHEAD) == 1
    assert compaction.compact(FAR_AHEAD) == 0
    assert redis.hget(f"standup:run:{RUN.revised(2)}", "claim")


def test_young_runs_keep_everything(runs: Runs, redis: Redis) -> None:
    run = runs.get(RUN)
    assert run is not None
    claimed_ms = int(run.created_at.timestamp() * 1000)
    assert Compaction(redis).compact(claimed_ms) == 0
    assert redis.llen(f"standup:timeline:{RUN}") == len(OUTCOMES) + 1


def test_many_runs_of_one_instant_are_all_compacted(redis: Redis) -> None:
    runs, run_ids = Runs(redis), [RunId(f"group-{number}", RUN.reporting_day) for number in range(450)]
    runs.claim_all("beat", [(run_id, {"state": RunState.MISSED}) for run_id in run_ids])
    redis.zadd("standup:runs", {str(run_id): 1_800_000_000_000 for run_id in run_ids})
    assert Compaction(redis).compact(FAR_AHEAD) == len(run_ids)


def test_a_failed_run_keeps_the_job_that_a_resumption_needs(redis: Redis) -> None:
    runs = Runs(redis)
    runs.claim(RUN, "beat", state=RunState.FAILED, step=Step.POLL, job='{"id":"5f3c"}')
    Compaction(redis).compact(FAR_AHEAD)
    run = runs.get(RUN)
    assert run is not None
    assert run.job == '{"id":"5f3c"}'
