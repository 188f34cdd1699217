"""The watchdog: alerts operations of briefings that are late, and of a Redis that is away.

It needs beat and a worker itself. If neither is there, only `standup doctor`, run from outside, finds that out.
"""

from __future__ import annotations

import threading

from celery.signals import worker_ready

from worker.celery import app
from worker.wiring import alerts


@app.task(name="briefing.watch", ignore_result=True)
def watch() -> None:
    """Look at the newest stand-up of every group."""
    alerts.late_run_alerts().look()


@worker_ready.connect
def _watch_redis(**_: object) -> None:
    threading.Thread(target=alerts.redis_watch().run, daemon=True, name="redis-watch").start()
