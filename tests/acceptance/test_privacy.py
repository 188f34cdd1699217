"""No secret, name or row where the broker, the results, Flower or a log could show it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from datetime import date
from pathlib import Path

from redis import Redis

from tests.acceptance.installation import ALL_WEEK, CLIENT_SECRET, Installation, yesterday, zone_in_daytime
from worker.cli.demo.processes import python
from worker.domain.runs import RunId, RunState

ZONE = zone_in_daytime()
DAY: date = yesterday(ZONE)
PLANTED = (CLIENT_SECRET, "Planted Queue Zwölf", "Planted Agent Ägidius", "planted.reader", "planted-missing@")


def furnish(installation: Installation) -> list[str]:
    world = {"zone": ZONE, "agents": ["Planted Agent Ägidius", "Other Agent"], "workdays": ALL_WEEK}
    bad = {"zone": ZONE, "agents": 3, "workdays": ALL_WEEK}
    installation.start_sandbox(
        {
            "mailbox": {"refuse": {"planted-missing@example.com": "550 5.1.1 no such mailbox"}},
            "groups": {
                "good": {**world, "queues": ["Planted Queue Zwölf"]},
                "bad": {**bad, "queues": ["Q2"], "trouble": [{"kind": "forbidden"}]},
            },
        }
    )
    to = ["planted.reader@example.com", "planted-missing@example.com"]
    common = {"zone": ZONE, "deliver": {"email": to}}
    installation.write_groups(
        {
            "good": {"title": "Good", "queues": ["Planted Queue Zwölf"], **common},
            "bad": {"title": "Bad", "queues": ["Q2"], **common},
            "ugly": {"title": "Ugly", "queues": ["Planted Queue Zwölf which is not there"], **common},
        }
    )
    return [f"{key}:{DAY}" for key in ("good", "bad", "ugly")]


def broker_dump(url: str) -> str:
    """Every key and value of the broker's database."""
    client = Redis.from_url(url)
    texts: list[bytes] = []
    for key in client.scan_iter("*"):
        texts += [key, *_values(client, key)]
    return b"\n".join(texts).decode("utf-8", "replace")


def _values(client: Redis, key: bytes) -> list[bytes]:
    kind = client.type(key)
    if kind == b"string":
        return [client.get(key) or b""]
    if kind == b"list":
        return list(client.lrange(key, 0, -1))
    if kind == b"set":
        return list(client.smembers(key))
    if kind == b"zset":
        return list(client.zrange(key, 0, -1))
    return [part for pair in client.hgetall(key).items() for part in pair]


def test_planted_strings_are_nowhere_but_in_the_documents(installation: Installation) -> None:
    run_ids = furnish(installation)
    events = installation.folder / "events.log"
    with events.open("w") as file:
        dump = subprocess.Popen(
            python("-m", "celery", "-A", "worker", "events", "--dump"),
            stdout=file,
            stderr=file,
            env=environment_of(installation),
        )
        time.sleep(3)
        installation.start_worker()
        installation.start_beat()
        seen = watch_broker(installation, run_ids)
        good, bad, ugly = installation.wait_for_runs(run_ids)
        installation.wait_for_alerts(3)
        wait_for(events, "task succeeded: briefing.deliver")
        time.sleep(1)
        dump.terminate()
        dump.wait()
    assert (good.state, bad.code, ugly.code) == (RunState.PARTLY_DELIVERED, "permission_missing", "lookup_failed")
    seen += broker_dump(installation.redis_url.removesuffix("/0") + "/1")
    logs = "".join(path.read_text() for path in (installation.folder / "logs").glob("*.log") if path.stem != "sandbox")
    for place, text in {"broker and results": seen, "events": events.read_text(), "logs": logs}.items():
        assert text
        found = [planted for planted in PLANTED if planted in text or json.dumps(planted).strip('"') in text]
        assert not found, f"{found} in {place}"
    assert f"good:{DAY}" in seen
    assert unfinished(events.read_text()) == set(), "Flower would show these as running for ever"


def watch_broker(installation: Installation, run_ids: list[str]) -> str:
    """What the broker holds, looked at again and again until all runs have ended."""
    runs, seen, deadline = installation.parts.runs, "", time.monotonic() + 60
    while time.monotonic() < deadline:
        seen += broker_dump(installation.redis_url.removesuffix("/0") + "/1")
        found = [runs.get(RunId.parse(run_id)) for run_id in run_ids]
        if all(run and run.state != RunState.OPEN for run in found):
            break
        time.sleep(0.05)
    return seen


def unfinished(events: str) -> set[str]:
    """The steps that a worker said it had received and never said had ended."""
    received = set(re.findall(r"task received: (briefing\.\w+\([0-9a-f-]+\))", events))
    ended = set(re.findall(r"task (?:succeeded|failed|retried): (briefing\.\w+\([0-9a-f-]+\))", events))
    return {task for task in received - ended if not task.startswith(("briefing.start_due", "briefing.recover"))}


def wait_for(path: Path, text: str) -> None:
    """Until the text stands in the file; a worker sends its events in batches."""
    deadline = time.monotonic() + 20
    while text not in path.read_text() and time.monotonic() < deadline:
        time.sleep(0.2)


def environment_of(installation: Installation) -> dict[str, str]:
    return {**os.environ, **installation.environment, "PYTHONUNBUFFERED": "1"}
