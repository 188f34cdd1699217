"""The events of tasks that workers send to Flower: several in a message, and none for repeated looks at an export job.

Celery collects events in a list that is meant for one thread. An event that a second thread adds while the list is
being sent is deleted with it. With a pool of threads about a third of the "succeeded" events never reached Flower,
which then showed the tasks as running forever. So they are collected here, behind a lock. A message for each event
took a fifth of the processor time of a worker's main process.

A step that waits is repeated under the same task id, up to twenty times. Flower shows it as waiting from its first
attempt on, so that the events of a later attempt say nothing new until it succeeds or fails. docs/scale.md has the
measurements.
"""

from __future__ import annotations

import threading
from typing import Any

from celery.app.events import Events
from celery.events.dispatcher import EventDispatcher
from celery.events.event import Event
from celery.utils.collections import LimitedSet
from celery.utils.time import utcoffset

_MOST_REPEATED = 10_000
_COLLECT_SECONDS = 0.25
_ROUTING_KEY = "task.multi"
"""The key under which Celery sends lists of events. Its receivers, Flower among them, read lists."""

_OF_ATTEMPTS = ("task-received", "task-started", "task-retried")


class TaskEventDispatcher(EventDispatcher):
    """Sends the events of a quarter of a second together, without repeated attempts that have not ended."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"buffer_group": frozenset()})
        self._repeated_ids = LimitedSet(maxlen=_MOST_REPEATED)
        self._collected: list[Any] = []
        self._collected_lock = threading.Lock()

    def send(self, type: str, *args: Any, **fields: Any) -> Any:  # noqa: A002 - the library's name
        """Send the event, if it is news."""
        task_id = fields.get("uuid")
        if type == "task-received" and fields.get("retries"):
            self._repeated_ids.add(task_id)
        if type in _OF_ATTEMPTS and task_id in self._repeated_ids:
            return None
        return super().send(type, *args, **fields)

    def publish(self, type: str, fields: dict[str, Any], *args: Any, **options: Any) -> Any:  # noqa: A002
        """Collect an event of a task until the next message. Those of the worker are sent at once."""
        if not type.startswith("task-"):
            return super().publish(type, fields, *args, **options)
        clock = self.clock.forward()
        event = Event(type, hostname=self.hostname, utcoffset=utcoffset(), pid=self.pid, clock=clock, **fields)
        with self._collected_lock:
            self._collected.append(event)
            is_first = len(self._collected) == 1
        if is_first:
            timer = threading.Timer(_COLLECT_SECONDS, self.send_collected)
            timer.daemon = True
            timer.start()
        return None

    def send_collected(self) -> None:
        """Send what was collected. Celery sends it again later if the connection is lost."""
        with self._collected_lock:
            events, self._collected = self._collected, []
        if not events:
            return
        with self.mutex:
            self._publish(events, self.producer, _ROUTING_KEY)


class TaskEvents(Events):
    """The app's events, with our dispatcher."""

    dispatcher_cls = TaskEventDispatcher
