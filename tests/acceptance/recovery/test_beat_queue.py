"""Beat's tasks run also while all threads of the workers are busy. As messages among the steps they would expire."""

from __future__ import annotations

import re
import socket

import pytest
from celery import Celery
from redis import Redis

from tests.acceptance.blocked_worker import RELEASED
from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.waiting import wait_until
from worker import beat_queue
from worker.beat_queue import BEAT_QUEUE, BEAT_TASKS
from worker.celery import RENDERING_QUEUE, WAITING_QUEUE
from worker.cli.demo.processes import Program, python
from worker.domain.runs import RunId, RunState

THREADS, MESSAGES = 2, 300


@pytest.fixture
def prepared(installation: Installation) -> Installation:
    installation.start_sandbox({"groups": {"support": sandbox_group("Q1")}})
    installation.write_groups({"support": group("Support", "Q1")})
    installation.record_past("support")
    return installation


def start_events(installation: Installation) -> None:
    """Record all task events in the log ``events``, and come back when the recorder listens."""
    installation.programs.environment = {**installation.environment, "PYTHONUNBUFFERED": "1"}
    program = Program("events", python("-m", "celery", "-A", "worker", "events", "--dump"))
    program.command = ["sh", "-c", f"exec {' '.join(program.command)} >&2"]
    installation.programs.start(program)
    broker = Redis.from_url(installation.broker_url)
    wait_until(lambda: broker.pubsub_numpat() or broker.pubsub_channels(), "someone listens to events")


def succeeded(installation: Installation, task: str) -> int:
    return len(re.findall(rf"task succeeded: {re.escape(task)}\(", installation.log("events")))


def send(installation: Installation, *tasks: str, queue: str | None = None) -> None:
    with Celery(broker=installation.broker_url, set_as_current=False) as app:
        app.conf.task_default_queue = WAITING_QUEUE
        for task in tasks:
            app.send_task(task, queue=queue, ignore_result=True)


def test_beats_tasks_run_behind_a_long_queue_of_steps(prepared: Installation) -> None:
    broker = Redis.from_url(prepared.broker_url)
    start_events(prepared)
    prepared.start_worker(app="tests.acceptance.blocked_worker", options=("--concurrency", str(THREADS)))
    send(prepared, *["tests.block"] * MESSAGES)
    wait_until(lambda: broker.hlen("unacked") >= THREADS, "every thread is busy")
    prepared.start_beat()
    for task in BEAT_TASKS[2:]:  # beat itself sends these too seldom for a test
        prepared.celery("-A", "worker", "call", task)
    wait_until(lambda: all(succeeded(prepared, task) for task in BEAT_TASKS), "each of beat's tasks has succeeded")
    wait_until(lambda: succeeded(prepared, "briefing.start_due") >= 3, "beat has asked three times")
    run = prepared.runs.get(RunId("support", DAY))
    assert run is not None, "the group has begun"
    assert run.state == RunState.OPEN
    assert broker.llen(WAITING_QUEUE) > MESSAGES - 2 * THREADS, "the backlog is still there"
    prepared.redis.set(RELEASED, 1)
    assert prepared.wait_for_run(str(run.id)).state == RunState.DELIVERED


def test_a_step_whose_message_was_lost_is_sent_ahead_of_a_long_queue(prepared: Installation) -> None:
    broker, run_id = Redis.from_url(prepared.broker_url), RunId("support", DAY)
    start_events(prepared)
    prepared.start_worker(app="tests.acceptance.blocked_worker", options=("--concurrency", str(THREADS)))
    send(prepared, *["tests.block"] * MESSAGES)
    wait_until(lambda: broker.hlen("unacked") >= THREADS, "every thread is busy")
    prepared.runs.claim(run_id, "beat")
    prepared.redis.zadd("standup:open", {str(run_id): 1})
    prepared.celery("-A", "worker", "call", "briefing.recover")
    wait_until(lambda: str(run_id).encode() in (broker.lindex(WAITING_QUEUE, -1) or b""), "it is the next message")
    wait_until(lambda: succeeded(prepared, "briefing.recover"), "the sweep has ended")
    prepared.redis.zadd("standup:open", {str(run_id): 1})
    waiting_count = broker.llen(WAITING_QUEUE)
    prepared.celery("-A", "worker", "call", "briefing.recover")
    wait_until(lambda: succeeded(prepared, "briefing.recover") == 2, "the sweep has looked at it again")
    assert broker.llen(WAITING_QUEUE) == waiting_count, "its message waits already"


def test_a_task_that_waits_for_a_monitor_takes_one_thread(prepared: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent_monitor:
        prepared.configure(PING__TICK_URL=f"http://127.0.0.1:{silent_monitor.getsockname()[1]}/tick")
        start_events(prepared)
        prepared.start_worker()
        send(prepared, *["briefing.start_due"] * 2 * beat_queue.THREADS, queue=BEAT_QUEUE)
        prepared.wait_for_log("worker", "briefing.start_due still runs in this worker")
        prepared.celery("-A", "worker", "call", "briefing.watch")
        wait_until(lambda: succeeded(prepared, "briefing.watch"), "another task has a thread")
    wait_until(lambda: not Redis.from_url(prepared.broker_url).hlen("unacked"), "all are acknowledged")


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_beat_whose_clock_is_wrong_by_an_hour_begins_the_morning(hours: int, prepared: Installation) -> None:
    offset = prepared.folder / "offset"
    offset.write_text(str(hours * 3600))
    prepared.programs.environment = {**prepared.environment, "CHAOS_BEAT_OFFSET": str(offset)}
    prepared.start_worker()
    prepared.start_beat(app="tests.chaos.beat_with_clock")
    assert prepared.wait_for_run(f"support:{DAY}").state == RunState.DELIVERED


def test_a_worker_whose_clock_is_an_hour_ahead_answers_beat(prepared: Installation) -> None:
    prepared.start_worker(app="tests.acceptance.fast_clock_worker")
    prepared.start_beat()
    assert prepared.wait_for_run(f"support:{DAY}").state == RunState.DELIVERED


def test_a_worker_of_another_queue_runs_beats_tasks_too(prepared: Installation) -> None:
    prepared.start_worker(options=("-Q", RENDERING_QUEUE, "-P", "prefork", "--concurrency", "1"))
    prepared.start_beat()
    assert wait_until(lambda: prepared.runs.get(RunId("support", DAY)), "the group has begun")


def test_a_question_of_an_older_beat_is_still_answered(prepared: Installation) -> None:
    """A beat of the version before this queue sends its questions to the queue of the steps."""
    prepared.start_worker()
    send(prepared, "briefing.start_due", queue=WAITING_QUEUE)
    assert prepared.wait_for_run(f"support:{DAY}").state == RunState.DELIVERED
