"""The sums of past days in Redis, one hash per group, for the trends and comparisons of the next briefings.

It holds sums and queue ids, no names. A day older than the lifetime is deleted when a new one is recorded. The whole
hash is deleted when a group has recorded nothing for that long.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import structlog
from redis import Redis

from worker.domain.briefing.codec import decode_figures, encode_figures
from worker.domain.briefing.history import KEPT_DAYS, DayFigures
from worker.errors import MalformedAnswer
from worker.state.compressed import days

_log = structlog.get_logger(__name__)


class History:
    """The past days of all groups. ``redis`` decodes responses."""

    def __init__(self, redis: Redis, lifetime_days: int = KEPT_DAYS) -> None:
        self._redis = redis
        self._lifetime = timedelta(days=lifetime_days)

    def record(self, group_key: str, day: date, revision: int, figures: DayFigures) -> bool:
        """Store a day in place of an earlier or the same revision. Returns False if a later one is stored."""
        return days.record(self._redis, _key(group_key), day, revision, encode_figures(figures), self._lifetime)

    def known_days(self, group_key: str) -> set[date]:
        """Return which days are stored, without reading their figures."""
        return set(map(date.fromisoformat, cast(list[str], self._redis.hkeys(_key(group_key)))))

    def days(self, group_key: str) -> dict[date, DayFigures]:
        """Return all stored days. A day that this version cannot read is logged and left out."""
        texts = days.texts(self._redis, _key(group_key))
        read = {day: _figures(group_key, day, text) for day, text in texts.items()}
        return {day: figures for day, figures in read.items() if figures}


def _figures(group_key: str, day: date, text: bytes) -> DayFigures | None:
    try:
        return decode_figures(text)
    except MalformedAnswer as error:
        # a briefing without comparisons is better than none
        _log.warning("remembered day is unreadable", group=group_key, day=day.isoformat(), error=str(error))
        return None


def _key(group_key: str) -> str:
    return f"standup:history:{group_key}"
