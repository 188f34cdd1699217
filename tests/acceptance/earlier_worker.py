"""The workers' app with a clock that is a day behind: it lives through the morning before."""

from datetime import datetime, timedelta

from worker.wiring import process

_now = process.clock


def _a_day_ago() -> datetime:
    return _now() - timedelta(days=1)


process.clock = _a_day_ago  # before the modules that import it by its name

from worker.celery import app  # noqa: E402 - for the same reason

__all__ = ["app"]
