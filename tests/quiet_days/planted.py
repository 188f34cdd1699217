"""Planted causes of a low service level: their part of the explained change, and whether the briefing names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from tests.checker.deliver import compose
from tests.queue_days import Cause, Centre, case_of
from worker.domain.staffing.explanation import Factor
from worker.domain.why.content import Why

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

    ``explained``: days with an explanation. ``share``: the part of the planted factor among all factors' parts, in the
    mean of the explained days. ``naming_it``: days that name it, alone or with a second one. ``naming_another``: days
    that name another factor. ``largest_remainder``: how far the parts are from summing to the change, at most.
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
    centre = Centre(contacts)
    explanations = [
        compose(case_of(centre, seed * days + number, cause, PAST_DAYS)).explanation for number in range(days)
    ]
    explained = [explanation for explanation in explanations if isinstance(explanation, Why)]
    causes = [set(explanation.causes) for explanation in explained]
    return PlantedDays(
        days=days,
        explained=len(explained),
        share=_mean_share(explained, factor) if factor and explained else None,
        naming_it=sum(factor in factors for factors in causes),
        naming_another=sum(bool(factors - {factor}) for factors in causes),
        largest_remainder=max((_remainder(explanation) for explanation in explained), default=0.0),
    )


def _mean_share(explained: list[Why], factor: Factor) -> float:
    """Return the sum of the factor's parts over the sum of all factors' parts, so that no day counts for its noise."""
    parts = [explanation.factor(factor).part or 0.0 for explanation in explained]
    totals = [sum(part.part or 0.0 for part in explanation.factors) for explanation in explained]
    return fmean(parts) / fmean(totals)


def _remainder(explanation: Why) -> float:
    parts = sum(factor.part or 0.0 for factor in explanation.factors)
    return abs(parts + explanation.unexplained - explanation.change)
