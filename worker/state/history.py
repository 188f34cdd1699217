"""The sums of past days in Redis, one hash per group, for the trends and comparisons of the next briefings.

Only sums and queue ids are kept, no names. An older day than the lifetime goes when a new one is recorded, and the
whole hash goes when a group has been silent for that long.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import structlog
from redis import Redis

from worker.domain.briefing.codec import decode_figures, encode_figures
from worker.domain.briefing.history import KEPT_DAYS, DayFigures
from worker.errors import MalformedAnswer
from worker.state import scripts

_log = structlog.get_logger(__name__)


class History:
    """The remembered days of all groups; ``redis`` decodes responses."""

    def __init__(self, redis: Redis, lifetime_days: int = KEPT_DAYS) -> None:
        self._redis = redis
        self._lifetime = timedelta(days=lifetime_days)

    def record(self, group_key: str, day: date, revision: int, figures: DayFigures) -> bool:
        """Remember a day in place of an earlier or the same revision of it; False when a later one stands."""
        oldest = day - self._lifetime
        args = [
            day.isoformat(),
            revision,
            encode_figures(figures),
            oldest.isoformat(),
            int(self._lifetime.total_seconds()),
        ]
        return bool(scripts.call(self._redis, "record_day", [_key(group_key)], args))

    def days(self, group_key: str) -> dict[date, DayFigures]:
        """All remembered days; one that this version cannot read is logged and left out."""
        kept = cast(dict[str, str], self._redis.hgetall(_key(group_key)))
        read = {date.fromisoformat(day): _figures(group_key, day, kept[day]) for day in sorted(kept)}
        return {day: figures for day, figures in read.items() if figures}


def _figures(group_key: str, day: str, kept: str) -> DayFigures | None:
    try:
        return decode_figures(kept.partition(" ")[2].encode())
    except MalformedAnswer as error:
        # a briefing without its context is better than none
        _log.warning("remembered day is unreadable", group=group_key, day=day, error=str(error))
        return None


def _key(group_key: str) -> str:
    return f"standup:history:{group_key}"
