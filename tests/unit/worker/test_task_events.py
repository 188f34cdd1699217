"""Which events of tasks reach Flower."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from kombu import Connection

from tests.waiting import HANG_SECONDS, wait_until
from worker import task_events
from worker.celery import app
from worker.task_events import TaskEventDispatcher


class Dispatcher(TaskEventDispatcher):
    """Keeps what it would publish."""

    def __init__(self) -> None:
        super().__init__(Connection("memory://"), app=app, enabled=False)
        self.enabled = True
        self.sent: list[tuple[str, str]] = []
        self.messages: list[str] = []

    def _publish(self, event: Any, _producer: object, routing_key: str, **_: Any) -> None:
        events = event if isinstance(event, list) else [event]
        self.sent += [(event["type"], event.get("uuid", "")) for event in events]
        self.messages.append(routing_key)


@pytest.fixture
def dispatcher(monkeypatch: pytest.MonkeyPatch) -> Dispatcher:
    monkeypatch.setattr(task_events, "_COLLECT_SECONDS", HANG_SECONDS)
    return Dispatcher()


def test_the_app_uses_the_dispatcher() -> None:
    assert issubclass(app.events.Dispatcher, TaskEventDispatcher)


def attempt(dispatcher: Dispatcher, task_id: str, retries: int, end: str) -> None:
    dispatcher.send("task-received", uuid=task_id, retries=retries)
    dispatcher.send("task-started", uuid=task_id)
    dispatcher.send(end, uuid=task_id)


@pytest.mark.parametrize("end", ["task-succeeded", "task-failed"])
def test_a_repeated_step_says_only_how_it_ended(dispatcher: Dispatcher, end: str) -> None:
    for retries in range(3):
        attempt(dispatcher, "poll", retries, "task-retried")
    attempt(dispatcher, "poll", 3, end)
    dispatcher.send_collected()
    types = [type_ for type_, _ in dispatcher.sent]
    assert types == ["task-received", "task-started", "task-retried", end]


def test_events_of_other_tasks_are_sent(dispatcher: Dispatcher) -> None:
    attempt(dispatcher, "poll", 1, "task-retried")
    attempt(dispatcher, "render", 0, "task-succeeded")
    dispatcher.send_collected()
    assert [task_id for _, task_id in dispatcher.sent] == ["render"] * 3


def test_events_that_threads_send_at_the_same_time_travel_together(dispatcher: Dispatcher) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: dispatcher.send("task-started", uuid=str(number)), range(200)))
    dispatcher.send_collected()
    assert dispatcher.messages == ["task.multi"]
    assert {task_id for _, task_id in dispatcher.sent} == {str(number) for number in range(200)}


def test_no_event_is_lost_while_others_are_sent(dispatcher: Dispatcher) -> None:
    def send(number: int) -> None:
        dispatcher.send("task-started", uuid=str(number))
        dispatcher.send_collected()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, range(500)))
    assert sorted(int(task_id) for _, task_id in dispatcher.sent) == list(range(500))


def test_collected_events_are_sent_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_events, "_COLLECT_SECONDS", 0.01)
    dispatcher = Dispatcher()
    dispatcher.send("task-started", uuid="render")
    wait_until(lambda: dispatcher.sent == [("task-started", "render")], "the event is sent")


def test_events_of_the_worker_are_sent_at_once(dispatcher: Dispatcher) -> None:
    dispatcher.send("worker-heartbeat")
    assert dispatcher.sent == [("worker-heartbeat", "")]
