"""The watchdog: alerts operations of briefings that are late, of channels that accept nothing, and of a Redis
that is away or takes no writes.

It needs beat and a worker itself. If neither is there, only `standup doctor`, run from outside, finds that out.
"""

from __future__ import annotations

import threading
from typing import Any

from celery import bootsteps

from worker.celery import app
from worker.wiring import alerts


@app.task(name="briefing.watch", ignore_result=True)
def watch() -> None:
    """Look at the newest stand-up of every group, and at the channels."""
    alerts.late_run_alerts().look()
    alerts.receiver_alerts().look()


class RedisWatchThread(bootsteps.StartStopStep):
    """Watches Redis in a thread that begins before the worker connects, so that it also reports an outage at start."""

    requires = ("celery.worker.components:Pool",)

    def start(self, _worker: Any) -> None:
        """Start the thread, after the pool's processes are forked."""
        threading.Thread(target=alerts.redis_watch().run, daemon=True, name="redis-watch").start()


app.steps["worker"].add(RedisWatchThread)
