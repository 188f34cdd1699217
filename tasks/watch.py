"""The watchdog: alerts operations of briefings that are late, of failed runs whose alert was lost, of channels that
accept nothing, and of a Redis that is away or takes no writes.

It also ends a worker that an update has left behind. The watchdog needs beat and a worker itself. If either is missing,
only something outside finds that out: `standup doctor`, a monitor that gets no ping, Prometheus.
"""

from __future__ import annotations

import threading
from typing import Any

from celery import bootsteps
from celery.worker import state as worker_state

from worker import shutdown
from worker.celery import app
from worker.wiring import alerts

EX_CONFIG = 78
"""The exit status of a worker that is too old. `RestartPreventExitStatus` of its systemd unit has it."""


@app.task(name="briefing.watch", ignore_result=True)
def watch() -> None:
    """Look at the newest stand-up of every group, at failed runs without an alert, and at the channels."""
    alerts.late_run_alerts().look()
    alerts.run_alerts().look()
    alerts.receiver_alerts().look()
    alerts.same_cause_alerts().look()


class RedisWatchThread(bootsteps.StartStopStep):
    """Watches Redis in a thread that begins before the worker connects, so that it also reports an outage at start."""

    requires = ("celery.worker.components:Pool",)

    def start(self, _worker: Any) -> None:
        """Start the thread, after the pool's processes are forked."""
        threading.Thread(target=alerts.redis_watch().run, daemon=True, name="redis-watch").start()


class VersionWatchThread(bootsteps.StartStopStep):
    """Ends the worker, in a thread of its own, if what Redis stores is newer than this program."""

    requires = ("celery.worker.components:Pool",)

    def start(self, _worker: Any) -> None:
        """Start the thread. Celery's loop looks at `should_stop` after each event, at least once a second."""
        threading.Thread(target=alerts.newer_state_watch().run, args=(_end,), daemon=True, name="version").start()


def _end() -> None:
    """Let the worker finish its steps and end, as on SIGTERM, with EX_CONFIG of sysexits.h."""
    shutdown.end_within_grace()
    worker_state.should_stop = EX_CONFIG


app.steps["worker"].add(RedisWatchThread)
app.steps["worker"].add(VersionWatchThread)
