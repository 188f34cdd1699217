"""A worker killed at each moment of a handover: what arrived, and what the ledger says after another went on.

Three groups are stopped at the same time, each at its own moment, then their worker is killed with SIGKILL.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from redis import Redis

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from tests.acceptance.slow_redis import Door
from tests.acceptance.test_recovery import kill
from tests.mail_server import HANG, MailServer, Trouble
from worker.cli.demo.processes import Programs
from worker.domain.runs import RunId, RunState
from worker.state.deliveries import Delivery

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
MOMENTS = {
    "before-the-dot": 0,  # written down as being sent, and the final dot not yet on its way
    "before-the-reply": 1,  # the final dot is with the server, which has taken the message and not yet said so
    "before-the-record": 1,  # the server's yes is there and not yet written down
}
"""And how many messages have arrived then."""


def at(moment: str) -> str:
    return f"{moment}@example.com"


def is_written(request: bytes, moment: str, state: str) -> bool:
    """Whether a request to Redis moves this recipient's delivery to a state."""
    return at(moment).encode() in request and f'"state": "{state}"'.encode() in request


@pytest.fixture
def post() -> Iterator[MailServer]:
    made = MailServer()
    yield made
    made.stop()


@pytest.fixture
def door(redis_server: str) -> Iterator[Door]:
    made = Door(
        urlsplit(redis_server).port or 0,
        after=lambda request: is_written(request, "before-the-dot", "sending"),
        before=lambda request: is_written(request, "before-the-record", "sent"),
    )
    yield made
    made.stop()


def furnish(installation: Installation, post: MailServer) -> None:
    world = {"zone": ZONE, "agents": 4, "workdays": ALL_WEEK}
    installation.start_sandbox({"groups": {moment: world | {"queues": [f"Queue {moment}"]} for moment in MOMENTS}})
    installation.configure(SMTP__PORT=str(post.port))
    common = {"title": "Support", "zone": ZONE}
    installation.write_groups(
        {
            moment: common | {"queues": [f"Queue {moment}"], "deliver": {"email": [at(moment), f"z-{at(moment)}"]}}
            for moment in MOMENTS
        }
    )


def delivery_of(installation: Installation, moment: str, recipient: str) -> Delivery:
    found = installation.parts.deliveries.of(RunId(moment, DAY))
    return next(each for each in found if each.recipient == recipient)


def test_a_worker_killed_amid_a_handover_leaves_one_message_at_most_and_operations_are_asked(
    tmp_path_factory: pytest.TempPathFactory, redis_server: str, post: MailServer, door: Door
) -> None:
    Redis.from_url(redis_server).flushall()
    folder = tmp_path_factory.mktemp("installation")
    with Programs(folder / "logs", {}) as programs:
        installation = Installation(folder, f"redis://127.0.0.1:{door.port}/0", programs)
        reached = threading.Event()
        post.trouble(at("before-the-reply"), Trouble("dot", HANG, keeps=True, reached=reached))
        furnish(installation, post)
        # Redis learns the script: else the answer that is kept back would be that it does not know it
        installation.parts.deliveries.move(RunId("nobody", DAY), Delivery("email", "nobody", "planned"), ("",))
        worker = installation.start_worker("first")
        for moment in MOMENTS:
            installation.standup("run", moment, "--date", str(DAY))
        assert reached.wait(90)
        wait_until(lambda: door.held == 2)
        arrived = {moment: post.recipients().count(at(moment)) for moment in MOMENTS}
        kill(worker)
        installation.redis_url = f"{redis_server}/0"
        installation.configure(REDIS_URL=installation.redis_url)
        states = {moment: delivery_of(installation, moment, at(moment)).state for moment in MOMENTS}
        installation.start_worker("second")
        installation.start_beat()
        runs = installation.wait_for_runs([f"{moment}:{DAY}" for moment in MOMENTS])
        assert arrived == MOMENTS
        assert set(states.values()) == {"sending"}
        assert {run.state for run in runs} == {RunState.PARTLY_DELIVERED}
        for moment in MOMENTS:
            found = delivery_of(installation, moment, at(moment))
            assert found.state == "unknown"
            assert "ask whether it arrived" in found.why
            assert delivery_of(installation, moment, f"z-{at(moment)}").state == "sent"
            assert post.recipients().count(at(moment)) == MOMENTS[moment]
            assert post.recipients().count(f"z-{at(moment)}") == 1
        told = str(installation.wait_for_alerts(3))
        assert all(f"standup resend {moment}:{DAY}" in told for moment in MOMENTS)


def wait_until(holds: object) -> None:
    deadline = time.monotonic() + 60
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, "never came to that moment"
        time.sleep(0.05)
