"""Clients of the broker: one for all operations, until its pool of connections is replaced."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection, Producer
from kombu.transport import redis as kombu_redis

from tests.waiting import wait_until
from worker.broker import connection_settings, queues
from worker.broker.transport import FRONT


@pytest.fixture
def channel(redis_url: str) -> Iterator[Any]:
    settings = connection_settings(redis_url, None)
    options = settings["broker_transport_options"]
    with Connection(settings["broker_url"], transport_options=options) as connection:
        yield connection.default_channel


def test_all_operations_share_a_client(channel: Any) -> None:
    with channel.conn_or_acquire() as first, channel.conn_or_acquire() as second:
        assert first is second
        assert first.ping()


def test_a_new_pool_of_connections_gets_a_client_of_its_own(channel: Any) -> None:
    with channel.conn_or_acquire() as client:
        channel._disconnect_pools()
    with channel.conn_or_acquire() as other_client:
        assert other_client is not client
        assert other_client.connection_pool is channel.pool


def test_a_client_that_waits_for_messages_has_a_connection_of_its_own(channel: Any) -> None:
    with channel.conn_or_acquire() as shared_client:
        assert channel.client is not shared_client
        assert channel.client.connection_pool is not shared_client.connection_pool


def test_a_message_for_the_front_is_taken_first_and_the_others_in_turn(channel: Any) -> None:
    for text, priority in (("first", 0), ("second", 0), ("urgent", FRONT)):
        channel._put("queue", {"body": text, "properties": {"priority": priority}})
    with channel.conn_or_acquire() as client:
        assert [json.loads(client.rpop("queue"))["body"] for _ in range(3)] == ["urgent", "first", "second"]


def test_an_idle_connection_is_opened_again_without_the_loss_of_a_message(channel: Any) -> None:
    received: list[Any] = []
    poller, producer = channel.connection.cycle, Producer(channel)
    channel.queue_declare("queue")
    channel.basic_consume("queue", False, received.append, "consumer")

    def read() -> None:
        poller.on_poll_start()
        socket = channel.client.connection._sock
        wait_until(lambda: kombu_redis._socket_readable(socket), "the answer is there")
        poller.on_readable(socket.fileno())

    producer.publish("first", routing_key="queue")
    read()
    channel.client.connection.next_health_check = 0  # it was not used for a while
    poller.on_poll_start()
    producer.publish("second", routing_key="queue")
    channel.qos.prefetch_count = 1  # all threads are busy: the first message is not acknowledged yet
    read()
    assert [message.body for message in received] == [b"first"]
    channel.qos.prefetch_count = 0
    read()
    assert [message.body for message in received] == [b"first", b"second"]


def test_the_runs_of_a_queue_are_read_in_parts_and_foreign_elements_skipped(
    channel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "ELEMENTS_AT_ONCE", 2)
    with channel.conn_or_acquire() as client:
        for run_id in ("support:2026-11-20", "sales:2026-11-20", "claims:2026-11-20"):
            body = base64.b64encode(json.dumps([[run_id], {}, {"chain": []}]).encode()).decode()
            client.lpush("queue", json.dumps({"body": body, "properties": {}}))
            client.lpush("queue", "no JSON", "[]", json.dumps({"body": base64.b64encode(b"[[]]").decode()}))
        assert set(queues.run_ids_of(client, "queue")) == {
            "support:2026-11-20",
            "sales:2026-11-20",
            "claims:2026-11-20",
        }
        assert client.llen("queue") == 12
