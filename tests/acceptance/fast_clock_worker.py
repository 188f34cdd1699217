"""The workers' app on a machine whose clock is an hour ahead, for all in Celery that compares instants."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from celery.worker import request

from worker.celery import app

__all__ = ["app"]

_now = app.now


class _FastClock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(hours=1)


request.datetime = _FastClock
app.now = lambda: _now() + timedelta(hours=1)
