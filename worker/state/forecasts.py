"""The forecasts of days in Redis, one hash per group, beside the sums of past days.

They hold numbers of contacts by medium and half-hour, no names. They live as long as the sums that they are compared
with.
"""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from redis import Redis

from worker.domain.briefing.history import KEPT_DAYS
from worker.domain.today.forecasts import DayForecast, decode_forecast, encode_forecast
from worker.errors import MalformedAnswer
from worker.state.compressed import days

_log = structlog.get_logger(__name__)


class Forecasts:
    """The remembered forecasts of all groups. ``redis`` decodes responses."""

    def __init__(self, redis: Redis, lifetime_days: int = KEPT_DAYS) -> None:
        self._redis = redis
        self._lifetime = timedelta(days=lifetime_days)

    def record(self, group_key: str, day: date, revision: int, forecast: DayForecast) -> bool:
        """Store a forecast in place of an earlier or the same revision. Returns False if a later one is stored."""
        return days.record(self._redis, _key(group_key), day, revision, encode_forecast(forecast), self._lifetime)

    def days(self, group_key: str) -> dict[date, DayForecast]:
        """Return all stored forecasts. One that cannot be read is logged and left out."""
        texts = days.texts(self._redis, _key(group_key))
        forecasts = {day: _forecast(group_key, day, text) for day, text in texts.items()}
        return {day: forecast for day, forecast in forecasts.items() if forecast}


def _forecast(group_key: str, day: date, text: bytes) -> DayForecast | None:
    try:
        return decode_forecast(text)
    except MalformedAnswer as error:
        _log.warning("remembered forecast is unreadable", group=group_key, day=day.isoformat(), error=str(error))
        return None


def _key(group_key: str) -> str:
    return f"standup:forecasts:{group_key}"
