"""The Celery app: ``celery -A worker worker``, ``celery -A worker flower``, ``celery -A worker call …``.

A comment beside each setting says what breaks without it. docs/decisions/ has the measurements. Messages contain run
ids only, and there are no results.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import click
from celery import Celery
from celery.signals import beat_init, celeryd_init, setup_logging, worker_shutting_down
from celery.utils import uuid
from click.core import ParameterSource
from kombu.entity import Queue
from kombu.exceptions import BatchPublishError

from worker import broker, logs, settings, shutdown
from worker.beat_queue import BEAT_QUEUE, BEAT_TASKS, BeatTaskConsumer, BeatTaskThreads
from worker.broker.queues import run_ids_of
from worker.broker.reconnecting import BrokerAccess
from worker.broker.transport import FRONT
from worker.domain.runs import RunId, Step, steps_from
from worker.errors import SettingsError
from worker.flower_access import refuse_open_flower
from worker.state.connection import CLUSTER_WAY_OUT, is_cluster
from worker.task_events import TaskEvents
from worker.tracebacks import copy_each_code_once
from worker.traces import exporter

STEP_LIMIT_SECONDS = 90
"""The longest time of a step. Sockets have shorter time-outs, because a thread cannot be stopped from outside."""

DELIVER_LIMIT_SECONDS = 300
"""The longest time of the deliver step. One message to a slow server may take this long, and a delivery that is stopped
in between has an unknown outcome. Its lease is renewed meanwhile, so that a second worker skips the step.
"""

_ALERT_PUBLISH_POLICY = {"max_retries": 3, "interval_start": 0.2, "interval_step": 0.3, "interval_max": 1}
"""An alert that the broker does not accept soon is sent by the process itself."""

ANSWER_SECONDS, QUESTIONS = 2.0, 10
"""How long to wait for an answer to each question. A worker answers at once, unless its machine is very busy."""

WAITING_QUEUE = "briefing.waiting"
"""The queue of steps that wait for other systems: holiday check, export, poll, deliver."""

RENDERING_QUEUE = "briefing.rendering"
"""The queue of steps that use the processor."""

MESSAGES_PER_ROUND_TRIP = 100


def _settings() -> settings.Settings:
    try:
        return settings.load()
    except SettingsError as error:
        sys.exit(f"standup: {error}")


def create_app(loaded: settings.Settings) -> Celery:
    """Return the app for these settings."""
    app = Celery("standup", amqp=BrokerAccess, events=TaskEvents)
    app.conf.update(
        **broker.connection_settings(loaded.broker, loaded.broker_secret),
        include=["tasks"],
        # A worker that dies during a step returns the step instead of losing it.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        # One message per thread: a dead worker would block a prefetched one for two minutes.
        worker_prefetch_multiplier=1,
        task_time_limit=STEP_LIMIT_SECONDS,
        task_annotations={
            "briefing.deliver": {"time_limit": DELIVER_LIMIT_SECONDS},
            # A worker whose clock is ahead would discard them.
            **{name: {"Request": "worker.beat_question:BeatQuestion"} for name in BEAT_TASKS},
        },
        broker_connection_retry_on_startup=True,
        # Without it worker and beat end after a hundred attempts.
        broker_connection_max_retries=None,
        # A Redis that fails over answers "read only" for a moment, which would end the worker.
        broker_channel_error_retry=True,
        # The default gives up within a second; a chain whose next link cannot be published is then lost.
        task_publish_retry_policy={"max_retries": 30, "interval_start": 0.2, "interval_step": 0.5, "interval_max": 2},
        # Waiting steps use threads. Prefork would need a process for each of them.
        worker_pool="threads",
        worker_concurrency=8,
        worker_soft_shutdown_timeout=20,
        worker_enable_soft_shutdown_on_idle=True,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        # Flower needs the events. Only `task-sent` contains raw arguments, so it stays off.
        worker_send_task_events=True,
        task_send_sent_event=False,
        task_serializer="json",
        accept_content=["json"],
        # The ledger has the result of a run. A result backend would block every sender for 20 s while Redis is away,
        # and then fail in a way that ends the process.
        task_ignore_result=True,
        task_default_queue=WAITING_QUEUE,
        task_routes={
            "briefing.render": {"queue": RENDERING_QUEUE},
            **{name: {"queue": BEAT_QUEUE} for name in BEAT_TASKS},
        },
        task_create_missing_queues=True,
        task_queues=_queues(),
        enable_utc=True,
        timezone="UTC",
        worker_hijack_root_logger=False,
    )
    app.steps["consumer"].add(BeatTaskConsumer)
    app.steps["worker"].add(BeatTaskThreads)
    return app


def _queues() -> list[Any]:
    return [Queue(name, routing_key=name) for name in (WAITING_QUEUE, RENDERING_QUEUE, BEAT_QUEUE)]  # type: ignore[no-untyped-call]


def send_chain(run_id: RunId, step: Step, **options: int) -> None:
    """Send the tasks of a run from ``step`` on. Only the run id travels. ``options`` are those of the first message."""
    with app.producer_pool.acquire(block=True) as producer:
        _send_chain(run_id, step, producer, **options)


def resend_chain(run_id: RunId, step: Step) -> None:
    """Send the tasks of a run whose message was lost or whose worker has died, ahead of all messages that wait."""
    send_chain(run_id, step, priority=FRONT)


def send_chains(run_ids: Sequence[RunId], step: Step) -> None:
    """Send the tasks of many runs, with few round trips. If Redis fails meanwhile, the sweep sends what is missing.

    A batch is sent once. If its connection was one that leads nowhere, the messages are sent one by one, each with
    retries. Some may then be sent twice, and the ledger lets one of them do the step.
    """
    with app.producer_pool.acquire(block=True) as producer:
        try:
            with producer.batch(MESSAGES_PER_ROUND_TRIP):
                for run_id in run_ids:
                    _send_chain(run_id, step, producer)
        except BatchPublishError:
            for run_id in run_ids:
                _send_chain(run_id, step, producer)


def _send_chain(run_id: RunId, step: Step, producer: Any, **options: int) -> None:
    """Send the first task, which carries the others. ``celery.chain`` makes the same message in three times as long.

    The id of the first task is the root of all of them (``root_id``), by which `tasks.step` tells this chain from
    another one of the same run. Celery would give a chain that is sent within a task the root of that task.
    """
    first, *later_tasks = (link.task_name for link in steps_from(step))
    args, chain_id = [str(run_id)], uuid()
    links = [
        {
            "task": name,
            "args": args,
            "kwargs": {},
            "options": {"task_id": uuid()},
            "subtask_type": None,
            "immutable": True,
        }
        for name in reversed(later_tasks)
    ]
    app.send_task(
        first,
        args,
        task_id=chain_id,
        root_id=chain_id,
        chain=links,
        producer=producer,
        ignore_result=True,
        add_to_parent=False,
        **options,
    )


def run_ids_in_queues() -> frozenset[str]:
    """Return the ids of the runs that have a message in a queue."""
    with app.pool.acquire(block=True) as connection:
        client = connection.default_channel.client
        return frozenset(chain.from_iterable(run_ids_of(client, name) for name in (WAITING_QUEUE, RENDERING_QUEUE)))


def is_worker_there(shows_itself: Callable[[], bool]) -> bool:
    """Ask whether any worker answers. It takes as long as the first answer, or twenty seconds without one.

    A worker that has just started does not hear a question from before, so it is repeated. On a very busy machine a
    worker may do a step before it answers. Between two questions ``shows_itself`` looks for that.
    """
    return any(app.control.ping(timeout=ANSWER_SECONDS, limit=1) or shows_itself() for _ in range(QUESTIONS))


def queue_alert(run_id: RunId) -> None:
    """Send the task that alerts operations of a run. Raises OperationalError after about a second without a broker."""
    # without ignore_result Celery would try the result backend for 20 s and then raise a RuntimeError
    app.send_task(
        "briefing.alert", args=[str(run_id)], ignore_result=True, retry=True, retry_policy=_ALERT_PUBLISH_POLICY
    )


@celeryd_init.connect
@beat_init.connect
def _refuse_cluster(**_: object) -> None:
    """End a worker or beat whose Redis is a cluster: it has no second database, and our scripts use several keys."""
    loaded = _settings()
    for name, url in (("STANDUP_REDIS_URL", loaded.redis_url), ("STANDUP_BROKER_URL", loaded.broker)):
        if is_cluster(url):
            sys.exit(f"standup: {name} leads to a Redis Cluster. {CLUSTER_WAY_OUT}")


@celeryd_init.connect
def _refuse_missing_library(**_: object) -> None:
    """End a worker that is to record traces and cannot."""
    try:
        if destination := _settings().traces:
            exporter.tracer(destination)
    except SettingsError as error:
        sys.exit(f"standup: {error}")


worker_shutting_down.connect(shutdown.end_within_grace)


@setup_logging.connect
def _configure_logging(loglevel: int | str | None = None, **_: object) -> None:
    """Configure the logs. Celery's option ``-l`` comes before STANDUP_LOG_LEVEL, also in render processes."""
    loaded = _settings()
    level = _typed_level(loglevel) or loaded.log_level
    os.environ[f"{settings.PREFIX}LOG_LEVEL"] = level
    logs.configure(level, loaded.secret_values)


def _typed_level(loglevel: int | str | None) -> str:
    """Return the level that was typed, "" if it is Celery's default. ``CRITICAL`` is ``ERROR``, our highest."""
    context = click.get_current_context(silent=True)
    if loglevel is None or not context or context.get_parameter_source("loglevel") is not ParameterSource.COMMANDLINE:
        return ""
    number = loglevel if isinstance(loglevel, int) else logging.getLevelNamesMapping()[loglevel.upper()]
    return str(logging.getLevelName(min(number, logging.ERROR)))


def _prepare_flower(arguments: list[str]) -> None:
    """Configure the logs of Flower, which sends no signal for it, and refuse to start one that is open to strangers.

    Its tornado formats lines only if the root logger has no handler.
    """
    _configure_logging()
    try:
        refuse_open_flower(arguments)
    except SettingsError as error:
        sys.exit(f"standup: {error}")


copy_each_code_once()

if "flower" in sys.argv[1:]:
    _prepare_flower(sys.argv[sys.argv.index("flower") + 1 :])

app = create_app(_settings())
