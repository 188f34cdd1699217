"""Messages that someone forged, on the queues of a live worker, harm neither the worker nor a morning's run."""

from __future__ import annotations

import base64
import json
import pickle
import re
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from redis import Redis

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.waiting import wait_until
from worker.celery import RENDERING_QUEUE, WAITING_QUEUE
from worker.domain.runs import RunId, RunState

RUN = f"support:{DAY}"
STEPS = ("briefing.holiday_check", "briefing.export", "briefing.poll", "briefing.render", "briefing.deliver")
DAY_AWAY = timedelta(days=400)


class Touch:
    """An object whose unpickling writes a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


def forged(
    task: object, body: object, *, raw: bytes | None = None, kind: str = "application/json", **headers: Any
) -> bytes:
    """Return a message as Celery sends it (message protocol 2), with some headers changed."""
    content = json.dumps(body).encode() if raw is None else raw
    common = {"lang": "py", "task": task, "id": uuid4().hex, "root_id": "forged", "parent_id": None, "group": None}
    common |= {"shadow": None, "eta": None, "expires": None, "retries": 0, "timelimit": [None, None]}
    common |= {"argsrepr": "", "kwargsrepr": "", "origin": "", "ignore_result": True}
    delivery = {"exchange": "", "routing_key": WAITING_QUEUE}
    properties = {"correlation_id": "forged", "reply_to": "", "delivery_mode": 2, "delivery_info": delivery}
    return json.dumps(
        {
            "body": base64.b64encode(content).decode(),
            "content-type": kind,
            "content-encoding": "utf-8" if kind == "application/json" else "binary",
            "headers": common | headers,
            "properties": properties | {"priority": 0, "body_encoding": "base64", "delivery_tag": uuid4().hex},
        }
    ).encode()


def peak_megabytes(process: int) -> int:
    """Return the most memory that a process had."""
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(peak) // 1024


def call(*args: object, **embedded: object) -> list[object]:
    return [args, {}, embedded]


def forgeries(touched: Path, roots: tuple[str, ...]) -> list[bytes]:
    """Return forged messages of each kind. ``roots`` are those of other chains."""
    far = (datetime.now(UTC) + DAY_AWAY).isoformat()
    bomb = zlib.compress(bytes(300_000_000))
    steps = [forged(step, call(RUN), root_id=root) for step in STEPS for root in roots]
    return [
        *steps,
        forged("os.system", call(f"touch {touched}")),
        forged("celery.chain", call([["os.system", str(touched)]])),
        forged(
            "briefing.render", None, raw=pickle.dumps([[Touch(touched)], {}, {}]), kind="application/x-python-serialize"
        ),
        forged("briefing.render", None, raw=b"!!python/object/apply:os.system [x]", kind="application/x-yaml"),
        *(forged(step, call()) for step in STEPS),
        *(forged(step, [[], {"run_id": 5, "unknown": {}}, {}]) for step in STEPS),
        forged("briefing.render", {"args": 1}),
        forged("briefing.render", "text"),
        forged("briefing.render", None, raw=b"[" * 100_000),
        forged("briefing.render", call("x" * 200_000)),
        forged("briefing.render", call("x" * 30_000_000)),
        forged("briefing.render", None, raw=bomb, compression="application/x-gzip"),
        *(
            forged("briefing.deliver", call(name))
            for name in ("../../etc/passwd", f"../../x:{DAY}", f"..:{DAY}", "\u0000:1")
        ),
        *(forged("briefing.run", call(name, f"{DAY}")) for name in ("../../etc", "nobody", "", "a:b", "x" * 10_000)),
        *(
            forged("briefing.run", call("support", day))
            for day in ("0001-01-01", "9999-12-31", "yesterday", "2026-11-20\n")
        ),
        forged("briefing.deliver", call(f"sales:{DAY}")),
        forged("briefing.render", call(RUN), expires="2020-01-01T00:00:00+00:00"),
        *(forged("briefing.render", call(RUN), expires=value) for value in ("soon", 5, [], far)),
        *(forged("briefing.render", call(RUN), eta=value) for value in ("soon", 5, [], far, "9999-12-31T23:59:59")),
        *(forged("briefing.render", call(RUN), retries=value) for value in (10**9, -5, "many", None)),
        *(
            forged("briefing.render", call(RUN), timelimit=value)
            for value in ([1e308, 1e308], ["a", "b"], 5, [0.001, 0.001])
        ),
        forged(
            "briefing.render", call(RUN), id="../../etc", group="other", reply_to="x", stamps=5, stamped_headers="x"
        ),
        forged("briefing.render", call(RUN, chain=[{"task": "os.system", "args": [f"touch {touched}"]}] * 50)),
        forged("briefing.render", call(RUN, callbacks=[{"task": "no.such"}], errbacks="x", chord={"task": 1})),
    ]


def test_forged_messages_on_a_live_worker_harm_no_run(installation: Installation, tmp_path: Path) -> None:
    """Each kind is sent before and during the runs, to both queues.

    A forged step of an open run may be done in place of the chain's own. Then the sweep sends what follows.
    """
    installation.start_sandbox({"groups": {"support": sandbox_group("Q1"), "sales": sandbox_group("Q2")}})
    groups = {"support": group("Support", "Q1"), "sales": group("Sales", "Q2")}
    installation.write_groups(groups)
    installation.record_past("support", "sales")
    worker = installation.start_worker()
    broker = Redis.from_url(installation.broker_url)
    touched = tmp_path / "executed"
    messages = forgeries(touched, ("forged", RUN, "00000000-0000-0000-0000-000000000000"))
    for queue in (WAITING_QUEUE, RENDERING_QUEUE):
        broker.rpush(queue, *messages)
    installation.start_beat()
    wait_until(lambda: installation.runs.get(RunId("support", DAY)), "the run is open")
    for queue in (WAITING_QUEUE, RENDERING_QUEUE):
        broker.rpush(queue, *messages)
    assert installation.wait_for_run(RUN).state == RunState.DELIVERED
    assert installation.wait_for_run(f"sales:{DAY}").state == RunState.DELIVERED
    wait_until(lambda: not broker.exists(WAITING_QUEUE, RENDERING_QUEUE), "every forged message is taken")
    wait_until(lambda: not broker.exists("unacked"), "no forged message is kept for another worker")
    assert worker.process
    assert worker.process.poll() is None, "a forged message ended the worker"
    assert not touched.exists()
    for recipient in ("support@example.com", "sales@example.com"):
        assert len(installation.mails_to(recipient)) == 1
    assert len(installation.log("worker")) < 2_000_000
    assert peak_megabytes(worker.process.pid) < 400
