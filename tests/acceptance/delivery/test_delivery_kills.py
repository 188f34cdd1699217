"""A worker killed or stopped during a delivery: what arrived, and what the ledger says after another one went on.

Three groups are stopped, each at its own moment. Then their worker is killed with SIGKILL.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis import Redis

from tests.acceptance.installation import DAY, Installation, empty_installation, group, sandbox_group
from tests.acceptance.recovery.test_recovery import kill
from tests.acceptance.redis_proxy import RedisProxy
from tests.mail_server import HANG, MailServer, Trouble
from tests.waiting import HANG_SECONDS, wait_until
from worker.domain.deliveries import Delivery
from worker.domain.runs import RunId, RunState

ARRIVED = {
    "before-the-dot": 0,  # recorded as being sent, and the final dot not yet on its way
    "before-the-reply": 1,  # the server has the final dot and the message, and has not confirmed it yet
    "before-the-record": 1,  # the server has confirmed the message, which is not recorded yet
}
"""Each moment, which is also a group, and how many messages have arrived then."""


def stopped(moment: str) -> str:
    """Return the recipient whose delivery is stopped."""
    return f"{moment}@example.com"


def next_recipient(moment: str) -> str:
    """Return the recipient whose turn is after that."""
    return f"z-{moment}@example.com"


def records(request: bytes, moment: str, state: str) -> str:
    """Return the moment if the request to Redis moves its stopped delivery to a state."""
    return moment if stopped(moment).encode() in request and f'"state":"{state}"'.encode() in request else ""


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def proxy(redis_server: str) -> Iterator[RedisProxy]:
    proxy = RedisProxy(
        urlsplit(redis_server).port or 0,
        holds_answer=lambda request: records(request, "before-the-dot", "sending"),
        holds_request=lambda request: records(request, "before-the-record", "sent"),
    )
    yield proxy
    proxy.stop()


def prepare(installation: Installation, mail_server: MailServer) -> None:
    installation.start_sandbox({"groups": {moment: sandbox_group(f"Queue {moment}") for moment in ARRIVED}})
    installation.configure(SMTP__PORT=str(mail_server.port))
    installation.write_groups(
        {
            moment: group(moment, f"Queue {moment}", deliver={"email": [stopped(moment), next_recipient(moment)]})
            for moment in ARRIVED
        }
    )
    # Redis learns the script, or the answer that the proxy holds back would be "NOSCRIPT"
    installation.deliveries.move(RunId("unknown", DAY), Delivery("email", "x@example.com", "planned"), ("",))


def delivery_of(installation: Installation, moment: str, recipient: str) -> Delivery:
    deliveries = installation.deliveries.records(RunId(moment, DAY))
    return next(delivery for delivery in deliveries if delivery.recipient == recipient)


def test_a_worker_killed_during_a_delivery_leaves_one_message_at_most(
    tmp_path_factory: pytest.TempPathFactory, redis_server: str, mail_server: MailServer, proxy: RedisProxy
) -> None:
    Redis.from_url(redis_server).flushall()
    folder = tmp_path_factory.mktemp("installation")
    with empty_installation(folder, f"redis://127.0.0.1:{proxy.port}/0") as installation:
        reached = threading.Event()
        mail_server.set_troubles(stopped("before-the-reply"), Trouble("dot", HANG, keeps=True, reached=reached))
        prepare(installation, mail_server)
        worker = installation.start_worker("first")
        for moment in ("before-the-dot", "before-the-record"):
            installation.begin_run(moment, DAY)
        wait_until(lambda: proxy.reached == {"before-the-dot", "before-the-record"}, "two deliveries are stopped")
        installation.begin_run("before-the-reply", DAY)  # the last, because the worker waits only a minute for it
        assert reached.wait(HANG_SECONDS)
        kill(worker)
        arrived = {moment: mail_server.recipients().count(stopped(moment)) for moment in ARRIVED}
        states = {delivery_of(installation, moment, stopped(moment)).state for moment in ARRIVED}
        installation.redis_url = f"{redis_server}/0"
        installation.configure(REDIS_URL=installation.redis_url)
        installation.start_worker("second")
        installation.start_beat()
        runs = installation.wait_for_runs([f"{moment}:{DAY}" for moment in ARRIVED])
        assert arrived == ARRIVED
        assert states == {"sending"}
        assert {run.state for run in runs} == {RunState.PARTLY_DELIVERED}
        for moment in ARRIVED:
            delivery = delivery_of(installation, moment, stopped(moment))
            assert delivery.state == "unknown"
            assert "ask whether it arrived" in delivery.why
            assert delivery_of(installation, moment, next_recipient(moment)).state == "sent"
            assert mail_server.recipients().count(stopped(moment)) == ARRIVED[moment]
            assert mail_server.recipients().count(next_recipient(moment)) == 1
        alerts = str(installation.wait_for_alerts(3))
        assert all(f"standup resend {moment}:{DAY}" in alerts for moment in ARRIVED)


def every_thread_is_stopped(pid: int) -> bool:
    """Tell whether no thread of the process runs. The state follows the name in brackets (man 5 proc_pid_stat)."""
    stats = (path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat"))
    return all(stat.rpartition(")")[2].split()[0] == "T" for stat in stats)


def test_a_stopped_workers_proof_counts_when_it_goes_on(installation: Installation, mail_server: MailServer) -> None:
    """The machine sleeps while the mail server answers. Meanwhile another worker finds a delivery without a proof."""
    stopped_recipient = stopped("before-the-reply")
    reached, released = threading.Event(), threading.Event()
    accepts_late = Trouble("dot", "250 2.0.0 taken late", keeps=True, reached=reached, released=released)
    mail_server.set_troubles(stopped_recipient, accepts_late)
    prepare(installation, mail_server)
    installation.configure(SMTP__TIMEOUT_SECONDS="60")
    worker = installation.start_worker("first")
    installation.begin_run("before-the-reply", DAY)
    assert reached.wait(HANG_SECONDS)
    assert worker.process is not None
    pid = worker.process.pid
    os.killpg(pid, signal.SIGSTOP)
    wait_until(
        lambda: every_thread_is_stopped(pid), "every thread of the worker has stopped"
    )  # a busy machine takes a moment
    released.set()
    installation.start_worker("second")
    installation.start_beat()
    run = installation.wait_for_run(f"before-the-reply:{DAY}")
    assert (run.state, run.code) == (RunState.PARTLY_DELIVERED, "outcome_unknown")
    assert delivery_of(installation, "before-the-reply", stopped_recipient).state == "unknown"
    installation.wait_for_alerts(1)
    os.killpg(worker.process.pid, signal.SIGCONT)
    wait_until(
        lambda: installation.runs.get(run.id).state == RunState.DELIVERED,  # type: ignore[union-attr]
        "the run's end is counted again",
    )
    delivery = delivery_of(installation, "before-the-reply", stopped_recipient)
    assert (delivery.state, delivery.proof) == ("sent", "250 2.0.0 taken late")
    assert mail_server.recipients().count(stopped_recipient) == 1
    assert mail_server.recipients().count(next_recipient("before-the-reply")) == 1
    assert "Delivered again" in str(installation.wait_for_alerts(2)[-1])
