"""The events of tasks that workers send to Flower: each at once, and none for repeated looks at an export job.

Celery collects events in a list that is meant for one thread. An event that a second thread adds while the list is
being sent is deleted with it. With a pool of threads about a third of the "succeeded" events never reached Flower,
which then showed the tasks as running forever.

A step that waits is repeated under the same task id, up to twenty times. Flower shows it as waiting from its first
attempt on, so that the events of a later attempt say nothing new until it succeeds or fails. All events together took
a seventh of a worker's processor time (docs/scale.md).
"""

from __future__ import annotations

from typing import Any

from celery.app.events import Events
from celery.events.dispatcher import EventDispatcher
from celery.utils.collections import LimitedSet

_MOST_REPEATED = 10_000
_OF_ATTEMPTS = ("task-received", "task-started", "task-retried")


class TaskEventDispatcher(EventDispatcher):
    """Sends an event at once, unless it is about a repeated attempt that has not ended."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"buffer_group": frozenset()})
        self._repeated_ids = LimitedSet(maxlen=_MOST_REPEATED)

    def send(self, type: str, *args: Any, **fields: Any) -> Any:  # noqa: A002 - the library's name
        """Send the event, if it is news."""
        task_id = fields.get("uuid")
        if type == "task-received" and fields.get("retries"):
            self._repeated_ids.add(task_id)
        if type in _OF_ATTEMPTS and task_id in self._repeated_ids:
            return None
        return super().send(type, *args, **fields)


class TaskEvents(Events):
    """The app's events, with our dispatcher."""

    dispatcher_cls = TaskEventDispatcher
