"""Instants and intervals as the API writes them."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.domain.rows import Window
from worker.errors import MalformedAnswer


def utc_text(instant: datetime) -> str:
    """Return an aware instant in UTC with milliseconds and ``Z``, the one form that no zone setting can shift."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


def interval_text(window: Window) -> str:
    """Return ``start/end`` in UTC."""
    return f"{utc_text(window.start)}/{utc_text(window.end)}"


def interval_start(text: str, window: Window, label: str) -> datetime:
    """Return the start of a bucket, aware and in UTC. `MalformedAnswer` if it is no instant or outside the window."""
    try:
        start = datetime.fromisoformat(text.partition("/")[0])
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise MalformedAnswer(f"{label}: {text[:80]!r} is no interval with an offset.")
    if not window.start <= start < window.end:
        raise MalformedAnswer(
            f"{label}: figures of {text[:80]} came for the window "
            f"{window.start.isoformat()} to {window.end.isoformat()}. They are not of that day.",
        )
    return start.astimezone(UTC)
