"""The explanation of a low service level, as data."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from worker.domain.staffing.explanation import Factor


@dataclass(frozen=True, slots=True)
class ExplainedFactor:
    """A factor of the service level, on the day and as expected of its weekday.

    ``part``: how much of the change it explains, as a fraction. ``today`` and ``expected``: contacts offered for
    volume, seconds a contact for handle time and mix, seconds of available agents for staffing. ``usual``: the range of
    the factor itself, None if fewer days are known than a range needs. All are None for a factor that is not known.
    ``is_clearly_outside``: so far outside that the factor is news by itself.

    ``expected`` is the middle of the usual range, the average of the reference days for the mix or without a range.
    Handle time is taken at the mix of the reference days, and the mix at their handle times.
    """

    factor: Factor
    part: float | None = None
    today: float | None = None
    expected: float | None = None
    usual: tuple[float, float] | None = None
    is_outside: bool = False
    is_clearly_outside: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """Why the service level fell from ``average``, that of ``days`` reference days together, to ``level``.

    The known parts and ``unexplained`` sum to the change. ``causes``: the one or two factors that may be named as the
    cause, the larger first, none if there is no single cause. ``is_unusual``: the service level lies beyond the limits,
    and not only below its usual range.
    """

    level: float
    average: float
    days: int
    factors: tuple[ExplainedFactor, ...]
    unexplained: float
    causes: tuple[Factor, ...] = ()
    is_unusual: bool = False

    @property
    def change(self) -> float:
        """How far the service level is from its average, as a fraction. It is negative."""
        return self.level - self.average

    @property
    def is_mostly_unexplained(self) -> bool:
        """Whether more than half of the change is not explained."""
        return self.unexplained / self.change > 0.5

    def factor(self, factor: Factor) -> ExplainedFactor:
        """Return a factor with its figures."""
        return next(explained for explained in self.factors if explained.factor is factor)

    @property
    def is_staffing_known(self) -> bool:
        """Whether the available time of the agents is known. The rest may be staffing otherwise."""
        return self.factor(Factor.STAFFING).part is not None


class NotExplained(enum.StrEnum):
    """Why a service level that is low is not explained."""

    FEW_CONTACTS = "few_contacts"
    """The parts of a day with few contacts are mostly chance."""
    NO_THRESHOLD = "no_threshold"
    """It is not known within how many seconds an answer is in time, or the queues differ in it."""
    INCOMPLETE_DAY = "incomplete_day"
    """Counts of half-hours or queues, or handle times, are missing on the day."""
    FEW_DAYS = "few_days"
    """They are missing on too many of the past days."""
    MEDIUM = "medium"
    """The model is of contacts that wait and give up, not of callbacks, emails or messages."""
