"""What someone else writes into the broker's Redis ends no worker, and with a secret it starts no task."""

from __future__ import annotations

import base64
import json
import socket

from redis import Redis

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.waiting import HANG_SECONDS, wait_until
from worker.celery import RENDERING_QUEUE, WAITING_QUEUE
from worker.domain.runs import RunId, RunState

SECRET = "planted-broker-secret-of-32-characters"

PROPERTIES = {"delivery_tag": "t", "delivery_info": {"exchange": "", "routing_key": WAITING_QUEUE}}

ELEMENTS = [
    b"garbage",
    b"\xff\xfe",
    b"[" * 100_000,
    b"5",
    b"null",
    b"{}",
    b'{"properties": {}}',
    json.dumps({"body": "", "headers": None, "properties": PROPERTIES}).encode(),
    json.dumps({"body": "not base64", "headers": {}, "properties": PROPERTIES}).encode(),
    json.dumps({"body": "W10=", "headers": {"task": 5, "id": []}, "properties": PROPERTIES}).encode(),
    json.dumps({"body": "W10=", "headers": {"task": "briefing.render"}, "properties": PROPERTIES}).encode(),
    json.dumps(
        {"body": "W10=", "headers": {"task": "no.such.task", "id": "1"}, "properties": {**PROPERTIES, "priority": "x"}}
    ).encode(),
]


PUBLISHED = [
    b"garbage",
    b"[" * 100_000,
    b"null",
    b'"' + b"x" * 1024 * 1024 + b'"',
    json.dumps({"body": "W1tbW1t" + "W1tb" * 10_000, "headers": {}, "properties": PROPERTIES}).encode(),
]


def prepare(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Q1")}})
    installation.write_groups({"support": group("Support", "Q1")})
    installation.record_past("support")


def test_a_worker_drops_foreign_elements_and_does_the_next_task(installation: Installation) -> None:
    prepare(installation)
    worker = installation.start_worker()
    broker = Redis.from_url(installation.broker_url)
    for element in ELEMENTS:
        broker.rpush(WAITING_QUEUE, element)
        broker.rpush(RENDERING_QUEUE, element)
    broker.hset("unacked", "stranger", b"garbage")
    broker.zadd("unacked_index", {"stranger": 1})
    assert installation.brief("support", DAY).state == RunState.DELIVERED
    wait_until(lambda: not broker.hexists("unacked", "stranger"), "the foreign unacknowledged element is dropped")
    wait_until(lambda: not broker.exists(WAITING_QUEUE, RENDERING_QUEUE), "every foreign element is taken")
    installation.wait_for_log("worker", "a foreign element of the broker's queue was dropped")
    assert worker.process
    assert worker.process.poll() is None, "a foreign element ended the worker"


def test_a_message_to_all_workers_ends_none_of_them(installation: Installation) -> None:
    prepare(installation)
    worker = installation.start_worker()
    broker = Redis.from_url(installation.broker_url)
    number = broker.connection_pool.connection_kwargs["db"]
    channels = [f"/{number}.celery.pidbox", f"/{number}.celeryev/stranger"]
    wait_until(lambda: broker.publish(channels[0], b""), "the worker listens")
    for element in PUBLISHED:
        for channel in channels:
            broker.publish(channel, element)
    installation.wait_for_log("worker", "it is no JSON: RecursionError in /")
    installation.wait_for_log("worker", "it has 1,048,578 bytes")
    assert "pong" in ask_worker(installation, "ping")
    assert worker.process
    assert worker.process.poll() is None, "a foreign message ended the worker"


def forged_message(task: str, *args: object) -> bytes:
    """Return the message that Celery would send, without a signature."""
    body = base64.b64encode(json.dumps([args, {}, {}]).encode()).decode()
    return json.dumps(
        {
            "body": body,
            "content-type": "application/json",
            "content-encoding": "utf-8",
            "headers": {"lang": "py", "task": task, "id": "forged", "argsrepr": "", "kwargsrepr": ""},
            "properties": {**PROPERTIES, "body_encoding": "base64"},
        }
    ).encode()


def test_without_a_secret_a_forged_message_starts_a_run(installation: Installation) -> None:
    """Show the danger, and that the forged message is one that Celery takes."""
    prepare(installation)
    installation.start_worker()
    Redis.from_url(installation.broker_url).rpush(WAITING_QUEUE, forged_message("briefing.run", "support", f"{DAY}"))
    assert installation.wait_for_run(f"support:{DAY}").state == RunState.DELIVERED


def ask_worker(installation: Installation, question: str) -> str:
    """Return the worker's answer. With a destination Celery waits for that answer only."""
    destination = f"worker@{socket.gethostname()}"
    timeout = str(int(HANG_SECONDS))
    return installation.celery("-A", "worker", "inspect", question, "--destination", destination, "--timeout", timeout)


def test_with_a_secret_only_signed_messages_start_a_run(installation: Installation) -> None:
    prepare(installation)
    installation.configure(BROKER_SECRET=SECRET)
    installation.start_worker()
    Redis.from_url(installation.broker_url).rpush(WAITING_QUEUE, forged_message("briefing.run", "support", f"{DAY}"))
    installation.wait_for_log("worker", "its signature is missing or wrong")
    assert installation.runs.get(RunId("support", DAY)) is None
    assert "pong" in ask_worker(installation, "ping"), "control messages are signed too"
    installation.start_beat()
    assert installation.wait_for_run(f"support:{DAY}").state == RunState.DELIVERED
    assert SECRET not in ask_worker(installation, "conf")
    assert SECRET not in installation.log("worker")


def test_a_signed_message_that_is_sent_again_repeats_nothing(installation: Installation) -> None:
    prepare(installation)
    installation.configure(BROKER_SECRET=SECRET)
    installation.standup("run", "support", "--date", f"{DAY}", expect=3)
    broker = Redis.from_url(installation.broker_url)
    messages = [
        (key, element) for key in broker.scan_iter(f"{WAITING_QUEUE}*") for element in broker.lrange(key, 0, -1)
    ]
    assert len(messages) == 1, "no worker has taken it"
    installation.start_worker()
    assert installation.wait_for_run(f"support:{DAY}").state == RunState.DELIVERED
    story = installation.runs.timeline(RunId("support", DAY))
    for key, element in messages * 3:
        broker.rpush(key, element)
    wait_until(lambda: installation.log("worker").count('"event": "skipped"') == 3, "each copy was taken")
    assert "its signature is missing or wrong" not in installation.log("worker")
    assert installation.runs.timeline(RunId("support", DAY)) == story
    assert len(installation.mails()) == 1
