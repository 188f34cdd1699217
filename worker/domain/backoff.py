"""How long to wait before asking again. Pure: the randomness is handed in."""

from __future__ import annotations

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
    base = max(2.0**attempts_done, at_least or 0.0)
    return min(base * (1 + JITTER * chance), MAX_COUNTDOWN_SECONDS)
