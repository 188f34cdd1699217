"""No secret, name or row is where the broker, the results, Flower or a log could show it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading

from redis import Redis

from tests.acceptance.installation import CLIENT_SECRET, DAY, Installation, group, sandbox_group
from tests.waiting import wait_until
from worker.cli.demo.processes import python
from worker.domain.runs import RunState

QUEUE = "Planted Queue Zwölf"
"""An error's sentence may quote it, and the log contains the sentence."""

PLANTED = (CLIENT_SECRET, QUEUE, "Planted Agent Ägidius", "planted.reader", "planted-missing@")
RUNS = [f"{key}:{DAY}" for key in ("good", "bad", "ugly")]


def prepare(installation: Installation) -> None:
    """Write a group that is delivered to one of two readers, one without permission, one with an unknown queue."""
    refused = {"planted-missing@example.com": "550 5.1.1 no such mailbox"}
    worlds = {
        "good": sandbox_group("Planted Queue Zwölf", agents=["Planted Agent Ägidius", "Other Agent"]),
        "bad": sandbox_group("Q2", trouble=[{"kind": "forbidden"}]),
    }
    installation.start_sandbox({"mailbox": {"refuse": refused}, "groups": worlds})
    deliver = {"email": ["planted.reader@example.com", "planted-missing@example.com"]}
    installation.write_groups(
        {
            "good": group("Good", "Planted Queue Zwölf", deliver=deliver),
            "bad": group("Bad", "Q2", deliver=deliver),
            "ugly": group("Ugly", "Planted Queue Zwölf which is not there", deliver=deliver),
        }
    )


def broker_dump(url: str) -> str:
    """Return every key and value of the broker's database."""
    client = Redis.from_url(url)
    texts: list[bytes] = []
    for key in client.scan_iter("*"):
        texts += [key, *values_of(client, key)]
    return b"\n".join(texts).decode("utf-8", "replace")


def values_of(client: Redis, key: bytes) -> list[bytes]:
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


class BrokerWatch(threading.Thread):
    """Looks at all that the broker holds, again and again until it is stopped."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._stop_asked = threading.Event()
        self.dump = ""

    def run(self) -> None:
        while not self._stop_asked.is_set():
            self.dump += broker_dump(self._url)
            self._stop_asked.wait(0.05)

    def stop(self) -> str:
        """Look a last time; return all that was found."""
        self._stop_asked.set()
        self.join()
        return self.dump + broker_dump(self._url)


def test_planted_strings_are_in_the_documents_only(installation: Installation) -> None:
    prepare(installation)
    events = installation.folder / "events.log"
    with events.open("w") as file:
        command = python("-m", "celery", "-A", "worker", "events", "--dump")
        environment = {**os.environ, **installation.environment, "PYTHONUNBUFFERED": "1"}
        listener = subprocess.Popen(command, stdout=file, stderr=file, env=environment)
        broker = Redis.from_url(installation.broker_url)
        wait_until(lambda: broker.pubsub_numpat() or broker.pubsub_channels(), "someone listens to events")
        watch = BrokerWatch(installation.broker_url)
        watch.start()
        installation.start_worker()
        beat = installation.start_beat()
        good, bad, ugly = installation.wait_for_runs(RUNS)
        installation.wait_for_alerts(3)
        assert beat.process is not None
        beat.process.terminate()
        wait_until(lambda: "task succeeded: briefing.deliver" in events.read_text(), "the last step has ended")
        installation.wait_until_idle()
        wait_until(lambda: unfinished(events.read_text()) == set(), "Flower sees that all tasks have ended")
        broker_text = watch.stop()
        listener.terminate()
        listener.wait()
    assert (good.state, bad.code, ugly.code) == (RunState.PARTLY_DELIVERED, "permission_missing", "lookup_failed")
    logs = "".join(installation.log(name) for name in ("worker", "beat"))
    for place, text in {"broker and results": broker_text, "events": events.read_text(), "logs": logs}.items():
        assert text
        secrets = [planted for planted in PLANTED if place != "logs" or planted != QUEUE]  # docs/privacy.md
        leaks = [planted for planted in secrets if planted in text or json.dumps(planted).strip('"') in text]
        assert not leaks, f"{leaks} in {place}"
    assert f"good:{DAY}" in broker_text


def unfinished(events: str) -> set[str]:
    """Return the tasks that a worker said it had received and did not say had ended."""
    received = set(re.findall(r"task received: (briefing\.\w+\([0-9a-f-]+\))", events))
    ended = set(re.findall(r"task (?:succeeded|failed|retried): (briefing\.\w+\([0-9a-f-]+\))", events))
    return {task for task in received - ended if not task.startswith(("briefing.start_due", "briefing.recover"))}
