"""Find the consecutive half-hours that cost the most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from worker.domain.briefing.content import Briefing, HalfHour, Insight, of_medium
from worker.domain.briefing.half_hours import HALF_HOUR
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.metrics import Metric, Ratio, Status, combined, status_of


def worst_run(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Report the consecutive half-hours below target, ``longest_run`` at most, that missed it by the most contacts.

    Other half-hours may be as bad, so no sentence may call it the worst.
    """
    tile = day.tile(Metric.SERVICE_LEVEL)
    if tile.reading.status is Status.NOT_JUDGED:
        return None
    goal = tile.reading.lowest_goal
    runs = [
        run
        for run in _runs(day.half_hours, thresholds.longest_run)
        if all(_is_below(half, goal, thresholds.fewest_contacts) for half in run)
    ]
    worst = max(runs, key=lambda run: _shortfall(run, goal), default=())
    level = _level(worst)
    if level is None:
        return None
    status = status_of(Metric.SERVICE_LEVEL, level.value, goal)
    return Insight(
        "worst_run",
        Status.MISSED if status is Status.MISSED else Status.WATCH,
        {
            "start": worst[0].start,
            "end": _end(worst[-1]),
            "service_level": level.value,
            "goal": goal,
            "is_just_missed": status is not Status.MISSED,
            "abandons_share": _share_of_abandons(worst, day),
            "minutes": len(worst) * 30,
            **of_medium(day),
        },
    )


def _runs(halves: Sequence[HalfHour], longest: int) -> Iterable[Sequence[HalfHour]]:
    for length in range(1, longest + 1):
        for first in range(len(halves) - length + 1):
            yield halves[first : first + length]


def _is_below(half: HalfHour, goal: float, fewest_contacts: int) -> bool:
    """Return whether a half-hour misses the target and is not thin: nine late contacts would hide a busy half-hour."""
    level = half.service_level
    if level is None or (level.denominator or 0) < fewest_contacts:
        return False
    return status_of(Metric.SERVICE_LEVEL, level.value, goal) is not Status.ON_TARGET


def _shortfall(run: Sequence[HalfHour], goal: float) -> float:
    """Return how many more contacts had to be answered in time to meet the target."""
    level = _level(run)
    return goal * (level.denominator or 0) - (level.numerator or 0) if level else 0.0


def _level(run: Iterable[HalfHour]) -> Ratio | None:
    return combined(half.service_level for half in run if half.service_level)


def _end(half: HalfHour) -> datetime:
    # in UTC, because wall-clock arithmetic is wrong across a clock change
    return (half.start.astimezone(UTC) + HALF_HOUR).astimezone(half.start.tzinfo)


def _share_of_abandons(run: Iterable[HalfHour], day: Briefing) -> float | None:
    abandoned = [half.counts.abandoned for half in run if half.counts.abandoned is not None]
    total = (day.media[0] if day.media else day).counts.abandoned
    return sum(abandoned) / total if abandoned and total else None
