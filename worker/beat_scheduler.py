"""Beat's scheduler: Celery's, except that a wrong clock does not silence it.

Celery waits until the stored instant of the last run plus the interval. If the clock goes back an hour, or the schedule
file comes from a machine whose clock was ahead, beat is silent for as long, and a restart does not help.

Celery calculates by beat's clock when a question expires (``AMQP.as_task_v2`` in celery/app/amqp.py). If that clock is
behind by more than the lifetime of a question, no question is ever answered. Here it expires by the clock of Redis, and
`worker.beat_question` compares that with the same clock.
"""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from typing import Any

import structlog
from celery.beat import PersistentScheduler

from worker.broker.clock import redis_now

log = structlog.get_logger("standup.beat")

LONG_AGO = timedelta(days=1)
"""More than the interval of each entry."""


class BeatScheduler(PersistentScheduler):
    """A persistent scheduler that a wrong clock does not silence.

    A last run in the future counts as long ago, so that the entry is due. Questions expire by the clock of Redis.
    """

    def setup_schedule(self) -> None:
        """Read the schedule file."""
        super().setup_schedule()
        self._correct_future_entries()

    def tick(self, *args: Any, **options: Any) -> Any:
        """Send what is due."""
        if self._correct_future_entries():
            self._heap = None  # its order is by the clock of before
        return super().tick(*args, **options)

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **options: Any) -> Any:
        """Send an entry's task."""
        entry = self.reserve(entry) if advance else entry
        return super().apply_async(_expiring(entry, producer), producer, advance=False, **options)

    def _correct_future_entries(self) -> bool:
        """Make entries due whose last run is in the future. Return whether there were any."""
        future_entries = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now()]
        for entry in future_entries:
            log.warning("the clock was set back", entry=entry.name, last_run_at=entry.last_run_at.isoformat())
            entry.last_run_at = entry.default_now() - LONG_AGO
        return bool(future_entries)


def _expiring(entry: Any, producer: Any) -> Any:
    """Return the entry with the instant at which its task expires instead of the seconds until then."""
    lifetime, now = entry.options.get("expires"), redis_now(producer)
    if lifetime is None or now is None:
        return entry
    expiring = copy(entry)
    expiring.options = entry.options | {"expires": now + timedelta(seconds=lifetime)}
    return expiring
