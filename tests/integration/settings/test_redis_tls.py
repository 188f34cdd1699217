"""Redis over TLS: the ledger's client and Celery's broker trust the same certificates."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from redis import Redis

from tests.tls_proxy import TlsProxy
from worker.celery import create_app
from worker.settings import Settings


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def start(redis_url: str, authority: trustme.CA) -> Iterator[Callable[[str], TlsProxy]]:
    """Start servers with a certificate for a name."""
    proxies: list[TlsProxy] = []

    def start_one(name: str) -> TlsProxy:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(name).configure_cert(context)
        proxies.append(TlsProxy(urlsplit(redis_url).port or 0, context))
        return proxies[-1]

    yield start_one
    for proxy in proxies:
        proxy.stop()


def ask_ledger(settings: Settings) -> None:
    with Redis.from_url(settings.redis_url, retry=None) as client:
        client.ping()


def ask_broker(settings: Settings) -> None:
    with create_app(settings).connection_for_write() as connection:
        connection.default_channel.client.ping()


@pytest.mark.parametrize("ask", [ask_ledger, ask_broker])
def test_a_certificate_of_an_unknown_authority_is_refused(
    ask: Callable[[Settings], None], start: Callable[[str], TlsProxy]
) -> None:
    with pytest.raises(Exception, match="certificate verify failed"):
        ask(Settings(redis_url=f"rediss://127.0.0.1:{start('127.0.0.1').port}/0"))


@pytest.mark.parametrize("ask", [ask_ledger, ask_broker])
def test_a_named_authority_is_trusted_for_the_right_host_only(
    ask: Callable[[Settings], None], start: Callable[[str], TlsProxy], authority: trustme.CA, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    options = f"ssl_ca_certs={tmp_path}/ca.pem"
    ask(Settings(redis_url=f"rediss://127.0.0.1:{start('127.0.0.1').port}/0?{options}"))
    with pytest.raises(Exception, match="certificate verify failed"):
        ask(Settings(redis_url=f"rediss://127.0.0.1:{start('redis.example.com').port}/0?{options}"))
