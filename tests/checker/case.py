"""One day of one group as the checker gets it: the rows, what the group aims at, what is known of earlier days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from tests.checker.figures import DaySums, day_sums
from worker.domain.groups import Group
from worker.domain.rows import Rows, Window

_TOLERANCE = {"service_level": "0.02", "abandonment": "0.01", "occupancy": "0.03", "adherence": "0.02"}
"""Beyond its goal by at most this much a metric is "just under"; docs/metrics.md names the same four."""

_WEEKS_BACK = 4


@dataclass(frozen=True)
class Case:
    """A day to be briefed. ``history`` holds the days that are known, ``business_days`` the group's calendar."""

    name: str
    group: Group
    day: date
    rows: Rows
    history: Mapping[date, Rows] = field(default_factory=dict)
    business_days: tuple[date, ...] = ()
    earlier: Rows | None = None
    """The rows of the revision before, for a corrected briefing."""

    @property
    def window(self) -> Window:
        """From local midnight to the next one."""
        start = datetime.combine(self.day, time(), self.group.tz)
        return Window(start, datetime.combine(self.day + timedelta(days=1), time(), self.group.tz))

    @property
    def revision(self) -> int:
        """2 for a corrected briefing."""
        return 2 if self.earlier else 1


def exact(number: float) -> Fraction:
    """A goal or threshold of the group file as it is written there: 0.8 is 4/5."""
    return Fraction(repr(number))


@dataclass(frozen=True)
class Truth:
    """What is true of a case, all of it from its rows."""

    case: Case
    sums: DaySums
    history: Mapping[date, DaySums]
    earlier_sums: DaySums | None

    @property
    def whole(self) -> bool:
        """Whether the source gave the whole day."""
        return not any(gap.kind in ("partial", "late_data") for gap in self.case.rows.gaps)

    @property
    def previous(self) -> date | None:
        """The business day before."""
        return max((day for day in self.case.business_days if day < self.case.day), default=None)

    @property
    def weekdays(self) -> tuple[date, ...]:
        """The same weekday of the last four weeks, where it was a business day, oldest first."""
        weeks = [self.case.day - timedelta(weeks=weeks_back) for weeks_back in range(_WEEKS_BACK, 0, -1)]
        return tuple(day for day in weeks if day in self.case.business_days)

    def last_days(self, number: int) -> tuple[date, ...]:
        """So many business days before this one, the newest last."""
        return tuple(sorted(day for day in self.case.business_days if day < self.case.day)[-number:]) if number else ()

    def goal(self, metric: str) -> tuple[Fraction, Fraction]:
        """The lowest and the highest value on target."""
        goal = getattr(self.case.group.targets, metric)
        if isinstance(goal, tuple):
            return exact(goal[0]), exact(goal[1])
        return (Fraction(0), exact(goal)) if metric == "abandonment" else (exact(goal), Fraction(1))

    def status(self, metric: str, ratio: Fraction | None) -> str:
        """The status that a ratio has."""
        if ratio is None:
            return "no_data"
        if not self.whole:
            return "partial"
        low, high = self.goal(metric)
        distance = max(low - ratio, ratio - high)
        if distance <= 0:
            return "on_target"
        return "watch" if distance <= Fraction(_TOLERANCE[metric]) else "missed"


def truth(case: Case) -> Truth:
    """Add up the case's rows and those of the days before."""
    return Truth(
        case,
        day_sums(case.rows, case.window),
        {day: day_sums(rows) for day, rows in case.history.items()},
        day_sums(case.earlier, case.window) if case.earlier else None,
    )
