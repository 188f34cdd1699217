"""The doctor says why Redis cannot be used: permission, login, certificate, TLS, database or no answer."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from redis import Redis
from redis.exceptions import ResponseError

from tests.redis_server import running_redis
from worker.beat_queue import BEAT_QUEUE
from worker.celery import create_app
from worker.doctor import redis as redis_checks
from worker.doctor.finding import Finding, Level
from worker.settings import Settings
from worker.wiring.process import connect

LOGIN, PASSWORD = "standup", "planted-redis-password"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with one database and a user that may not run INFO; HOST:PORT."""
    with running_redis(tmp_path_factory.mktemp("valkey"), {"databases": "1"}) as running:
        place = f"127.0.0.1:{running.port}"
        Redis.from_url(f"redis://{place}").acl_setuser(
            LOGIN, enabled=True, passwords=[f"+{PASSWORD}"], keys=["*"], commands=["+@all", "-info"]
        )
        yield place


def findings(url: str, broker_url: str = "") -> list[Finding]:
    checks = redis_checks.check(url, broker_url or url, lambda: datetime.now(UTC))
    return [finding for finding in checks if finding.level != Level.OK]


def facts(url: str, broker_url: str = "") -> str:
    return "\n".join(f"{finding.fact} {finding.way_out}" for finding in findings(url, broker_url))


def test_a_user_without_info_is_a_warning_and_redis_can_be_used(server: str) -> None:
    problems = findings(f"redis://{LOGIN}:{PASSWORD}@{server}/0", "redis://127.0.0.1:1/0")
    assert problems[0].level == Level.WARNING
    assert "does not let this user run INFO" in problems[0].fact
    assert "+info" in problems[0].way_out
    assert redis_checks.reachable(problems[:1])


def test_a_wrong_password_is_told_from_a_server_that_does_not_answer(server: str) -> None:
    problems = findings(f"redis://{LOGIN}:not-{PASSWORD}@{server}/0")
    assert "refuses the user name or password" in problems[0].fact
    assert PASSWORD not in str(problems)
    assert not redis_checks.reachable(problems)


def test_what_a_server_refuses_is_said_once_for_ledger_and_broker(server: str) -> None:
    url = f"redis://{LOGIN}:not-{PASSWORD}@{server}"
    assert [finding.area for finding in findings(f"{url}/0", f"{url}/1")] == ["redis"]


def test_a_database_that_the_server_does_not_have_is_named(server: str) -> None:
    assert f"Redis at {server}/7 does not have this database" in facts(f"redis://{server}/7")


def test_the_brokers_database_must_exist_too(server: str) -> None:
    text = facts(f"redis://{server}/0", f"redis://{server}/1")
    assert f"Redis at {server}/1 does not have this database" in text
    assert "Raise `databases`" in text


def test_a_certificate_that_is_not_trusted_is_named() -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    text = facts_of_server(lambda connection: context.wrap_socket(connection, server_side=True))
    assert "shows a certificate that this machine does not trust" in text
    assert "ssl_ca_certs=" in text


def test_tls_to_a_server_without_it_is_named() -> None:
    text = facts_of_server(lambda connection: connection.sendall(b"-ERR unknown command\r\n"))
    assert "does not speak TLS Use redis:// in STANDUP_REDIS_URL" in text


def facts_of_server(answer: Callable[[socket.socket], object]) -> str:
    """Return what the doctor says of a server that answers every connection in this way, asked with TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer_all, args=(listener, answer), daemon=True).start()
        return facts(f"rediss://127.0.0.1:{listener.getsockname()[1]}/0")


def test_a_server_that_is_no_redis_is_not_called_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        greeting = b"220 mail.example.com ESMTP\r\n"
        threading.Thread(target=answer_all, args=(listener, lambda wire: wire.sendall(greeting)), daemon=True).start()
        url = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        problems = findings(url)
    assert not redis_checks.reachable(problems)
    assert "answers, but not as Redis does" in problems[0].fact
    assert "Correct STANDUP_REDIS_URL" in problems[0].way_out


def test_a_server_that_is_not_there_does_not_answer() -> None:
    assert "does not answer Start it, or correct STANDUP_REDIS_URL" in facts("redis://127.0.0.1:1/0")


def answer_all(listener: socket.socket, answer: Callable[[socket.socket], object]) -> None:
    """Answer every connection until the listener is closed."""
    while True:
        try:
            connection, _ = listener.accept()
            answer(connection)
        except ssl.SSLError:  # the client ends the handshake
            continue
        except OSError:
            return


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("cluster"), {"cluster-enabled": "yes"}) as running:
        yield f"127.0.0.1:{running.port}"


def test_a_cluster_is_named_with_the_way_out(cluster: str) -> None:
    problems = findings(f"redis://{cluster}/0", f"redis://{cluster}/1")
    assert problems[0].fact == f"Redis at {cluster}/0 is a Redis Cluster"
    assert "Sentinels" in problems[0].way_out
    assert "STANDUP_REDIS_URL" in problems[0].way_out
    assert not redis_checks.reachable(problems)


def test_redis_words_for_another_database_of_a_cluster_are_understood() -> None:
    refusal = ResponseError("SELECT is not allowed in cluster mode")
    finding = redis_checks.unusable("STANDUP_BROKER_URL", "redis://127.0.0.1:6379/1", refusal)
    assert finding.fact == "Redis at 127.0.0.1:6379/1 is a Redis Cluster"


PROGRAMS = {"worker": ["-A", "worker", "worker"], "beat": ["-A", "beat_schedule", "beat"]}


@pytest.mark.parametrize("setting", ["STANDUP_REDIS_URL", "STANDUP_BROKER_URL"])
@pytest.mark.parametrize(
    "command", [["-A", "worker", "worker"], ["-A", "beat_schedule", "beat"]], ids=["worker", "beat"]
)
def test_worker_and_beat_refuse_a_cluster_in_one_sentence(
    cluster: str, redis_url: str, tmp_path: Path, setting: str, command: list[str]
) -> None:
    environment = {
        **os.environ,
        "STANDUP_BEAT_FILE": str(tmp_path / "schedule"),
        "STANDUP_REDIS_URL": redis_url,
        setting: f"redis://{cluster}/0",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "celery", *command], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert f"standup: {setting} leads to a Redis Cluster. Use one Redis server" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_unix_socket_serves_ledger_and_broker(tmp_path: Path) -> None:
    path = tmp_path / "redis.sock"
    options = {"unixsocket": str(path), "appendonly": "yes"}
    (tmp_path / "data").mkdir()
    with running_redis(tmp_path / "data", options, persist=True):
        settings = Settings(redis_url=f"unix://{path}?db=3")
        assert findings(settings.redis_url, settings.broker) == []
        assert connect(settings.redis_url).ping()
        app = create_app(settings)
        app.send_task("briefing.recover", ignore_result=True)
        broker = connect(settings.broker)
        assert broker.connection_pool.connection_kwargs["db"] == 4
        assert broker.llen(BEAT_QUEUE) == 1
