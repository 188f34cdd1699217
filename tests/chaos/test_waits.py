"""What a resumed step waited for: its lease, the sweep, other messages, Redis."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from tests.chaos.faults import Fault, Kind
from tests.chaos.injecting import Injection
from tests.chaos.resuming import Resumption
from tests.chaos.waits import Wait, waits
from worker.domain.runs import Event
from worker.services.recovery import SENT_AGAIN

KILLED_AT = 1_000.0
RESUMED = Resumption("group-000:2026-11-20", KILLED_AT, KILLED_AT + 18, KILLED_AT + 40)


def event(seconds: float, text: str = SENT_AGAIN) -> Event:
    return Event(datetime.fromtimestamp(KILLED_AT + seconds, UTC), "poll", text)


def outage(kind: Kind, begin: float, end: float) -> Injection:
    fault = Fault(kind, 0.0, end - begin)
    return Injection(fault, None, [], threading.Event(), KILLED_AT + begin, KILLED_AT + end)  # type: ignore[arg-type]


def wait_for(*events: Event, injections: tuple[Injection, ...] = ()) -> Wait:
    (wait,) = waits([RESUMED], injections, lambda _: list(events))
    return wait


def test_the_parts_of_a_wait_are_its_whole() -> None:
    wait = wait_for(event(-5), event(20), event(35), event(60))
    assert (wait.lease, wait.sweep, wait.queue, wait.sent_again) == (18.0, 17.0, 5.0, 2)
    assert wait.lease + wait.sweep + wait.queue == wait.seconds == 40.0
    assert wait.step == "poll"


def test_a_message_that_the_broker_gives_back_waited_in_the_queue() -> None:
    wait = wait_for(event(-5, "export started"))
    assert (wait.lease, wait.sweep, wait.queue, wait.sent_again) == (18.0, 0.0, 22.0, 0)


def test_the_faults_of_the_time_are_named_and_no_others() -> None:
    injections = (outage("kill_beat", 3, 3), outage("kill_inbox", 41, 45), outage("kill_mail_server", -9, -1))
    assert wait_for(injections=injections).faults == ("kill_beat at +3.0 s",)


def test_the_time_without_redis_counts_once() -> None:
    injections = (outage("kill_redis", -5, 10), outage("redis_full", 8, 12), outage("silent_inbox", 15, 30))
    assert wait_for(injections=injections).redis_away == 12.0
    assert wait_for(injections=(outage("redis_read_only", 30, 90),)).redis_away == 10.0
