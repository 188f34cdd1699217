"""Which events of tasks reach Flower."""

from __future__ import annotations

from typing import Any

import pytest
from kombu import Connection

from worker.celery import app
from worker.task_events import TaskEventDispatcher


class Dispatcher(TaskEventDispatcher):
    """Keeps what it would publish."""

    def __init__(self) -> None:
        super().__init__(Connection("memory://"), app=app, enabled=False)
        self.enabled = True
        self.sent: list[tuple[str, str]] = []

    def publish(self, type: str, fields: dict[str, Any], *_: Any, **__: Any) -> None:  # noqa: A002
        self.sent.append((type, fields["uuid"]))


@pytest.fixture
def dispatcher() -> Dispatcher:
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
    types = [type_ for type_, _ in dispatcher.sent]
    assert types == ["task-received", "task-started", "task-retried", end]


def test_events_of_other_tasks_are_sent_at_once(dispatcher: Dispatcher) -> None:
    attempt(dispatcher, "poll", 1, "task-retried")
    attempt(dispatcher, "render", 0, "task-succeeded")
    assert [task_id for _, task_id in dispatcher.sent] == ["render"] * 3
