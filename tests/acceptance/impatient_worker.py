"""The workers' app with two seconds for an export job and a plan, in place of three minutes."""

from worker.domain import countdowns

countdowns.POLL_DEADLINE_SECONDS = 2  # before the modules that import it by its name

from worker.celery import app  # noqa: E402 - for the same reason

__all__ = ["app"]
