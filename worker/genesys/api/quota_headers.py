"""What an answer's headers say about the quota. Pure. A header that is absent or makes no sense is ignored.

Three families: ``X-RateLimit-Limit/-Remaining/-Reset`` (gateways), ``inin-ratelimit-count/-allowed/-reset`` (Genesys
Cloud) and ``Retry-After`` (both, with 429 and 503).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from worker.http_dates import http_date

MAX_WAIT_SECONDS = 600.0
"""No header makes a caller wait longer: windows are minutes, and a run gives up long before."""

MAX_OUTAGE_WAIT_SECONDS = 60.0
"""No header makes a caller wait longer for a host that is away: it comes back earlier than quotas do."""

AWAY_SECONDS = 20.0
"""How long to wait for a host that is away and does not say for how long. Three attempts then outlast half a minute.
The usual waits of two and four seconds do not.
"""

_EPOCH_BEGINS = 1e9
"""A larger reset is seconds since 1970, not a number of seconds from now."""


@dataclass(frozen=True, slots=True)
class Quota:
    """``remaining`` requests of ``allowed`` until the window ends in ``reset_seconds``; None if no header says."""

    remaining: int
    allowed: int | None
    reset_seconds: float | None


def read_quota(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """Return the quota, or None if no header tells it. If both families are present, the one with less left counts.

    ``headers`` find names in any case, as those of `requests` do. ``now`` is aware.
    """
    quotas = [quota for quota in (_genesys(headers, now), _gateway(headers, now)) if quota]
    return min(quotas, key=lambda quota: quota.remaining, default=None)


def read_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds to wait, from seconds or an HTTP date, or None if the header is absent or makes no sense."""
    text = headers.get("Retry-After", "").strip()
    seconds = _number(text)
    if seconds is None:
        seconds = _seconds_until(text, headers, now)
    if seconds is None or seconds < 0:
        return None
    return min(seconds, MAX_WAIT_SECONDS)


def outage_seconds(headers: Mapping[str, str], now: datetime) -> float:
    """Return how long to wait after an answer such as 503. ``Retry-After: 0`` is no time to wait."""
    return min(read_retry_after(headers, now) or AWAY_SECONDS, MAX_OUTAGE_WAIT_SECONDS)


def _genesys(headers: Mapping[str, str], now: datetime) -> Quota | None:
    count = _number(headers.get("inin-ratelimit-count"))
    allowed = _allowed(headers.get("inin-ratelimit-allowed"))
    if count is None or count < 0 or allowed is None:
        return None
    return Quota(max(allowed - int(count), 0), allowed, _reset(headers.get("inin-ratelimit-reset"), now))


def _gateway(headers: Mapping[str, str], now: datetime) -> Quota | None:
    remaining = _number(headers.get("X-RateLimit-Remaining"))
    if remaining is None:
        return None
    allowed = _allowed(headers.get("X-RateLimit-Limit"))
    remaining_count = max(int(remaining), 0)
    return Quota(
        remaining_count if allowed is None else min(remaining_count, allowed),
        allowed,
        _reset(headers.get("X-RateLimit-Reset"), now),
    )


def _allowed(text: str | None) -> int | None:
    number = _number(text)
    return int(number) if number is not None and number >= 1 else None


def _reset(text: str | None, now: datetime) -> float | None:
    number = _number(text)
    if number is not None and number >= _EPOCH_BEGINS:
        number -= now.timestamp()
    if number is None or number < 0:
        return None
    return min(number, MAX_WAIT_SECONDS)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _seconds_until(text: str, headers: Mapping[str, str], now: datetime) -> float | None:
    """Measure against the sender's own clock if it states it, so that a wrong clock does no harm."""
    resume_at = http_date(text)
    if resume_at is None:
        return None
    return (resume_at - (http_date(headers.get("Date", "")) or now)).total_seconds()
