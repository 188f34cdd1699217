"""How long to wait between polls, between attempts at a step, and before a mail is tried again.

The functions are pure: the caller passes the random number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

POLL_SECONDS = (5.0, 10.0, 20.0, 40.0, 60.0)
"""Waits between polls of an export job. The last one repeats."""

POLL_DEADLINE_SECONDS = 180.0
"""How long after the start of the export the run gives up."""

JITTER = 0.1
"""Waits vary by this fraction either way, so that the groups of a morning do not poll at the same moment."""

MAX_ATTEMPTS = 3
"""A step that fails this many times for a temporary reason gives up and sends an alert."""

MAX_COUNTDOWN_SECONDS = 60.0
"""No message waits longer in a worker: Redis delivers a countdown above the broker's visibility timeout twice."""


def poll_countdown_seconds(polls_done: int, chance: float) -> float:
    """Return the wait before the next poll. ``polls_done`` counts from 0, ``chance`` is uniform in [0, 1)."""
    base = POLL_SECONDS[min(polls_done, len(POLL_SECONDS) - 1)]
    return min(base * (1 + JITTER * (2 * chance - 1)), MAX_COUNTDOWN_SECONDS)


def retry_countdown_seconds(attempts_done: int, chance: float, at_least: float | None = None) -> float:
    """Return the wait before attempt ``attempts_done`` + 1: 2, 4, 8 … s, or longer if the receiver asked for it."""
    base = max(2.0 ** min(attempts_done, 6), at_least or 0.0)
    return min(base * (1 + JITTER * chance), MAX_COUNTDOWN_SECONDS)


@dataclass(frozen=True, slots=True)
class RetryPeriod:
    """How long a busy receiver is tried again after the first attempt, but at least until ``at_least_until``."""

    length: timedelta
    at_least_until: datetime | None = None

    def ends_at(self, first_attempt_at: datetime) -> datetime:
        """Return when the attempts end. All instants are aware."""
        end = first_attempt_at + self.length
        return max(end, self.at_least_until) if self.at_least_until else end


def next_attempt_at(
    now: datetime, end: datetime, attempts_done: int, chance: float, asked_seconds: float | None = None
) -> datetime | None:
    """Return when to try a delivery again, or None if the period until ``end`` has no room for another attempt.

    The waits are 2, 4, 8 … 60 s, and the last attempt is at the end of the period. A receiver that asks for a longer
    wait (``asked_seconds``) gets it.
    """
    if now >= end:
        return None
    own_instant = min(now + timedelta(seconds=retry_countdown_seconds(attempts_done, chance)), end)
    asked_instant = now + timedelta(seconds=asked_seconds or 0.0)
    return max(own_instant, asked_instant) if asked_instant <= end else None
