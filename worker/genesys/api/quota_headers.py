"""What an answer's headers say about the quota. Pure; a header that lies or is absent is as good as not there.

Three families: ``X-RateLimit-Limit/-Remaining/-Reset`` (gateways), ``inin-ratelimit-count/-allowed/-reset`` (Genesys
Cloud) and ``Retry-After`` (both, with 429 and 503).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_WAIT_SECONDS = 600.0
"""No header makes us wait longer: windows are minutes, and a run gives up long before."""

_EPOCH_BEGINS = 1e9
"""A reset beyond this is an instant since 1970 and no number of seconds."""


@dataclass(frozen=True, slots=True)
class Quota:
    """``remaining`` requests of ``allowed`` until the window ends in ``reset_seconds``; None where nothing is said."""

    remaining: int
    allowed: int | None
    reset_seconds: float | None


def read_quota(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """The quota, or None where no header tells it; where two families speak, the one with less left is believed.

    ``headers`` find names in any case (as those of `requests` do); ``now`` is aware.
    """
    told = [quota for quota in (_genesys(headers, now), _gateway(headers, now)) if quota]
    return min(told, key=lambda quota: quota.remaining, default=None)


def read_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, from seconds or an HTTP date; None where the header is absent or makes no sense."""
    text = headers.get("Retry-After", "").strip()
    seconds = _number(text)
    if seconds is None:
        seconds = _seconds_until(text, headers, now)
    if seconds is None or seconds < 0:
        return None
    return min(seconds, MAX_WAIT_SECONDS)


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
    left = max(int(remaining), 0)
    return Quota(
        left if allowed is None else min(left, allowed), allowed, _reset(headers.get("X-RateLimit-Reset"), now)
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
    """Against the sender's own clock where it states it, so that a clock that is off does no harm."""
    then = _http_date(text)
    if then is None:
        return None
    return (then - (_http_date(headers.get("Date", "")) or now)).total_seconds()


def _http_date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
