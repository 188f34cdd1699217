"""Find the consecutive half-hours that cost the most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from worker.domain.briefing.content import Briefing, Counts, HalfHour, Insight
from worker.domain.briefing.half_hours import HALF_HOUR
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.metrics import Metric, Ratio, Reading, Status, combined
from worker.domain.statuses import misses, status_of
from worker.domain.unusual.half_hours import RangeOfRun

MOST_MEDIA = 2
"""So many media have their own worst run: a talk has room for other things too."""


def worst_runs(
    day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS, usual_in_run: RangeOfRun = lambda *_: None
) -> list[Insight]:
    """Report the worst run of the day, and that of another medium that missed its target."""
    if not day.media:
        reading = day.tile(Metric.SERVICE_LEVEL).reading
        runs = [_worst_run(day.half_hours, reading, day.counts, None, thresholds, usual_in_run)]
    else:
        runs = [
            _worst_run(line.half_hours, line.service_level.reading, line.counts, line.medium, thresholds, usual_in_run)
            for line in day.media
        ]
    shortfalls = sorted((run for run in runs if run), key=lambda run: -run[0])
    missed = {line.medium for line in day.media if line.service_level.reading.status is Status.MISSED}
    insights = [insight for _, insight in shortfalls]
    return insights[:1] + [run for run in insights[1:] if run.figures["medium"] in missed][: MOST_MEDIA - 1]


def worst_run(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Report the consecutive half-hours below target, ``longest_run`` at most, that missed it by the most contacts.

    Other half-hours may be as bad, so no sentence may call it the worst.
    """
    return next(iter(worst_runs(day, thresholds)), None)


def _worst_run(
    halves: Sequence[HalfHour],
    reading: Reading,
    counts: Counts,
    medium: str | None,
    thresholds: Thresholds,
    usual_in_run: RangeOfRun,
) -> tuple[float, Insight] | None:
    """Return the worst run of a medium, with the contacts that it is short of the target.

    One that chance alone may bring about is nothing to talk about.
    """
    if reading.status is Status.NOT_JUDGED:
        return None
    goal = reading.lowest_goal
    runs = [
        run
        for run in _runs(halves, thresholds.longest_run)
        if all(_is_below(half, goal, thresholds.fewest_contacts) for half in run)
    ]
    worst = max(runs, key=lambda run: _shortfall(run, goal), default=())
    level = _level(worst)
    if level is None or status_of(Metric.SERVICE_LEVEL, level, goal) is not Status.MISSED:
        return None
    figures = {
        "start": worst[0].start,
        "end": _end(worst[-1]),
        "service_level": level.value,
        "goal": goal,
        "counted": int(level.denominator or 0),
        "abandons": _abandons(worst) if counts.abandoned else 0,
        "abandons_of_day": counts.abandoned,
        "minutes": len(worst) * 30,
        **({"medium": medium} if medium else {}),
        **_longer_stretch(halves, worst, goal, thresholds.fewest_contacts),
    }
    if usual := usual_in_run(worst, medium):
        figures["usual"] = usual
    return _shortfall(worst, goal), Insight("worst_run", Status.MISSED, figures)


MUCH_LONGER = 2
"""Half-hours by which the whole stretch under target is longer than the run that is named, to be told too."""


def _longer_stretch(
    halves: Sequence[HalfHour], run: Sequence[HalfHour], goal: float, fewest_contacts: int
) -> dict[str, object]:
    """Return the stretch under target around a run, if it is an hour longer."""
    first, end = halves.index(run[0]), halves.index(run[-1]) + 1
    while first > 0 and _is_below(halves[first - 1], goal, fewest_contacts):
        first -= 1
    while end < len(halves) and _is_below(halves[end], goal, fewest_contacts):
        end += 1
    if end - first < len(run) + MUCH_LONGER:
        return {}
    return {"around": (halves[first].start, _end(halves[end - 1]))}


def _runs(halves: Sequence[HalfHour], longest: int) -> Iterable[Sequence[HalfHour]]:
    for length in range(1, longest + 1):
        for first in range(len(halves) - length + 1):
            yield halves[first : first + length]


def _is_below(half: HalfHour, goal: float, fewest_contacts: int) -> bool:
    """Return whether a half-hour misses the target and is not thin: nine late contacts would hide a busy half-hour."""
    level = half.service_level
    if level is None or half.is_thin or (level.denominator or 0) < fewest_contacts:
        return False
    return misses(Metric.SERVICE_LEVEL, level.value, goal)


def _shortfall(run: Sequence[HalfHour], goal: float) -> float:
    """Return how many more contacts had to be answered in time to meet the target."""
    level = _level(run)
    return goal * (level.denominator or 0) - (level.numerator or 0) if level else 0.0


def _level(run: Iterable[HalfHour]) -> Ratio | None:
    return combined(half.service_level for half in run if half.service_level)


def _end(half: HalfHour) -> datetime:
    # in UTC, because wall-clock arithmetic is wrong across a clock change
    return (half.start.astimezone(UTC) + HALF_HOUR).astimezone(half.start.tzinfo)


def _abandons(run: Iterable[HalfHour]) -> int:
    return sum(half.counts.abandoned or 0 for half in run)
