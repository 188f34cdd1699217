"""Clients of the broker: one for all operations, until its pool of connections is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection

from worker.broker import connection_settings


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
