"""The commands of docs/upgrading.md save Redis, and bring back what was saved."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis

from tests.redis_server import running_redis

PAGE = Path(__file__).parents[3] / "docs" / "upgrading.md"


def commands(number: int, folder: Path) -> str:
    """Return the commands between stop and start of one of the page's blocks for Debian, with the folders of a test."""
    blocks = re.findall(r"^systemctl stop redis-server\n(.*?)^systemctl start", PAGE.read_text("utf-8"), re.M | re.S)
    return blocks[number].replace("/var/lib/redis", f"{folder}/redis").replace("/var/backups", f"{folder}/backups")


@contextmanager
def redis_of(folder: Path) -> Iterator[Redis]:
    """Give a client of a server that is stopped at the end, as `systemctl stop` does it."""
    config = {"appendonly": "yes", "save": ""}
    with (
        running_redis(folder / "redis", config, persist=True) as server,
        Redis(port=server.port, decode_responses=True) as client,
    ):
        yield client


def test_a_saved_database_is_restored_as_it_was(tmp_path: Path) -> None:
    for name in ("redis", "backups"):
        (tmp_path / name).mkdir()
    with redis_of(tmp_path) as redis:
        redis.set("run", "of before")
    subprocess.run(["sh", "-ec", commands(0, tmp_path)], check=True)
    with redis_of(tmp_path) as redis:
        redis.mset({"run": "changed", "later": "1"})
    subprocess.run(["sh", "-ec", commands(1, tmp_path)], check=True)
    with redis_of(tmp_path) as redis:
        assert {str(key): redis.get(str(key)) for key in redis.scan_iter()} == {"run": "of before"}
