"""Debian's Redis and Sentinel, which speak TLS: ledger and broker verify the certificates of both."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import trustme
from redis import Redis
from redis.exceptions import RedisError

from tests.redis_server import free_port
from tests.waiting import wait_until
from worker.celery import create_app
from worker.doctor import redis as redis_checks
from worker.settings import Settings
from worker.state.connection import connect
from worker.wiring import process

pytestmark = pytest.mark.system

MASTER, PASSWORD, SENTINEL_PASSWORD = "standup", "planted-redis-password", "planted-sentinel-password"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority and a certificate of this machine."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    return folder


@pytest.fixture(scope="module")
def sentinel_port(folder: Path) -> Iterator[int]:
    """The port of a Sentinel that knows one primary. Neither has a port without TLS."""
    primary_port, port = free_port(), free_port()
    monitor = f"sentinel monitor {MASTER} 127.0.0.1 {primary_port} 1\nsentinel auth-pass {MASTER} {PASSWORD}\n"
    with ExitStack() as cleanup:
        cleanup.enter_context(
            _running("redis-server", folder, primary_port, f"requirepass {PASSWORD}\nappendonly yes\n")
        )
        _wait_for(folder, primary_port, PASSWORD)
        sentinel = f"requirepass {SENTINEL_PASSWORD}\n{monitor}"
        cleanup.enter_context(_running("redis-sentinel", folder, port, sentinel))
        _wait_for(folder, port, SENTINEL_PASSWORD)
        yield port


@contextmanager
def _running(program: str, folder: Path, port: int, configuration: str) -> Iterator[None]:
    data = folder / program
    data.mkdir()
    tls = f"tls-port {port}\ntls-cert-file {folder}/server.pem\ntls-key-file {folder}/server.pem\n"
    tls += f"tls-ca-cert-file {folder}/ca.pem\ntls-auth-clients no\ntls-replication yes\n"
    path = data / "program.conf"
    path.write_text(f"port 0\nbind 127.0.0.1\ndir {data}\ndaemonize no\n{tls}{configuration}")
    with (data / "log").open("w") as log:
        process = subprocess.Popen([program, str(path)], stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _wait_for(folder: Path, port: int, password: str) -> None:
    def answers() -> bool:
        try:
            with Redis(
                port=port, host="127.0.0.1", password=password, ssl=True, ssl_ca_certs=f"{folder}/ca.pem"
            ) as client:
                return bool(client.ping())
        except RedisError:
            return False

    wait_until(answers, f"the server at port {port} answers")


def settings_of(port: int, option: str) -> Settings:
    query = f"master={MASTER}&sentinel_password={SENTINEL_PASSWORD}{option}"
    return Settings(redis_url=f"sentinels://:{PASSWORD}@127.0.0.1:{port}/0?{query}")


def ask_ledger(settings: Settings) -> None:
    with connect(settings.redis_url, retry=None) as client:
        client.ping()


def ask_broker(settings: Settings) -> None:
    with create_app(settings).connection_for_write() as connection:
        connection.default_channel.client.ping()


@pytest.mark.parametrize("ask", [ask_ledger, ask_broker])
def test_only_a_named_authority_is_trusted_through_sentinels(
    ask: Callable[[Settings], None], sentinel_port: int, folder: Path
) -> None:
    ask(settings_of(sentinel_port, f"&ssl_ca_certs={folder}/ca.pem"))
    with pytest.raises(Exception, match="No master found"):  # redis-py hides the reason, and doctor says it
        ask(settings_of(sentinel_port, ""))


def test_doctor_names_an_untrusted_certificate_of_a_sentinel(sentinel_port: int) -> None:
    settings = settings_of(sentinel_port, "")
    findings = list(redis_checks.check(settings.redis_url, settings.broker, process.clock))
    assert findings[0].fact.startswith(f"the Sentinel at 127.0.0.1:{sentinel_port} ")
    assert "shows a certificate that this machine does not trust" in findings[0].fact
    assert PASSWORD not in str(findings)
    assert SENTINEL_PASSWORD not in str(findings)
