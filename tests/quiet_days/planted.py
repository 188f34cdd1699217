"""Planted causes of a low service level: their part of the explained change, and whether the briefing names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from unittest.mock import patch

from tests.checker.case import Case
from tests.checker.deliver import compose
from tests.queue_days import Cause, Centre, case_of
from worker.domain import compose as composing
from worker.domain.staffing.explanation import Factor
from worker.domain.why.content import Why
from worker.domain.why.explaining import explain_any_day

CAUSES: Mapping[str, tuple[Cause, Factor | None]] = {
    "15 % more contacts": (Cause(volume=1.15), Factor.VOLUME),
    "15 % longer handle time": (Cause(handle=1.15), Factor.HANDLE),
    "15 % fewer agents": (Cause(staffing=0.85), Factor.STAFFING),
    "nothing": (Cause(), None),
}
"""What is planted, and the factor that should be named."""

CONTACTS = (300, 1_500, 5_000)

PAST_DAYS = 27
"""The day after them is a Wednesday, which is as busy as the mean of the weekdays: no other factor differs."""


@dataclass(frozen=True, slots=True)
class PlantedDays:
    """What became of a planted cause.

    ``explained``: days whose briefing has an explanation. ``share``: the part of the planted factor among all factors'
    parts, in the mean of all days, also those on which the briefing has none. ``naming_it``: days that name it, alone
    or with a second one. ``naming_another``: days that name another factor. ``largest_remainder``: how far the parts
    are from summing to the change, at most.
    """

    days: int
    explained: int
    share: float | None
    naming_it: int
    naming_another: int
    largest_remainder: float


def planted_days(contacts: float, planted: str, days: int, seed: int) -> PlantedDays:
    """Brief so many days with a cause, each after quiet days of its own."""
    cause, factor = CAUSES[planted]
    cases = [case_of(Centre(contacts), seed * days + number, cause, PAST_DAYS) for number in range(days)]
    explanations = [compose(case).explanation for case in cases]
    explained = [explanation for explanation in explanations if isinstance(explanation, Why)]
    all_explained = list(filter(None, map(_explained_without_need, cases))) if factor else []
    causes = [set(explanation.causes) for explanation in explained]
    return PlantedDays(
        days=days,
        explained=len(explained),
        share=_mean_share(all_explained, factor) if factor else None,
        naming_it=sum(factor in factors for factors in causes),
        naming_another=sum(bool(factors - {factor}) for factors in causes),
        largest_remainder=max(map(_remainder, (*explained, *all_explained)), default=0.0),
    )


def _explained_without_need(case: Case) -> Why | None:
    """Return the explanation of a day, whether or not its service level is low enough for one."""
    with patch.object(composing, "explain_day", explain_any_day):
        explanation = compose(case).explanation
    return explanation if isinstance(explanation, Why) else None


def _mean_share(explained: list[Why], factor: Factor) -> float:
    """Return the sum of the factor's parts over the sum of all factors' parts, so that no day counts for its noise."""
    parts = [explanation.factor(factor).part or 0.0 for explanation in explained]
    totals = [sum(part.part or 0.0 for part in explanation.factors) for explanation in explained]
    return fmean(parts) / fmean(totals)


def _remainder(explanation: Why) -> float:
    parts = sum(factor.part or 0.0 for factor in explanation.factors)
    return abs(parts + explanation.unexplained - explanation.change)
