"""What a probe finds on a real server, and who hears of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ResponseError

from tests.redis_server import running_redis
from tests.waiting import wait_until
from worker.alerts.forms import Alert
from worker.alerts.redis_outage import AWAY_SECONDS, Fault, Outage, RedisWatch, Server, probe
from worker.alerts.sending import AlertSender
from worker.state.files.artifacts import Artifacts, OutageMark

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Redis]:
    """A server of this test's own."""
    with running_redis(tmp_path, {}) as server, Redis(port=server.port, decode_responses=True) as client:
        yield client
        client.config_set("save", "")  # a server that cannot save does not end


def fill(client: Redis) -> None:
    client.config_set("maxmemory", "1")


def make_replica(client: Redis) -> None:
    client.replicaof("127.0.0.1", "1")


def want_replicas(client: Redis) -> None:
    client.config_set("min-replicas-to-write", "1")


def remove_its_folder(client: Redis) -> None:
    """Make the server fail to save, after which it refuses writes."""
    client.config_set("save", "3600 1")
    shutil.rmtree(client.config_get("dir")["dir"])
    client.bgsave()
    wait_until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err", "the server could not save")


def cut_off_from_its_primary(client: Redis) -> None:
    client.config_set("replica-serve-stale-data", "no")
    make_replica(client)


def port(client: Redis) -> int:
    return int(client.connection_pool.connection_kwargs["port"])


def url(client: Redis) -> str:
    return f"redis://127.0.0.1:{port(client)}/0"


@pytest.mark.parametrize(
    ("break_it", "advice"),
    [
        (fill, "maxmemory"),
        (make_replica, "promote"),
        (cut_off_from_its_primary, "promote"),
        (want_replicas, "min-replicas-to-write"),
        (remove_its_folder, "cannot save"),
    ],
)
def test_a_server_that_answers_and_refuses_writes_is_out(
    client: Redis, break_it: Callable[[Redis], None], advice: str
) -> None:
    assert probe(url(client)) is None
    break_it(client)
    client.info()  # it answers
    fault = probe(url(client))
    assert fault is not None
    assert fault.kind == "no_writes"
    assert advice in fault.advice


@pytest.mark.parametrize(
    ("redis_url", "reason"),
    [("redis://127.0.0.1:1/0", "Connection refused"), ("redis://no-such-host.invalid:6379/0", "no-such-host.invalid")],
)
def test_a_server_that_does_not_answer_is_away_for_the_reason_that_is_named(redis_url: str, reason: str) -> None:
    fault = probe(redis_url)
    assert fault is not None
    assert fault.kind == "away"
    assert reason in fault.advice


def change_password(client: Redis) -> None:
    client.config_set("requirepass", "another-password")


def disable_user(client: Redis) -> None:
    set_user(client, "off")


def forbid_scripts(client: Redis) -> None:
    set_user(client, "-@scripting")


def forbid_a_command_of_scripts(client: Redis) -> None:
    set_user(client, "-set")


def forbid_keys(client: Redis) -> None:
    set_user(client, "resetkeys", "~elsewhere:*")


def set_user(client: Redis, *rules: str) -> None:
    client.execute_command("ACL", "SETUSER", "worker", *rules)


def allow_no_more_connections(client: Redis) -> None:
    client.config_set("maxclients", "1")


@pytest.mark.parametrize(
    ("refuse", "advice"),
    [
        (change_password, "the password of the URL"),
        (disable_user, "the password of the URL"),
        (forbid_scripts, "'eval'"),
        (forbid_a_command_of_scripts, "'set'"),
        (forbid_keys, "ACL SETUSER"),
        (allow_no_more_connections, "maxclients"),
    ],
)
def test_a_server_that_refuses_the_workers_is_out_for_the_reason_that_is_named(
    client: Redis, refuse: Callable[[Redis], None], advice: str
) -> None:
    set_user(client, "on", ">planted-password", "+@all", "~*")
    redis_url = url(client).replace("//", "//worker:planted-password@" if refuse != change_password else "//")
    assert probe(redis_url) is None
    refuse(client)
    fault = probe(redis_url)
    assert fault is not None
    assert fault.kind == "refused"
    assert advice in fault.advice
    assert "planted" not in fault.advice


def test_a_server_that_a_script_blocks_is_out(client: Redis) -> None:
    client.config_set("busy-reply-threshold", "1")
    with ThreadPoolExecutor() as executor, Redis(port=port(client)) as blocking_client:
        running = executor.submit(blocking_client.eval, "while true do end", 0)
        fault = wait_until(lambda: probe(url(client)), "the script blocks the server")
        client.script_kill()
        assert isinstance(running.exception(), ResponseError)
    assert fault
    assert fault.kind == "refused"
    assert "SCRIPT KILL" in fault.advice


def test_a_user_of_the_broker_may_be_allowed_its_queues_only(client: Redis) -> None:
    set_user(client, "on", ">planted-password", "+@all", "~elsewhere:*")
    redis_url = url(client).replace("//", "//worker:planted-password@")
    assert probe(redis_url, is_broker=True) is None


class Webhook:
    """The receiver of alerts."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []

    def send(self, alert: Alert) -> None:
        self.alerts.append(alert)


class Worker:
    """The watch of one worker, whose looks a test makes."""

    def __init__(self, folder: Path, webhook: Webhook, role: str = "redis") -> None:
        mark = OutageMark(Artifacts(str(folder)), role)
        self.fault: Fault | None = None
        self.now = NOW
        self.server = Server("broker" if role == "broker" else "redis", lambda: self.fault, mark)
        self.watch = RedisWatch([self.server], AlertSender(lambda: webhook, folder / "alerts.jsonl"), lambda: self.now)
        self.outage = Outage()

    def look(self, fault: Fault | None) -> None:
        """Look twice, as long apart as an outage must last."""
        self.fault = fault
        for seconds in (0, AWAY_SECONDS):
            self.watch.look(self.server, self.outage, seconds)


@pytest.mark.parametrize(
    ("role", "fault", "headings"),
    [
        ("redis", Fault("no_writes", "It is full."), ["Redis takes no writes", "Redis takes writes again"]),
        ("redis", Fault("away"), ["Redis does not answer", "Redis answers again"]),
        ("redis", Fault("refused", "No login."), ["Redis refuses the workers", "Redis accepts the workers again"]),
        ("broker", Fault("away"), ["The broker does not answer", "The broker answers again"]),
    ],
)
def test_of_several_workers_one_reports_the_outage_and_its_end(
    tmp_path: Path, role: str, fault: Fault, headings: list[str]
) -> None:
    webhook = Webhook()
    workers = [Worker(tmp_path, webhook, role) for _ in range(3)]
    for present_fault in (fault, fault, None, None):
        for worker in workers:
            worker.look(present_fault)
    assert [alert.title for alert in webhook.alerts] == headings
    assert fault.advice in webhook.alerts[0].sentence


def test_the_end_of_an_outage_of_hours_is_reported(tmp_path: Path) -> None:
    webhook = Webhook()
    workers = [Worker(tmp_path, webhook) for _ in range(2)]
    for minutes in range(0, 180, 10):
        for worker in workers:
            worker.now = NOW + timedelta(minutes=minutes)
            worker.look(Fault("away"))
    later_worker = Worker(tmp_path, webhook)
    later_worker.now = workers[0].now
    later_worker.look(Fault("away"))
    for worker in workers:
        worker.look(None)
    assert [alert.code for alert in webhook.alerts] == ["redis_away", "redis_back"]


@pytest.mark.parametrize("hours", [0, 2])
def test_without_a_store_the_worker_that_reported_the_outage_reports_its_end(tmp_path: Path, hours: int) -> None:
    webhook, place = Webhook(), tmp_path / "store"
    place.write_text("a file where the folder was")
    worker = Worker(place, webhook)
    for fault in (Fault("away"), None, None):
        worker.look(fault)
        worker.now += timedelta(hours=hours)
    assert [alert.code for alert in webhook.alerts] == ["redis_away", "redis_back"]


def test_the_end_is_reported_if_the_store_is_lost_during_the_outage(tmp_path: Path) -> None:
    webhook, place = Webhook(), tmp_path / "store"
    first, second = Worker(place, webhook), Worker(place, webhook)
    for worker in (first, second):
        worker.look(Fault("away"))
    place.rename(tmp_path / "elsewhere")
    place.write_text("a file where the folder was")
    for worker in (second, first):
        worker.look(None)
    assert [alert.code for alert in webhook.alerts] == ["redis_away", "redis_back"]
