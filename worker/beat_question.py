"""A question of beat, as a worker receives it. It expires by the clock of Redis.

Celery compares the instant at which a task expires with the worker's own clock (``Request.maybe_expire`` in
celery/worker/request.py). A worker whose clock is some seconds ahead would discard each question, and take those away
from other workers.
"""

from __future__ import annotations

from celery.worker.request import Request
from celery.worker.state import revoked as revoked_tasks

from worker.broker.clock import redis_now


class BeatQuestion(Request):  # type: ignore[misc]
    """The message of one of beat's tasks."""

    def maybe_expire(self) -> bool:
        """Return whether it has expired. If Redis does not tell the time, the worker's own clock decides."""
        now = redis_now(self.message) if self.expires else None
        if now is None:
            return bool(super().maybe_expire())
        if now <= self.expires:
            return False
        revoked_tasks.add(self.id)
        return True
