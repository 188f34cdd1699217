"""The forecast of a day as it is remembered, and its score the next morning, as data."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from worker.domain.staffing.forecasts import ForecastScore
from worker.domain.today.plan import MediumPlan, TodayPlan
from worker.errors import MalformedAnswer

DayForecast = Mapping[str, Mapping[str, float]]
"""Forecast contacts by medium and local start, such as "09:30". The half-hours that a clock change repeats are one."""

_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class ForecastOfMedium:
    """How good the forecast of one medium was."""

    medium: str
    score: ForecastScore


def forecast_of(plan: TodayPlan) -> DayForecast:
    """Return the forecast to remember. It is empty if the plan covers other queues than the group's, or not all."""
    if plan.foreign_queues or plan.uncovered_queues:
        return {}
    return {medium.medium: half_hours for medium in plan.media if (half_hours := _contacts(medium))}


def encode_forecast(forecast: DayForecast) -> bytes:
    """Encode a forecast: media, times and numbers, no names."""
    return json.dumps(forecast, allow_nan=False, sort_keys=True, separators=(",", ":")).encode("ascii")


def decode_forecast(data: bytes) -> DayForecast:
    """Decode a forecast. Raise `MalformedAnswer` if the bytes are damaged."""
    try:
        value: dict[str, dict[str, Any]] = json.loads(data)
        return {
            medium: {start: float(contacts) for start, contacts in half_hours.items()}
            for medium, half_hours in value.items()
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise MalformedAnswer(f"A stored forecast is damaged ({len(data)} bytes: {error!r}).") from error


def _contacts(medium: MediumPlan) -> dict[str, float]:
    """Return the contacts by half-hour, nothing if one of them is not known."""
    contacts: defaultdict[str, float] = defaultdict(float)
    for interval in medium.intervals:
        if interval.offered is None:
            return {}
        contacts[f"{interval.start:%H:%M}"] += round(interval.offered, _DECIMALS)
    return dict(contacts)
