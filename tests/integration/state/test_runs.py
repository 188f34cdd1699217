"""The run ledger on a real server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from redis import Redis

from worker.domain.runs import Finished, NextStep, RetryLater, RunId, RunState, Step
from worker.state import runs as ledger
from worker.state.runs import MAX_RECOVERIES, PICKUP_SECONDS, RESUME_SECONDS, Runs, holder_of

RUN = RunId("support", date(2026, 11, 20))


@pytest.fixture
def runs(redis: Redis) -> Runs:
    return Runs(redis)


@pytest.fixture
def claimed(runs: Runs) -> Runs:
    assert runs.claim(RUN, "beat", source="queries")
    return runs


def test_only_one_of_many_concurrent_callers_claims_the_run(runs: Runs) -> None:
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda n: runs.claim(RUN, f"caller-{n}"), range(64)))
    assert won.count(True) == 1
    assert [event.text for event in runs.timeline(RUN)] == [f"claimed by caller-{won.index(True)}"]


def test_a_claimed_run_is_open_at_its_first_step(claimed: Runs) -> None:
    run = claimed.get(RUN)
    assert run is not None
    assert (run.state, run.step, run.asked_by, run.source) == (RunState.OPEN, Step.HOLIDAY_CHECK, "beat", "queries")
    assert run.briefed_day == RUN.reporting_day
    assert claimed.newest()[0] == run


def test_the_newest_of_the_wanted_runs_are_found_behind_any_number_of_others(runs: Runs, redis: Redis) -> None:
    ids = [RunId(f"group-{n}", RUN.reporting_day) for n in range(250)]
    for run_id in ids:
        runs.claim(run_id, "beat")
    runs.enter(ids[3], Step.HOLIDAY_CHECK, "one")
    runs.settle(ids[3], Step.HOLIDAY_CHECK, "one", Finished(RunState.FAILED, "failed"))
    redis.delete(f"standup:run:{ids[7]}")
    assert [run.id for run in runs.newest(5, state=RunState.FAILED)] == [ids[3]]
    assert len(runs.newest(1000)) == 249
    assert redis.zcard("standup:runs") == 249


def test_only_one_holder_enters_a_step(claimed: Runs) -> None:
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")[0] == "mine"
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "two")[0] == "held"


def test_a_step_before_its_turn_is_early_and_one_behind_is_passed(claimed: Runs) -> None:
    assert claimed.enter(RUN, Step.EXPORT, "one")[0] == "early"
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")
    assert claimed.settle(RUN, Step.HOLIDAY_CHECK, "one", NextStep(Step.RENDER, "holiday"))
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "late")[0] == "passed"
    assert claimed.enter(RUN, Step.POLL, "late")[0] == "passed"
    assert claimed.enter(RUN, Step.DELIVER, "soon")[0] == "early"
    assert claimed.enter(RUN, Step.RENDER, "now")[0] == "mine"


def test_only_the_message_that_did_the_step_continues_the_chain(claimed: Runs) -> None:
    first_holder, second_holder, foreign_holder = holder_of("message"), holder_of("message"), holder_of("other")
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, first_holder)[0] == "mine"
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, second_holder)[0] == "held", (
        "the same message, while the first worker is at it"
    )
    assert claimed.settle(RUN, Step.HOLIDAY_CHECK, first_holder, NextStep(Step.EXPORT, "business day"))
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, second_holder)[0] == "done"
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, foreign_holder)[0] == "passed"
    assert claimed.enter(RUN, Step.EXPORT, foreign_holder)[0] == "mine"
    assert claimed.settle(RUN, Step.EXPORT, foreign_holder, NextStep(Step.POLL, "export started"))
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, second_holder)[0] == "passed", (
        "the next step has come to its end since"
    )


def test_an_unknown_run_is_unknown_and_an_ended_one_closed(claimed: Runs) -> None:
    assert claimed.enter(RUN.revised(2), Step.EXPORT, "one")[0] == "unknown"
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")
    claimed.settle(RUN, Step.HOLIDAY_CHECK, "one", Finished(RunState.FAILED, "failed"))
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")[0] == "closed"


def test_a_settlement_without_the_lease_changes_nothing(claimed: Runs) -> None:
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")
    assert not claimed.settle(RUN, Step.HOLIDAY_CHECK, "two", Finished(RunState.FAILED, "failed"))
    run = claimed.get(RUN)
    assert run is not None
    assert run.state == RunState.OPEN


def test_a_lapsed_lease_goes_to_the_next_worker_and_the_first_can_no_longer_settle(
    claimed: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "LEASE_SECONDS", 0.0)
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "dead")[0] == "mine"
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "heir")[0] == "mine"
    assert claimed.renew([(RUN, "dead", 90)]) == [False]
    assert not claimed.settle(RUN, Step.HOLIDAY_CHECK, "dead", NextStep(Step.EXPORT, "business day"))
    assert claimed.settle(RUN, Step.HOLIDAY_CHECK, "heir", NextStep(Step.EXPORT, "business day"))


def test_a_poll_arranged_for_later_is_not_entered_before(claimed: Runs) -> None:
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")
    claimed.settle(RUN, Step.HOLIDAY_CHECK, "one", RetryLater(30, "later", {"polls": 1}))
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "stray")[0] == "waiting"


def test_the_next_step_resets_the_counts_of_attempts_and_polls(claimed: Runs) -> None:
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")
    claimed.settle(RUN, Step.HOLIDAY_CHECK, "one", RetryLater(0, "again", {"attempts": 2, "polls": 3}))
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")
    claimed.settle(RUN, Step.HOLIDAY_CHECK, "one", NextStep(Step.EXPORT, "business day"))
    run = claimed.get(RUN)
    assert run is not None
    assert (run.attempts, run.polls, run.step) == (0, 0, Step.EXPORT)


def test_a_silent_run_is_listed_once_per_grace_period(claimed: Runs, redis: Redis) -> None:
    assert claimed.silent() == []
    redis.zadd("standup:open", {str(RUN): 1})
    assert claimed.silent() == [(RUN, False)]
    assert claimed.silent() == []


def test_a_begun_step_that_was_sent_again_is_listed_again_sooner(claimed: Runs, redis: Redis) -> None:
    for is_begun, seconds in ((False, PICKUP_SECONDS), (True, RESUME_SECONDS)):
        if is_begun:
            claimed.enter(RUN, Step.HOLIDAY_CHECK, "killed")
        redis.zadd("standup:open", {str(RUN): 1})
        before_ms = _now_ms(redis)
        assert claimed.silent() == [(RUN, is_begun)]
        again_at_ms = redis.zscore("standup:open", str(RUN))
        assert before_ms <= again_at_ms - seconds * 1000 <= _now_ms(redis)


def _now_ms(redis: Redis) -> int:
    seconds, microseconds = redis.time()
    return seconds * 1000 + microseconds // 1000


def test_an_ended_run_is_never_silent(claimed: Runs, redis: Redis) -> None:
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")
    claimed.settle(RUN, Step.HOLIDAY_CHECK, "one", Finished(RunState.DELIVERED, "done"))
    assert redis.zcard("standup:open") == 0


def test_a_failed_run_resumes_at_its_step_and_others_do_not_resume(claimed: Runs) -> None:
    assert claimed.resume(RUN, "operator") is None
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")
    claimed.settle(RUN, Step.HOLIDAY_CHECK, "one", NextStep(Step.EXPORT, "business day"))
    claimed.enter(RUN, Step.EXPORT, "one")
    claimed.settle(RUN, Step.EXPORT, "one", Finished(RunState.FAILED, "failed", {"code": "rate_limited"}))
    assert claimed.resume(RUN, "operator") == Step.EXPORT
    run = claimed.get(RUN)
    assert run is not None
    assert (run.state, run.code) == (RunState.OPEN, "")


@pytest.mark.parametrize("code", ["export_failed", "artifact_missing", "artifact_damaged"])
def test_a_run_without_usable_rows_resumes_with_a_new_export(code: str, claimed: Runs) -> None:
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")
    claimed.settle(RUN, Step.HOLIDAY_CHECK, "one", NextStep(Step.POLL, "started", {"job": '{"x":1}'}))
    claimed.enter(RUN, Step.POLL, "one")
    claimed.settle(RUN, Step.POLL, "one", Finished(RunState.FAILED, "failed", {"code": code}))
    assert claimed.resume(RUN, "operator") == Step.EXPORT
    run = claimed.get(RUN)
    assert run is not None
    assert run.job == ""


def test_a_run_claimed_as_missed_is_not_open(runs: Runs, redis: Redis) -> None:
    assert runs.claim(RUN, "beat", state=RunState.MISSED, code="missed")
    run = runs.get(RUN)
    assert run is not None
    assert run.state == RunState.MISSED
    assert redis.zcard("standup:open") == 0


def test_a_missed_run_can_be_begun_after_all(runs: Runs) -> None:
    runs.claim(RUN, "beat", state=RunState.MISSED, code="missed")
    assert runs.resume(RUN, "operator") == Step.HOLIDAY_CHECK
    run = runs.get(RUN)
    assert run is not None
    assert (run.state, run.code) == (RunState.OPEN, "")


def test_the_newest_revision_is_found(claimed: Runs) -> None:
    claimed.claim(RUN.revised(2), "operator")
    newest = claimed.latest_revision(RUN)
    assert newest is not None
    assert newest.id.revision == 2


def test_a_group_is_as_old_as_the_first_question_about_it(runs: Runs) -> None:
    first = datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert runs.first_seen("support", first) == first
    assert runs.first_seen("support", datetime(2026, 11, 23, 6, tzinfo=UTC)) == first


def lose_worker(redis: Redis) -> None:
    """Let the lease run out, as when its holder was killed."""
    redis.hset(f"standup:run:{RUN}", "lease_until_ms", 1)


def test_a_step_that_ends_its_worker_each_time_is_given_up(claimed: Runs, redis: Redis) -> None:
    for number in range(MAX_RECOVERIES):
        assert claimed.enter(RUN, Step.HOLIDAY_CHECK, f"worker-{number}")[0] == "mine"
        lose_worker(redis)
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "last")[0] == "worn_out"
    assert claimed.settle(RUN, Step.HOLIDAY_CHECK, "last", Finished(RunState.FAILED, "given up"))


def test_a_step_that_was_settled_once_is_not_given_up(claimed: Runs, redis: Redis) -> None:
    for number in range(2 * MAX_RECOVERIES):
        holder = f"worker-{number}"
        assert claimed.enter(RUN, Step.HOLIDAY_CHECK, holder)[0] == "mine"
        if number % 2:
            claimed.settle(RUN, Step.HOLIDAY_CHECK, holder, RetryLater(0, "again"))
        else:
            lose_worker(redis)


def test_an_operator_who_resumes_a_run_gives_its_step_another_three_workers(claimed: Runs, redis: Redis) -> None:
    for number in range(MAX_RECOVERIES + 1):
        claimed.enter(RUN, Step.HOLIDAY_CHECK, f"worker-{number}")
        lose_worker(redis)
    claimed.settle(RUN, Step.HOLIDAY_CHECK, f"worker-{MAX_RECOVERIES}", Finished(RunState.FAILED, "given up"))
    claimed.resume(RUN, "operator")
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "one")[0] == "mine"
    lose_worker(redis)
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "two")[0] == "mine"


def test_the_lease_of_a_step_that_never_ends_is_not_renewed_for_ever(claimed: Runs, redis: Redis) -> None:
    claimed.enter(RUN, Step.HOLIDAY_CHECK, "stuck")
    assert claimed.renew([(RUN, "stuck", 90)]) == [True]
    redis.hincrby(f"standup:run:{RUN}", "entered_ms", -91_000)
    assert claimed.renew([(RUN, "stuck", 90)]) == [False]
    lose_worker(redis)
    assert claimed.enter(RUN, Step.HOLIDAY_CHECK, "other")[0] == "mine"
    assert claimed.renew([(RUN, "other", 90)]) == [True]
