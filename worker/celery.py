"""The Celery app: ``celery -A worker worker``, ``celery -A worker flower``, ``celery -A worker call …``.

Each setting below stands with what breaks without it; docs/decisions/ holds the measurements. Messages hold run ids
only, and there are no results.
"""

from __future__ import annotations

import sys
from typing import Any

from celery import Celery, bootsteps
from celery.signals import setup_logging
from kombu.entity import Queue

from worker import logs, settings
from worker.errors import SettingsError


class UnbufferedEvents(bootsteps.StartStopStep):
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


STEP_LIMIT_SECONDS = 90
"""No step may take longer; sockets have shorter time-outs, since a thread cannot be stopped from outside."""

DELIVER_LIMIT_SECONDS = 300
"""But handing over may, by one message to a slow server: what is stopped amid it has an unknown outcome. While it lasts
its lease is renewed, and whoever is handed its message meanwhile steps aside.
"""

VISIBILITY_TIMEOUT_SECONDS = 120
"""After this long Redis hands an unacknowledged message to another worker. Countdown ≤ 60 s < step limit < this."""

WAITING_QUEUE = "briefing.waiting"
"""Steps that wait for somebody else: holiday check, export, poll, deliver."""

RENDERING_QUEUE = "briefing.rendering"
"""Steps that use the processor."""


def _settings() -> settings.Settings:
    try:
        return settings.load()
    except SettingsError as error:
        sys.exit(f"standup: {error}")


def create_app(loaded: settings.Settings) -> Celery:
    """The app for these settings."""
    app = Celery("standup", broker=loaded.broker)
    app.conf.update(
        include=["tasks"],
        # A worker that dies with a step in hand gives the step back instead of losing it.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        # One message in hand per thread: a prefetched one would be locked away with a dead worker for two minutes.
        worker_prefetch_multiplier=1,
        task_time_limit=STEP_LIMIT_SECONDS,
        task_annotations={"briefing.deliver": {"time_limit": DELIVER_LIMIT_SECONDS}},
        broker_transport_options={
            "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
            # kombu looks for lost messages every 100 s by default: recovery would take up to 220 s.
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_keepalive": True,
            "socket_timeout": 30,
            "health_check_interval": 10,
        },
        broker_connection_retry_on_startup=True,
        # A server that fails over answers "read only" for a moment, which would end the worker.
        broker_channel_error_retry=True,
        # The default gives up within a second; a chain whose next link cannot be published is then lost.
        task_publish_retry_policy={"max_retries": 30, "interval_start": 0.2, "interval_step": 0.5, "interval_max": 2},
        # Waiting steps use threads; prefork would hold a process for each of them.
        worker_pool="threads",
        worker_concurrency=8,
        worker_soft_shutdown_timeout=20,
        worker_enable_soft_shutdown_on_idle=True,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        # Flower needs the events; `task-sent` alone would carry raw arguments and stays off.
        worker_send_task_events=True,
        task_send_sent_event=False,
        task_serializer="json",
        accept_content=["json"],
        # What became of a run stands in the ledger. A result backend would hold every sender for 20 s while Redis is
        # away, and then fail in a way that ends the process.
        task_ignore_result=True,
        task_default_queue=WAITING_QUEUE,
        task_routes={"briefing.render": {"queue": RENDERING_QUEUE}},
        task_create_missing_queues=True,
        task_queues=_queues(),
        enable_utc=True,
        timezone="UTC",
        worker_hijack_root_logger=False,
    )
    app.steps["consumer"].add(UnbufferedEvents)
    return app


def _queues() -> list[Any]:
    return [Queue(name, routing_key=name) for name in (WAITING_QUEUE, RENDERING_QUEUE)]  # type: ignore[no-untyped-call]


@setup_logging.connect
def _configure_logging(**_: object) -> None:
    loaded = _settings()
    logs.configure(loaded.log_level, loaded.secret_values)


app = create_app(_settings())
