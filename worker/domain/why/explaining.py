"""Decide whether the service level of a day is explained, and explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from worker.domain.briefing.history import DayFigures, History
from worker.domain.briefing.media import ALL_MEDIA
from worker.domain.briefing.usual_content import Place, Usual, UsualFigure
from worker.domain.staffing.causes import BELOW_USUAL, causes, is_worth_explaining
from worker.domain.staffing.day_model import Waiting
from worker.domain.staffing.explanation import Factor, explain
from worker.domain.usual.past_days import FEWEST_DAYS
from worker.domain.why.content import NotExplained, Why
from worker.domain.why.factors import FactorDays, explained_factors
from worker.domain.why.reference import MediumDay, Reference, medium_day

FEWEST_CONTACTS = 150
"""Of fewer contacts no cause is named."""

_WITH_WAITING_CALLERS = ("voice", "chat")
"""The model is of contacts that wait for an agent and give up. Callbacks, emails and messages wait for hours."""


_explain_once = lru_cache(maxsize=64)(explain)
"""A day is composed several times, for each of its documents and revisions. The model takes a part of a second."""


@dataclass(frozen=True, slots=True)
class DayToExplain:
    """A day, the medium whose service level is explained, and what is known of the days before.

    ``usual``: the usual range of that service level. ``usual_days``: the days that say what is usual.
    ``within_seconds``: within how many seconds an answer is in time. ``widening``: how much wider usual ranges are than
    the history says.
    """

    reporting_day: date
    figures: DayFigures
    medium: str
    is_only_medium: bool
    within_seconds: float | None
    usual: Usual | None
    usual_days: Sequence[date]
    history: History
    widening: float = 1.0


def explain_day(day: DayToExplain) -> Why | NotExplained | None:
    """Explain a service level that is unusually low, or below its usual range with a cause that is news by itself.

    It is down by 3 points at least. Return None for any other: on one quiet day in forty it lies below its usual range
    by chance alone.
    """
    usual = day.usual
    if not isinstance(usual, UsualFigure) or usual.p_low >= BELOW_USUAL:
        return None
    days = _days_of(day, usual)
    if isinstance(days, FactorDays) and not is_worth_explaining(_change(days), usual.p_low):
        return None
    explanation = _explained(days, usual)
    has_cause = isinstance(explanation, Why) and explanation.causes
    return explanation if has_cause or usual.place is Place.UNUSUALLY_LOW else None


def explain_any_day(day: DayToExplain) -> Why | NotExplained | None:
    """Explain the service level of a day whether it is low or not, None if it has no usual range.

    No page may show this: inside the usual range a cause would be invented.
    """
    usual = day.usual
    return _explained(_days_of(day, usual), usual) if isinstance(usual, UsualFigure) else None


def _days_of(day: DayToExplain, usual: UsualFigure) -> FactorDays | NotExplained:
    """Return the days that an explanation needs, or why there is none."""
    if day.medium not in _WITH_WAITING_CALLERS and not (day.medium == ALL_MEDIA and day.is_only_medium):
        return NotExplained.MEDIUM
    if not day.within_seconds:
        return NotExplained.NO_THRESHOLD
    today = medium_day(day.figures, day.medium, is_only_medium=day.is_only_medium)
    if today is None:
        return NotExplained.INCOMPLETE_DAY
    if today.counted < FEWEST_CONTACTS:
        return NotExplained.FEW_CONTACTS
    past_days = {date: figures for date in day.usual_days if (figures := _past_day(day, date))}
    reference_days = [past_days[date] for date in _reference_dates(day, usual) if date in past_days]
    if len(reference_days) < FEWEST_DAYS:
        return NotExplained.FEW_DAYS
    reference = Reference.of_days(reference_days, today)
    return FactorDays(reference, past_days, day.reporting_day, today, day.within_seconds, day.widening)


def _reference_dates(day: DayToExplain, usual: UsualFigure) -> list[date]:
    """Return the past days that the usual range of the service level is based on."""
    first_day = usual.level_since or min(day.usual_days, default=date.max)
    return [past_day for past_day in day.usual_days if past_day >= first_day and past_day not in usual.outside_days]


def _past_day(day: DayToExplain, past_day: date) -> MediumDay | None:
    return medium_day(day.history[past_day], day.medium, is_only_medium=day.is_only_medium)


def _change(days: FactorDays) -> float:
    return days.today.in_time / days.today.counted - days.reference.service_level


def _explained(days: FactorDays | NotExplained, usual: UsualFigure) -> Why | NotExplained:
    if isinstance(days, NotExplained):
        return days
    reference, today = days.reference, days.today
    has_agents = len(reference.agent_seconds) >= FEWEST_DAYS and today.agent_seconds is not None
    expected_agents = days.expected(Factor.STAFFING) if has_agents else None
    explanation = _explain_once(
        reference.inputs(expected_agents, days.growth(Factor.VOLUME), days.growth(Factor.HANDLE)),
        reference.inputs_of(today, today.agent_seconds if has_agents else None),
        (1.0,) * len(reference.starts),  # no source says how many agents were available in each half-hour
        Waiting(reference.seconds_until_abandoning, days.within_seconds),
    )
    factors = explained_factors(explanation, days)
    is_unusual = usual.place is Place.UNUSUALLY_LOW
    outside = {factor.factor for factor in factors if factor.is_outside and (is_unusual or factor.is_clearly_outside)}
    return Why(
        level=today.in_time / today.counted,
        average=reference.service_level,
        days=len(reference.days),
        factors=factors,
        unexplained=explanation.unexplained,
        causes=causes(explanation, outside),
        is_unusual=is_unusual,
    )
