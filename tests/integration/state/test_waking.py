"""A waiting poll is made due by a notice, and only a waiting one."""

from __future__ import annotations

from datetime import date

import pytest
from redis import Redis

from worker.domain.runs import Finished, NextStep, RetryLater, RunId, RunState, Step
from worker.state.notices import AcceptedNotices, WaitingRuns
from worker.state.runs import RESUME_SECONDS, Runs

RUN = RunId("support", date(2026, 11, 20))


@pytest.fixture
def polling(redis: Redis) -> Runs:
    """A run whose next poll is forty seconds away."""
    runs = Runs(redis)
    runs.claim(RUN, "beat", source="queries")
    runs.enter(RUN, Step.HOLIDAY_CHECK, "w")
    runs.settle(RUN, Step.HOLIDAY_CHECK, "w", NextStep(Step.POLL, "started"))
    runs.enter(RUN, Step.POLL, "w")
    runs.settle(RUN, Step.POLL, "w", RetryLater(40, "not ready yet"))
    return runs


def test_a_woken_poll_is_entered_at_once_and_the_timeline_says_why(polling: Runs) -> None:
    assert polling.enter(RUN, Step.POLL, "early")[0] == "waiting"
    assert polling.wake(RUN, "notice")
    assert polling.timeline(RUN)[-1].text == "notice"
    assert polling.enter(RUN, Step.POLL, "woken")[0] == "mine"


def test_the_older_message_finds_the_step_passed_and_later_the_run_closed(polling: Runs) -> None:
    polling.wake(RUN, "notice")
    polling.enter(RUN, Step.POLL, "woken")
    polling.settle(RUN, Step.POLL, "woken", NextStep(Step.RENDER, "rows fetched"))
    assert polling.enter(RUN, Step.POLL, "older")[0] == "passed"
    polling.enter(RUN, Step.RENDER, "woken")
    assert polling.enter(RUN, Step.RENDER, "older")[0] == "held"
    polling.settle(RUN, Step.RENDER, "woken", Finished(RunState.DELIVERED, "done"))
    assert polling.enter(RUN, Step.RENDER, "older")[0] == "closed"


def test_after_an_early_notice_the_older_message_waits_for_the_next_poll(polling: Runs) -> None:
    polling.wake(RUN, "notice")
    polling.enter(RUN, Step.POLL, "woken")
    polling.settle(RUN, Step.POLL, "woken", RetryLater(40, "not ready yet"))
    assert polling.enter(RUN, Step.POLL, "older")[0] == "waiting"


def test_only_a_run_that_waits_for_a_poll_is_woken(polling: Runs) -> None:
    assert not polling.wake(RUN.revised(2), "notice")
    polling.wake(RUN, "notice")
    assert not polling.wake(RUN, "again: it is due already")
    polling.enter(RUN, Step.POLL, "woken")
    assert not polling.wake(RUN, "again: it is being polled")
    polling.settle(RUN, Step.POLL, "woken", NextStep(Step.RENDER, "rows fetched"))
    assert not polling.wake(RUN, "again: it is at another step")
    polling.enter(RUN, Step.RENDER, "w")
    polling.settle(RUN, Step.RENDER, "w", Finished(RunState.FAILED, "failed"))
    assert not polling.wake(RUN, "again: it is over")


def test_a_job_knows_the_runs_that_wait_for_it(redis: Redis) -> None:
    waiting, other_run = WaitingRuns(redis), RunId("sales", date(2026, 11, 20))
    waiting.add(["job-1", "job-2"], RUN)
    waiting.add(["job-2", "a sentence that is no id"], other_run)
    assert waiting.runs_of("job-1") == [RUN]
    assert waiting.runs_of("job-2") == sorted([RUN, other_run])
    assert waiting.runs_of("a sentence that is no id") == []
    assert waiting.runs_of("job-3") == []
    keys = redis.keys("standup:waiting:*")
    assert len(keys) == 2
    assert all(redis.ttl(key) > 0 for key in keys)


def test_a_notice_is_accepted_once_and_its_mark_expires(redis: Redis) -> None:
    accepted_notices = AcceptedNotices(redis, keep_seconds=900)
    assert [accepted_notices.claim(b"abc"), accepted_notices.claim(b"abc"), accepted_notices.claim(b"def")] == [
        True,
        False,
        True,
    ]
    keys = redis.keys("standup:notice:*")
    assert len(keys) == 2
    assert all(0 < redis.ttl(key) <= 900 for key in keys)


def test_a_poll_whose_message_waits_in_a_queue_gets_no_other_one(redis: Redis, polling: Runs) -> None:
    seconds, _ = redis.time()
    redis.hset(f"standup:run:{RUN}", "next_at_ms", int((seconds - RESUME_SECONDS / 2) * 1000))
    assert not polling.wake(RUN, "notice")
    assert polling.enter(RUN, Step.POLL, "in the queue")[0] == "mine"


def test_a_poll_whose_message_was_lost_is_woken_too(redis: Redis, polling: Runs) -> None:
    seconds, _ = redis.time()
    redis.hset(f"standup:run:{RUN}", "next_at_ms", int((seconds - RESUME_SECONDS - 1) * 1000))
    assert polling.wake(RUN, "notice")
    assert polling.enter(RUN, Step.POLL, "woken")[0] == "mine"
