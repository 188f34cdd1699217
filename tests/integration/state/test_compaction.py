"""Old runs become small in Redis and say the same as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from redis import Redis

from worker.domain.deliveries import Delivery
from worker.domain.runs import Finished, NextStep, RetryLater, RunId, RunState, Step
from worker.state import scripts
from worker.state.ageing.compaction import Compaction
from worker.state.compressed import archive
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
        assert runs.enter(run_id, step, f"holder-{number}")[0] == "mine"
        runs.count_request(run_id)
        assert runs.settle(run_id, step, f"holder-{number}", outcome)
    deliveries.plan(run_id, [("email", "ana.torres@example.com")])
    planned = Delivery("email", "ana.torres@example.com", "planned", tries=1, until="2026-11-23T09:00:00+00:00")
    deliveries.move(run_id, replace(planned, state="sending"), ("planned",))
    proof, message_id = "250 2.0.0 Ok: queued as 4F2B81A0C3", f"<{run_id.group}.2026-11-20.r1.5f3c@example.com>"
    deliveries.move(run_id, planned.sent(proof, message_id), ("sending",))


def stored_bytes(redis: Redis, run_id: RunId) -> int:
    """Return the memory of all keys of a run."""
    keys = [f"standup:{kind}:{run_id}" for kind in ("run", "timeline", "deliveries")] + [archive.key(run_id)]
    return sum(redis.memory_usage(key, samples=0) or 0 for key in keys)


@pytest.fixture
def runs(redis: Redis) -> Runs:
    runs = Runs(redis)
    brief(runs, Deliveries(redis), RUN)
    return runs


def test_an_old_run_takes_less_than_a_kilobyte(runs: Runs, redis: Redis) -> None:
    bytes_before = stored_bytes(redis, RUN)
    Compaction(redis).compact(FAR_AHEAD)
    assert stored_bytes(redis, RUN) <= 960 < bytes_before, "its entry in the list of all runs takes the rest"


def test_an_old_run_says_what_it_said_before(runs: Runs, redis: Redis) -> None:
    deliveries = Deliveries(redis)
    run, timeline, lifetime = runs.get(RUN), runs.timeline(RUN), redis.ttl(f"standup:run:{RUN}")
    records = deliveries.records(RUN)
    assert run is not None
    assert Compaction(redis).compact(FAR_AHEAD) == 1
    assert runs.get(RUN) == replace(run, job="", polls=0, attempts=0)
    assert runs.timeline(RUN) == timeline
    assert 0 < redis.ttl(f"standup:run:{RUN}") <= lifetime
    assert records
    assert deliveries.records(RUN) == records
    assert redis.ttl(archive.key(RUN)) > 0
    assert not redis.exists(f"standup:timeline:{RUN}", f"standup:deliveries:{RUN}")
    assert not runs.claim(RUN, "beat"), "it exists"


def test_a_run_that_is_sent_again_adds_to_its_compact_timeline(runs: Runs, redis: Redis) -> None:
    earlier_events = runs.timeline(RUN)
    Compaction(redis).compact(FAR_AHEAD)
    assert runs.reopen(RUN, Step.DELIVER, "operator")
    assert [event.text for event in runs.timeline(RUN)] == [
        *(event.text for event in earlier_events),
        "sent again by operator",
    ]
    assert runs.enter(RUN, Step.DELIVER, "holder")[0] == "mine"


def test_a_delivery_of_an_archived_run_is_not_planned_again(runs: Runs, redis: Redis) -> None:
    Compaction(redis).compact(FAR_AHEAD)
    deliveries = Deliveries(redis)
    assert not deliveries.plan(RUN, [("email", "ana.torres@example.com")]), "it was sent"
    assert [record.state for record in deliveries.records(RUN)] == ["sent"]


def test_a_delivery_of_an_archived_run_moves_and_takes_the_others_along(runs: Runs, redis: Redis) -> None:
    deliveries, refusal = Deliveries(redis), Delivery("email", "ben@example.com", "refused", why="550")
    deliveries.move(RUN, refusal, ("",))
    timeline = runs.timeline(RUN)
    Compaction(redis).compact(FAR_AHEAD)
    assert not deliveries.move(RUN, refusal.replanned(), ("sent",)), "it is not in that state"
    assert deliveries.move(RUN, refusal.replanned(), ("refused",))
    assert {record.recipient: record.state for record in deliveries.records(RUN)} == {
        "ana.torres@example.com": "sent",
        "ben@example.com": "planned",
    }
    assert runs.timeline(RUN) == timeline
    assert redis.hlen(archive.key(RUN)) == 0
    assert 0 < redis.ttl(f"standup:deliveries:{RUN}") <= redis.ttl(f"standup:run:{RUN}")


def test_a_run_that_was_sent_again_is_archived_again_with_all_its_events(runs: Runs, redis: Redis) -> None:
    compaction, deliveries = Compaction(redis), Deliveries(redis)
    compaction.compact(FAR_AHEAD)
    runs.reopen(RUN, Step.DELIVER, "operator")
    assert redis.ttl(f"standup:timeline:{RUN}") > 0
    runs.enter(RUN, Step.DELIVER, "holder")
    runs.settle(RUN, Step.DELIVER, "holder", Finished(RunState.DELIVERED, "1 sent, 0 not"))
    timeline, records = runs.timeline(RUN), deliveries.records(RUN)
    redis.delete("standup:compacted")
    assert compaction.compact(FAR_AHEAD) == 1
    assert runs.timeline(RUN) == timeline
    assert deliveries.records(RUN) == records
    assert not redis.exists(f"standup:timeline:{RUN}")


def test_a_delivery_that_moves_meanwhile_keeps_its_run_from_the_archive(
    runs: Runs, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = scripts.call_many

    def call_many(client: Redis, name: str, calls: list[tuple[list[str], list[Any]]]) -> list[Any]:
        if name == "compact":
            Deliveries(redis).move(RUN, Delivery("email", "ben@example.com", "planned"), ("",))
        return original(client, name, calls)

    monkeypatch.setattr(scripts, "call_many", call_many)
    assert Compaction(redis).compact(FAR_AHEAD) == 0
    assert len(Deliveries(redis).records(RUN)) == 2


def test_a_refused_delivery_of_an_archived_run_is_planned_again(redis: Redis) -> None:
    runs, deliveries = Runs(redis), Deliveries(redis)
    runs.claim(RUN, "beat", state=RunState.FAILED)
    deliveries.move(RUN, Delivery("email", "ana@example.com", "refused"), ("",))
    Compaction(redis).compact(FAR_AHEAD)
    assert deliveries.plan(RUN, [("email", "ana@example.com")])
    assert [record.state for record in deliveries.records(RUN)] == ["planned"]


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
