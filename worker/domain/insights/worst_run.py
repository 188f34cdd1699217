"""The stretch of the day that cost the most: the rule, and how the stretch is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from worker.domain.briefing.content import Briefing, HalfHour, Insight
from worker.domain.briefing.half_hours import HALF_HOUR
from worker.domain.groups.thresholds import USUAL, Thresholds
from worker.domain.metrics import Metric, Ratio, Status, standing, sum_of


def worst_run(day: Briefing, edges: Thresholds = USUAL) -> Insight | None:
    """The consecutive half-hours below target, so many at most, that fell short by the most contacts."""
    aim = day.tile(Metric.SERVICE_LEVEL).reading.lowest_goal
    runs = [run for run in _runs(day.half_hours, edges.longest_run) if all(_is_under(half, aim) for half in run)]
    worst = max(runs, key=lambda run: _shortfall(run, aim), default=())
    level = _level(worst)
    if level is None or (level.denominator or 0) < edges.fewest_contacts:
        return None
    return Insight(
        "worst_run",
        Status.MISSED if standing(Metric.SERVICE_LEVEL, level.value, aim) is Status.MISSED else Status.WATCH,
        {
            "start": worst[0].start,
            "end": _end(worst[-1]),
            "service_level": level.value,
            "abandons_share": _share_of_abandons(worst, day),
            "minutes": len(worst) * 30,
        },
    )


def _runs(halves: Sequence[HalfHour], longest: int) -> Iterable[Sequence[HalfHour]]:
    for length in range(1, longest + 1):
        for first in range(len(halves) - length + 1):
            yield halves[first : first + length]


def _is_under(half: HalfHour, aim: float) -> bool:
    level = half.service_level
    return level is not None and standing(Metric.SERVICE_LEVEL, level.value, aim) is not Status.ON_TARGET


def _shortfall(run: Sequence[HalfHour], aim: float) -> float:
    """How many more contacts in time the target would have taken."""
    level = _level(run)
    return aim * (level.denominator or 0) - (level.numerator or 0) if level else 0.0


def _level(run: Iterable[HalfHour]) -> Ratio | None:
    return sum_of(half.service_level for half in run if half.service_level)


def _end(half: HalfHour) -> datetime:
    # through UTC: wall-clock arithmetic is wrong across a clock change
    return (half.start.astimezone(UTC) + HALF_HOUR).astimezone(half.start.tzinfo)


def _share_of_abandons(run: Iterable[HalfHour], day: Briefing) -> float | None:
    abandoned = [half.counts.abandoned for half in run if half.counts.abandoned is not None]
    return sum(abandoned) / day.counts.abandoned if abandoned and day.counts.abandoned else None
