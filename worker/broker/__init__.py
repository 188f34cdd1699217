"""How Celery connects to the broker's Redis: kombu's form of our URL, and its options.

transport      kombu's transports with our differences
queues         which runs have a message in a queue
reconnecting   Celery's connection, which tries again soon
signing        signatures of messages
clock          the clock of Redis, by which beat's questions expire

kombu writes Sentinels and unix sockets in another way than redis-py does, so we have one form and translate it.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import TRANSPORT_ALIASES
from pydantic import SecretStr

from worker.broker.transport import SIGNING_KEY
from worker.domain.redis_address import RedisAddress, parse
from worker.state.connection import keepalive_options, sentinel_options

TIMEOUT_SECONDS = 5.0
"""How long to wait for each answer of the broker. BRPOP, which waits for one second at the server, must be shorter.

A connection that a firewall or a load balancer has forgotten gives no answer and never ends. A worker has about twenty
connections, and its event loop waits for several of them in turn.
"""

IDLE_SECONDS = 10
"""After this long without use a connection is opened again, and a BRPOP without an answer is given up."""

VISIBILITY_TIMEOUT_SECONDS = 120
"""After this long Redis hands an unacknowledged message to another worker.

It is longer than each countdown (60 s) and than the limit of every step but a delivery. If a delivery takes longer, the
other worker finds its lease taken and does nothing.
"""

TRANSPORT_ALIASES.update(
    redis="worker.broker.transport:Transport",
    rediss="worker.broker.transport:Transport",
    sentinel="worker.broker.transport:SentinelTransport",
)


def connection_settings(broker_url: str, signing_key: SecretStr | None) -> dict[str, Any]:
    """Return Celery's settings for the broker at this URL."""
    address = parse(broker_url)
    transport_options: dict[str, Any] = {
        "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
        # kombu looks for lost messages every 100 s by default: recovery would take up to 220 s.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
        "socket_keepalive": True,
        "socket_keepalive_options": keepalive_options(),
        "health_check_interval": IDLE_SECONDS,
        SIGNING_KEY: signing_key,
    }
    settings = {"broker_url": kombu_url(address), "broker_transport_options": transport_options}
    if not address.master:
        return settings
    transport_options["master_name"] = address.master
    transport_options["sentinel_kwargs"] = sentinel_options(address) | {
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
    }
    if address.has_tls:
        settings["broker_use_ssl"] = {"ssl_cert_reqs": "required", **address.tls_options}
    return settings


def kombu_url(address: RedisAddress) -> str:
    """Return the URL as kombu reads it."""
    if address.socket_path:
        return f"redis+socket://{address.credentials}{address.socket_path}?virtual_host={address.database}"
    if address.master:
        return ";".join(
            f"sentinel://{address.credentials}{host}:{port}/{address.database}" for host, port in address.hosts
        )
    return _with_verified_tls(address)


def _with_verified_tls(address: RedisAddress) -> str:
    """Return the URL so that kombu verifies the server's certificate, as redis-py does by itself.

    For a rediss:// URL without options kombu takes CERT_NONE (``Connection._init_params`` in kombu/connection.py).
    """
    url = address.url()
    if not address.has_tls or "ssl_cert_reqs" in address.options:
        return url
    return f"{url}{'&' if address.options else '?'}ssl_cert_reqs=required"
