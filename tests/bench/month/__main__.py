"""Fill a redis-server with a month of mornings, and print what it takes and what reading it costs."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import tomli_w
from redis import Redis

from tests.bench.month import server
from tests.bench.month.filling import Filler, Month
from worker.state.files.artifacts import Artifacts

_SAMPLES_OF_KIND = 300


def main() -> int:
    """Return 1 if redis-server is missing."""
    arguments = _arguments()
    if not server.is_there():
        sys.stderr.write("redis-server is missing: apt-get install redis-server\n")
        return 1
    with tempfile.TemporaryDirectory() as folder, server.redis_server(Path(folder)) as url:
        month = Month(arguments.groups, arguments.days, _first_day(arguments.days), arguments.files)
        for line in _measure(month, Path(folder), url):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    return 0


def _measure(month: Month, folder: Path, url: str) -> Iterator[str]:
    redis = Redis.from_url(url, decode_responses=True)
    environment = _environment(month, folder, url)
    if month.days:
        for day in Filler(month, redis, Artifacts(str(folder / "artifacts"))).fill():
            if (day - month.first_day).days % 5 == 0:
                yield f"{day}: {_used_bytes(redis) / 1e6:,.1f} MB, {redis.zcard('standup:runs'):,} runs"
        yield from _memory(month, redis)
        yield from _costs("lists", environment)
        yield from _costs("expiry", environment)
    yield from _costs("ticks", environment)


def _memory(month: Month, redis: Redis) -> Iterator[str]:
    runs = month.groups * month.days
    yield f"used memory per run: {_used_bytes(redis) / runs:,.0f} bytes, {_used_bytes(redis) / 1e6:,.1f} MB in all"
    sizes, counts = Counter[str](), Counter[str]()
    for number, key in enumerate(redis.scan_iter("standup:*", count=1000)):
        kind = key.split(":")[1] if key.count(":") > 1 else key
        counts[kind] += 1
        if counts[kind] <= _SAMPLES_OF_KIND or number % 100 == 0:
            sizes[kind] += redis.memory_usage(key, samples=0) or 0
            counts[f"{kind} sampled"] += 1
    for kind, size in sorted(sizes.items()):
        mean = size / counts[f"{kind} sampled"]
        yield f"  {kind}: {counts[kind]:,} keys of {mean:,.0f} bytes, {mean * counts[kind] / runs:,.0f} bytes per run"


def _costs(operations: str, environment: Mapping[str, str]) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.bench.month.operations", operations]
    process = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if process.returncode:
        raise RuntimeError(process.stderr)
    for cost in json.loads(process.stdout.splitlines()[-1]):
        yield _line(cost)


def _line(cost: Mapping[str, Any]) -> str:
    return (
        f"{cost['name']}: {cost['cpu_seconds']:.3f} s of processor time ({cost['redis_cpu_seconds']:.3f} s of Redis), "
        f"{cost['seconds']:.2f} s, {cost['commands']:,} commands, "
        f"peak memory {cost['peak_mb_before']:.0f} → {cost['peak_mb']:.0f} MB"
    )


def _environment(month: Month, folder: Path, url: str) -> dict[str, str]:
    """Write the group file, in which all groups are due since midnight, and return the settings."""
    group = {"queues": ["Service", "Orders", "Complaints"], "zone": "UTC"}
    groups = {key: {**group, "title": key, "deliver": {"email": [f"{key}@northgate.example"]}} for key in month.keys}
    workdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    defaults = {"workdays": workdays, "standup_at": "00:00", "lead_minutes": 0, "catch_up_until": "23:59"}
    (folder / "groups.toml").write_text(tomli_w.dumps({"defaults": defaults, "groups": groups}), encoding="utf-8")
    return {
        "STANDUP_GROUPS": str(folder / "groups.toml"),
        "STANDUP_REDIS_URL": url,
        "STANDUP_ARTIFACTS": str(folder / "artifacts"),
        "STANDUP_BEAT_FILE": str(folder / "beat"),
        "STANDUP_LOG_LEVEL": "ERROR",
        "STANDUP_SMTP__HOST": "127.0.0.1",
        "STANDUP_SMTP__SENDER": "standup@northgate.example",
        "STANDUP_ORGANISATIONS__MAIN__API_URL": "http://127.0.0.1:9",
        "STANDUP_ORGANISATIONS__MAIN__CLIENT_ID": "bench",
        "STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET": "bench",
    }


def _first_day(days: int) -> Any:
    """Return the first of so many reporting days, so that yesterday is not among them: the ticks begin its runs."""
    return datetime.now(UTC).date() - timedelta(days=days + 1)


def _used_bytes(redis: Redis) -> int:
    return int(redis.info("memory")["used_memory"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.bench.month", description=__doc__)
    parser.add_argument("--groups", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=30, help="mornings; 0 measures ticks alone")
    parser.add_argument("--files", action="store_true", help="store files too, which takes longer")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
