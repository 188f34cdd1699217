"""How long to wait before asking again. Pure: the randomness is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

POLL_SECONDS = (5.0, 10.0, 20.0, 40.0, 60.0)
"""Waits between polls of an export job; the last one repeats."""

POLL_DEADLINE_SECONDS = 180.0
"""After this long since the export was started the run gives up."""

JITTER = 0.1
"""Waits vary by this fraction either way, so that groups of one morning do not poll in step."""

MAX_ATTEMPTS = 3
"""A step that fails so often for a passing reason gives up and alerts."""

MAX_COUNTDOWN_SECONDS = 60.0
"""No message waits longer in a worker: a countdown above Redis' visibility timeout is delivered twice."""


def poll_countdown_seconds(polls_done: int, chance: float) -> float:
    """Wait before the next poll; ``polls_done`` counts from 0, ``chance`` is uniform in [0, 1)."""
    base = POLL_SECONDS[min(polls_done, len(POLL_SECONDS) - 1)]
    return min(base * (1 + JITTER * (2 * chance - 1)), MAX_COUNTDOWN_SECONDS)


def retry_countdown_seconds(attempts_done: int, chance: float, at_least: float | None = None) -> float:
    """Wait before attempt ``attempts_done`` + 1 of a failed request: 2, 4, 8 … s, or what the receiver asked for."""
    base = max(2.0 ** min(attempts_done, 6), at_least or 0.0)
    return min(base * (1 + JITTER * chance), MAX_COUNTDOWN_SECONDS)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a receiver that is busy is asked again: so long after the first try, or ``at_least_until`` if later."""

    lasts: timedelta
    at_least_until: datetime | None = None

    def ends_at(self, first_tried_at: datetime) -> datetime:
        """When a delivery that was first tried then is given up; all instants are aware."""
        end = first_tried_at + self.lasts
        return max(end, self.at_least_until) if self.at_least_until else end


def next_try_at(
    now: datetime, until: datetime, tries_done: int, chance: float, asked_seconds: float | None = None
) -> datetime | None:
    """When to try a delivery again; None when patience has ended, or the receiver asks for more of it than there is.

    After 2, 4, 8 … 60 s, the last time when patience ends; never before the receiver wants to be asked again.
    """
    if now >= until:
        return None
    ours = min(now + timedelta(seconds=retry_countdown_seconds(tries_done, chance)), until)
    theirs = now + timedelta(seconds=asked_seconds or 0.0)
    return max(ours, theirs) if theirs <= until else None
