"""What a worker does differently from Celery's default when it starts."""

from __future__ import annotations

from typing import Any

from celery import bootsteps


class UnbufferedEvents(bootsteps.StartStopStep):  # type: ignore[misc] # Celery has no types
    """Sends each task event at once instead of in batches.

    Celery collects events in a list that is meant for one thread: what a second thread adds while the list is being
    sent is cleared away with it. With a pool of threads about every third "succeeded" never reached Flower, which then
    showed the task as running for ever.
    """

    requires = ("celery.worker.consumer.events:Events",)

    def start(self, parent: Any) -> None:
        """Runs after each connect: a reconnect makes a new dispatcher."""
        if parent.event_dispatcher:
            parent.event_dispatcher.buffer_group = frozenset()
