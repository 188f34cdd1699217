"""The forecasts of days in Redis, one hash per group, beside the sums of past days.

They hold numbers of contacts by medium and half-hour, no names. They live as long as the sums that they are compared
with.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import structlog
from redis import Redis

from worker.domain.briefing.history import KEPT_DAYS
from worker.domain.today.forecasts import DayForecast, decode_forecast, encode_forecast
from worker.errors import MalformedAnswer
from worker.state import scripts

_log = structlog.get_logger(__name__)


class Forecasts:
    """The remembered forecasts of all groups. ``redis`` decodes responses."""

    def __init__(self, redis: Redis, lifetime_days: int = KEPT_DAYS) -> None:
        self._redis = redis
        self._lifetime = timedelta(days=lifetime_days)

    def record(self, group_key: str, day: date, revision: int, forecast: DayForecast) -> bool:
        """Store a forecast in place of an earlier or the same revision. Returns False if a later one is stored."""
        lifetime_seconds = int(self._lifetime.total_seconds())
        oldest = (day - self._lifetime).isoformat()
        args = [day.isoformat(), revision, encode_forecast(forecast), oldest, lifetime_seconds]
        return bool(scripts.call(self._redis, "record_day", [_key(group_key)], args))

    def days(self, group_key: str) -> dict[date, DayForecast]:
        """Return all stored forecasts. One that cannot be read is logged and left out."""
        stored = cast(dict[str, str], self._redis.hgetall(_key(group_key)))
        forecasts = {date.fromisoformat(day): _forecast(group_key, day, stored[day]) for day in sorted(stored)}
        return {day: forecast for day, forecast in forecasts.items() if forecast}


def _forecast(group_key: str, day: str, stored: str) -> DayForecast | None:
    try:
        return decode_forecast(stored.partition(" ")[2].encode())
    except MalformedAnswer as error:
        _log.warning("remembered forecast is unreadable", group=group_key, day=day, error=str(error))
        return None


def _key(group_key: str) -> str:
    return f"standup:forecasts:{group_key}"
