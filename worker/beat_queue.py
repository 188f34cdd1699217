"""Beat's tasks have a queue and threads of their own in every worker, whatever queues the worker was started with.

Beat asks what is due, sweeps for silent runs and watches for late ones. In a queue with the steps of a morning of
thousands of groups these questions would expire before a worker read them, and later groups would never begin.
docs/decisions/beat-queue.md compares the alternatives.

Celery's consumer reads all its queues with one limit of unacknowledged messages, which the steps of a morning use up.
So these bootsteps add a second consumer, on a channel with a limit of its own, and a second pool of threads. The tasks
run, are acknowledged, and appear in Flower as all others do.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import bootsteps
from celery.concurrency.thread import ApplyResult, TaskPool
from celery.exceptions import TaskRevokedError
from celery.worker import state
from celery.worker.consumer import Consumer
from kombu.common import ignore_errors

BEAT_QUEUE = "briefing.beat"
"""The queue of the tasks that beat sends."""

BEAT_TASKS = (
    "briefing.start_due",
    "briefing.recover",
    "briefing.watch",
    "briefing.expire",
    "briefing.refresh_lookups",
)

THREADS = len(BEAT_TASKS)
"""One for each, so that deleting old data for minutes delays no question. No task takes two: see `_BeatTasks`."""

log = logging.getLogger("standup.beat_queue")


class _Threads(TaskPool):
    """The threads, and the newest result of each task. A consumer that starts again needs to know what still runs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.results: dict[str, ApplyResult] = {}
        self.reported: set[str] = set()

    def is_running(self, task: str) -> bool:
        """Tell whether this task has not ended yet."""
        return task in self.results and not self.results[task].f.done()


class BeatTaskThreads(bootsteps.StartStopStep):
    """The threads for beat's tasks. It starts after the worker's own pool, whose processes are forked by then."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        worker.app.amqp.queues.deselect(BEAT_QUEUE)  # otherwise the worker's own consumer reads it too
        worker.beat_task_pool = None

    def start(self, worker: Any) -> None:
        """Start the pool, whose threads begin with their first task."""
        worker.beat_task_pool = _Threads(limit=THREADS, app=worker.app)
        worker.beat_task_pool.start()

    def stop(self, worker: Any) -> None:
        """Wait for the tasks in progress. Celery acknowledges them when it closes its event loop, after this."""
        if worker.beat_task_pool:
            worker.beat_task_pool.stop()


class BeatTaskConsumer(bootsteps.StartStopStep):
    """Reads beat's queue. Celery starts it again after each lost connection."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._messages: Any = None

    def start(self, consumer: Any) -> None:
        """Consume on a new channel of the consumer's connection."""
        channel = consumer.connection.channel()
        channel.basic_qos(0, THREADS, False)
        app = consumer.app
        self._messages = app.amqp.TaskConsumer(
            channel, queues=[app.amqp.queues[BEAT_QUEUE]], on_decode_error=consumer.on_decode_error
        )
        self._messages.on_message = Consumer.create_task_handler(_BeatTasks(consumer))
        self._messages.consume()

    def stop(self, consumer: Any) -> None:
        """Read no further message."""
        if self._messages:
            ignore_errors(consumer, self._messages.cancel)  # type: ignore[no-untyped-call]

    def shutdown(self, consumer: Any) -> None:
        """Close the channel."""
        if self._messages:
            self.stop(consumer)
            ignore_errors(consumer, self._messages.close)  # type: ignore[no-untyped-call]
            self._messages = None


class _BeatTasks:
    """Celery's consumer as the handlers of beat's messages see it: with another pool."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self.pool = consumer.controller.beat_task_pool
        self.strategies = {name: task.start_strategy(consumer.app, self) for name, task in consumer.app.tasks.items()}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._consumer, name)

    def on_task_request(self, request: Any) -> None:
        """Pass the task to the pool, or drop it while the same one still runs: beat asks again soon.

        A task that waits for a slow server would otherwise take a further thread with each question, until none is
        left for the others. Celery has already acknowledged a task that has expired.
        """
        if self.pool.is_running(request.name):
            self._drop(request)
            return
        try:
            self.pool.results[request.name] = request.execute_using_pool(self.pool)
            self.pool.reported.discard(request.name)
        except TaskRevokedError:
            return

    def _drop(self, request: Any) -> None:
        state.task_ready(request)
        request.acknowledge()
        if request.name not in self.pool.reported:
            self.pool.reported.add(request.name)
            log.warning("%s still runs in this worker, so beat's further ones are dropped until it ends", request.name)
