"""kombu's Redis transports, with six differences.

- An idle connection is opened again before its next use: `worker.state.connection.reopen_idle_connections`. The one
  that waits for messages is opened before kombu begins to wait.
- An element of a queue that is not a message is dropped and logged. In kombu 5.7.0 one such element ends the worker,
  because ``Channel._brpop_read`` lets the error of the JSON parser pass. So are a message whose body is packed, one
  that is too long, and one whose time is far away: kombu and Celery unpack, decode and hold them without a bound.
- The same holds for a message to all workers (pub/sub). In kombu 5.7.0 one with thousands of brackets ends every worker
  at once, because ``Channel._receive_one`` catches only two of the JSON parser's errors.
- Operations share a client for each pool of connections. kombu makes a new one for each, which took a tenth of the
  processor time of a worker's main process (docs/scale.md).
- A message with the priority `FRONT` goes to the front of its queue.
- With a signing key every message is signed, and a message without a right signature is dropped and logged.

It overrides internal functions of kombu, whose version is pinned: docs/decisions/celery-version.md.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from queue import Empty
from typing import Any

from kombu.transport import redis as kombu_redis
from kombu.utils.encoding import bytes_to_str
from kombu.utils.json import dumps, loads
from pydantic import SecretStr

from worker.broker import signing
from worker.state.connection import reopen_idle_connections

SIGNING_KEY = "signing_key"
"""The transport option with the key, a SecretStr, so that Flower's page of a worker's settings does not show it."""

FRONT = 1
"""The priority of a message that no other may delay. Without the difference, kombu puts it into the same list as the
others, whose priority is 0 (``priority_steps`` in kombu/transport/redis.py), so older workers take it too."""

BACK = 0
"""The priority of all other messages."""

MOST_BYTES = 1024 * 1024
"""The longest element that is decoded. Messages carry a run id and the steps that follow, some 4 KB."""

_SHOWN_CHARACTERS = 80
_DAY_SECONDS = 86_400

_UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)

log = logging.getLogger("standup.broker")
"""`worker.logs` limits how often it says the same."""


class _QoS(kombu_redis.QoS):
    def restore_by_tag(self, tag: str, client: Any = None, leftmost: bool = False) -> None:
        """Put an unacknowledged message back into its queue, or drop it if it is none."""
        try:
            super().restore_by_tag(tag, client, leftmost)
        except _UNREADABLE as error:
            log.error("a foreign element of the broker's unacknowledged messages was dropped: %s", type(error).__name__)
            self._remove_from_indices(tag).execute()


class _ChannelMixin:
    QoS = _QoS
    _shared_client: Any = None

    def _create_client(self: Any, asynchronous: bool = False) -> Any:
        """Return the client of the pool that threads share, or a new one whose connection is its own."""
        if asynchronous:
            return super()._create_client(asynchronous=True)  # type: ignore[misc]
        client = self._shared_client
        if client is None or client.connection_pool is not self.pool:
            client = self._shared_client = super()._create_client()  # type: ignore[misc]
        return client

    def _get_pool(self, asynchronous: bool = False) -> Any:
        pool = super()._get_pool(asynchronous)  # type: ignore[misc]
        reopen_idle_connections(pool)
        return pool

    def _brpop_start(self: Any, timeout: float | None = None) -> None:
        """Wait for a message. An idle connection is opened again before that.

        If the command itself opened it, kombu would take that for the loss of the connection and of the command
        (``Channel._on_connection_disconnect``). It would then drop the answer, and with it a message, if all threads
        are busy when it arrives (``MultiChannelPoller.on_readable``).
        """
        client, poller = self.client, self.connection.cycle
        former_socket = client.connection._sock
        descriptor = former_socket.fileno() if former_socket else None
        client.connection.check_health()
        if client.connection._sock is not former_socket:
            poller._fd_to_chan.pop(descriptor, None)
            poller._register(self, client, "BRPOP")
        super()._brpop_start(timeout)  # type: ignore[misc]

    def _put(self: Any, queue: str, message: dict[str, Any], **options: Any) -> None:
        if message["properties"].get("priority") != FRONT:
            super()._put(queue, self._signed(message), **options)  # type: ignore[misc]
            return
        with self.conn_or_acquire() as client:  # BRPOP takes what RPUSH adds, as for messages that are put back
            client.rpush(queue, dumps(self._signed(message)))

    def _put_fanout(self, exchange: str, message: dict[str, Any], routing_key: str, **options: Any) -> None:
        super()._put_fanout(exchange, self._signed(message), routing_key, **options)  # type: ignore[misc]

    def _signed(self: Any, message: dict[str, Any]) -> dict[str, Any]:
        key = _signing_key(self.connection)
        return signing.signed(message, key) if key else message

    def _brpop_read(self: Any, **options: Any) -> bool:
        """Read one answer of BRPOP, as kombu does, and drop an element that is no JSON."""
        try:
            queue, element = self._queue_and_element(options)
            self._queue_cycle.rotate(queue)
            message = _decoded(element, queue)
            if message is not None:
                self.connection._deliver(message, queue)
            return True
        finally:
            self._in_poll = None
            self._flush_brpop_reauth()

    def _receive_one(self: Any, client: Any) -> bool:
        """Read one answer of a subscription, as kombu does, and drop a message that is no JSON or that no queue awaits.

        kombu's caller reads on until nothing waits, and takes False for an answer that is not a message. It would stop
        at ``Empty``, which kombu raises there, and leave the rest until the next message.
        """
        try:
            answer = client.parse_response()
        except self.connection_errors:
            self._in_listen = None
            raise
        if not isinstance(answer, list | tuple):
            return False
        payload = self._handle_message(client, answer)
        if not bytes_to_str(payload["type"]).endswith("message") or not payload["data"]:
            return False
        channel = bytes_to_str(payload["channel"])
        message = _decoded(payload["data"], channel)
        if message is None:
            return False
        name = channel.partition(".")[2] if channel.startswith("/") else channel  # /DATABASE.EXCHANGE/ROUTING_KEY
        exchange = name.partition("/")[0]
        if exchange not in self._fanout_to_queue:
            _log_dropped(channel, payload["data"], "no queue of this worker awaits it")
            return False
        return bool(self._deliver_fanout_message(message, exchange))

    def _queue_and_element(self: Any, options: dict[str, Any]) -> tuple[str, bytes]:
        try:
            answer = self.client.parse_response(self.client.connection, "BRPOP", **options)
        except self.connection_errors:
            self.client.connection.disconnect()
            raise
        if not answer:
            raise Empty
        queue, element = answer
        return bytes_to_str(queue).rsplit(self.sep, 1)[0], element


class _TransportMixin:
    def _deliver(self: Any, message: Any, queue: str) -> None:
        """Pass a message to its consumer, unless it is none, has no right signature, or is none that Celery can read.

        Celery 5.6.3 reads some headers without a check (``Request.__init__`` in celery/worker/request.py). An error
        there makes the worker reconnect, put the message back and read it again, for ever.
        """
        fault = _fault(message, _signing_key(self))
        if fault:
            _log_dropped(queue, message, fault)
            return
        try:
            super()._deliver(message, queue)  # type: ignore[misc]
        except _UNREADABLE as error:
            _log_dropped(queue, message, f"Celery cannot read it: {type(error).__name__}: {error}")
            self._acknowledge(message["properties"]["delivery_tag"])

    def _acknowledge(self: Any, tag: str) -> None:
        for channel in self.channels:
            if tag in channel.qos._delivered:
                channel.basic_ack(tag)


class _Channel(_ChannelMixin, kombu_redis.Channel):  # type: ignore[misc]
    pass


class _SentinelChannel(_ChannelMixin, kombu_redis.SentinelChannel):  # type: ignore[misc]
    pass


class Transport(_TransportMixin, kombu_redis.Transport):
    """Redis, over TCP, TLS or a unix socket."""

    Channel = _Channel


class SentinelTransport(_TransportMixin, kombu_redis.SentinelTransport):
    """The primary that Redis Sentinels name."""

    Channel = _SentinelChannel


def _signing_key(transport: Any) -> bytes:
    key: SecretStr | None = transport.client.transport_options.get(SIGNING_KEY)
    return key.get_secret_value().encode() if key else b""


def _fault(message: Any, key: bytes) -> str:
    """Return why this is no message that a consumer can take, or an empty string."""
    if not _is_message(message):
        return "it is no message of Celery"
    if message["headers"].get("compression"):
        return "its body is packed, as no body of ours is, and could unpack to gigabytes"
    if _is_far_away(message["headers"].get("eta")):
        return "its time is more than a day away, and workers would hold it until then"
    if key and not signing.is_signed(message, key):
        return "its signature is missing or wrong"
    return ""


def _decoded(element: bytes, queue: str) -> Any:
    """Return the message, or None for an element that was dropped."""
    if len(element) > MOST_BYTES:
        _log_dropped(queue, element[:_SHOWN_CHARACTERS], f"it has {len(element):,} bytes")
        return None
    try:
        message = loads(bytes_to_str(element))
    except _UNREADABLE as error:
        _log_dropped(queue, element, f"it is no JSON: {type(error).__name__}")
        return None
    if message is None:
        _log_dropped(queue, element, "it is no message of Celery")
    return message


def _is_far_away(eta: Any) -> bool:
    """Return whether a countdown ends after more than a day. Ours take a minute. Celery refuses what is no instant."""
    try:
        instant = datetime.fromisoformat(eta)
    except (TypeError, ValueError):
        return False
    now = time.time()  # noqa: TID251 - the clock that Celery counts down by; kombu builds the transport
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() > now + _DAY_SECONDS


def _is_message(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("body"), str):
        return False
    headers, properties = message.get("headers"), message.get("properties")
    if not isinstance(headers, dict) or not isinstance(properties, dict):
        return False
    delivery = properties.get("delivery_info")
    return isinstance(properties.get("delivery_tag"), str) and _has_texts(delivery, "exchange", "routing_key")


def _has_texts(value: Any, *names: str) -> bool:
    return isinstance(value, Mapping) and all(isinstance(value.get(name), str) for name in names)


def _log_dropped(queue: str, element: Any, reason: str) -> None:
    text = element.decode("utf-8", "replace") if isinstance(element, bytes) else str(element)
    log.error(
        "a foreign element of the broker's queue was dropped: %s in %s, which begins with %r",
        reason,
        queue,
        text[:_SHOWN_CHARACTERS],
    )
