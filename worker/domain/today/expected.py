"""What the last weeks lead one to expect of a day: its contacts, and how long they wait before they hang up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from worker.domain.briefing.comparison import MediumPicker
from worker.domain.briefing.history import WEEKS_BACK, History, MediumFigures
from worker.domain.rounding import half_up
from worker.domain.today.outlook import ExpectedContacts, ForecastGrowth


def growth(forecast: float, day: date, pick: MediumPicker, history: History, fewest: int) -> ForecastGrowth | None:
    """Compare a forecast with the same weekday of last week, if that is known whole and has enough contacts.

    A page shows the forecast in whole contacts, and a reader who divides finds the same percentage.
    """
    last_week = day - timedelta(weeks=1)
    offered = _offered(last_week, pick, history)
    if offered is None or offered < max(fewest, 1):
        return None
    return ForecastGrowth(last_week, float(half_up(forecast)) / offered - 1)


def expected_contacts(day: date, pick: MediumPicker, history: History, fewest: int) -> ExpectedContacts | None:
    """Return the average of the same weekday of the last four weeks, None unless all four are known."""
    days = tuple(day - timedelta(weeks=weeks) for weeks in range(WEEKS_BACK, 0, -1))
    offered = [count for day in days if (count := _offered(day, pick, history)) is not None and count >= fewest]
    return ExpectedContacts(sum(offered) / len(days), days) if len(offered) == len(days) else None


def seconds_until_abandoning(days: Iterable[date], pick: MediumPicker, history: History) -> float | None:
    """Return how long contacts wait before they hang up, in the mean of these days.

    How long the abandoned waited is not known. The seconds that the answered waited, divided by the number of the
    abandoned, are the same where contacts hang up at a constant rate.
    """
    past_days = [figures for day in days if day in history and (figures := pick(history[day]))]
    sums = [queue for figures in past_days for queue in figures.sums.values()]
    waiting_seconds = sum(queue.answer_ms or 0 for queue in sums) / 1000
    abandoned = sum(queue.abandoned or 0 for queue in sums)
    return waiting_seconds / abandoned if waiting_seconds and abandoned else None


def _offered(day: date, pick: MediumPicker, history: History) -> int | None:
    figures: MediumFigures | None = pick(history[day]) if day in history and history[day].whole else None
    return figures.counts.offered if figures else None
