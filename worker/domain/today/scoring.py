"""Compare a day's forecast with the contacts that came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice

from worker.domain.briefing.history import DayFigures, History
from worker.domain.staffing.forecasts import ForecastScore, forecast_variation, score
from worker.domain.today.forecasts import DayForecast, ForecastOfMedium

SCORED_DAYS = 10
"""How many days with a score say how far forecasts of a group are usually off beyond chance."""


def scores_of(
    day: date, figures: DayFigures, forecasts: Mapping[date, DayForecast], history: History
) -> tuple[ForecastOfMedium, ...]:
    """Return the score of each medium with a forecast of ``day``, whose figures are complete.

    Forecasts of earlier days say how far forecasts of this group are usually off beyond chance.
    """
    if not figures.whole:
        return ()
    return tuple(
        ForecastOfMedium(medium, medium_score)
        for medium in sorted(forecasts.get(day, {}))
        if (medium_score := _score(medium, day, figures, forecasts, history)) is not None
    )


def _score(
    medium: str, day: date, figures: DayFigures, forecasts: Mapping[date, DayForecast], history: History
) -> ForecastScore | None:
    pairs = _pairs(medium, forecasts[day], figures)
    variation = forecast_variation(_last_scored_pairs(medium, day, forecasts, history))
    return score([forecast for forecast, _ in pairs], [contacts for _, contacts in pairs], variation)


def _last_scored_pairs(
    medium: str, day: date, forecasts: Mapping[date, DayForecast], history: History
) -> list[tuple[float, float]]:
    """Return forecast and contacts by half-hour of the last ten whole days before ``day`` that have both."""
    earlier_days = (earlier for earlier in sorted(forecasts, reverse=True) if earlier < day and earlier in history)
    by_day = (
        _pairs(medium, forecasts[earlier], history[earlier]) for earlier in earlier_days if history[earlier].whole
    )
    return [pair for pairs in islice(filter(None, by_day), SCORED_DAYS) for pair in pairs]


def _pairs(medium: str, forecast: DayForecast, figures: DayFigures) -> list[tuple[float, float]]:
    """Return forecast and contacts by half-hour of the day, nothing if one of them is not known."""
    planned = forecast.get(medium, {})
    day = figures.of_medium(medium, is_only_medium=len(forecast) == 1)
    if not planned or day is None or not day.half_hours:
        return []
    contacts = {start: offered for start, (offered, _, _) in day.half_hours.items()}
    return [(planned.get(start, 0.0), float(contacts.get(start, 0))) for start in sorted({*planned, *contacts})]
