"""Beat's scheduler: Celery's, except that a clock that was set back does not silence it.

Celery waits until the stored instant of the last run plus the interval. If the clock goes back an hour, or the schedule
file comes from a machine whose clock was ahead, beat is silent for as long, and a restart does not help.
"""

from __future__ import annotations

from typing import Any

import structlog
from celery.beat import PersistentScheduler

log = structlog.get_logger("standup.beat")


class BeatScheduler(PersistentScheduler):
    """A persistent scheduler for which a last run in the future counts as long ago, so that the entry is due."""

    def setup_schedule(self) -> None:
        """Read the schedule file."""
        super().setup_schedule()
        self._correct_future_entries()

    def tick(self, *args: Any, **options: Any) -> Any:
        """Send what is due."""
        if self._correct_future_entries():
            self._heap = None  # its order is by the clock of before
        return super().tick(*args, **options)

    def _correct_future_entries(self) -> bool:
        """Make entries due whose last run is in the future. Return whether there were any."""
        future_entries = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now()]
        for entry in future_entries:
            log.warning("the clock was set back", entry=entry.name, last_run_at=entry.last_run_at.isoformat())
            entry.last_run_at = entry.default_now() - entry.schedule.run_every
        return bool(future_entries)
