"""Compare a day's forecast with the contacts that came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from worker.domain.briefing.history import DayFigures, History
from worker.domain.staffing.forecasts import ForecastScore, forecast_variation, score
from worker.domain.today.forecasts import DayForecast, ForecastOfMedium


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
    earlier_pairs = [
        pair
        for earlier_day, forecast in forecasts.items()
        if earlier_day < day and earlier_day in history
        for pair in _pairs(medium, forecast, history[earlier_day])
    ]
    forecast_contacts, contacts = [forecast for forecast, _ in pairs], [came for _, came in pairs]
    return score(forecast_contacts, contacts, forecast_variation(earlier_pairs))


def _pairs(medium: str, forecast: DayForecast, figures: DayFigures) -> list[tuple[float, float]]:
    """Return forecast and contacts by half-hour of the day, nothing if one of them is not known."""
    planned = forecast.get(medium, {})
    day = figures.of_medium(medium, is_only_medium=len(forecast) == 1)
    if not planned or day is None or not day.half_hours:
        return []
    contacts = {start: offered for start, (offered, _, _) in day.half_hours.items()}
    return [(planned.get(start, 0.0), float(contacts.get(start, 0))) for start in sorted({*planned, *contacts})]
