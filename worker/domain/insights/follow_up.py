"""Say what became of the talking points of the previous business day, from the rows of this one.

A target that is met again, or a window that is on target, is gone. A figure that still misses its target is better only
if it was unusual and has returned into its usual range: a point more or less is chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from worker.domain.briefing.content import Briefing, FollowUp, HalfHour, Insight, Outcome, PointOutcome, Tile
from worker.domain.briefing.counts import by_queue
from worker.domain.briefing.history import History
from worker.domain.briefing.judging import queue_target
from worker.domain.briefing.media import of_medium
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.briefing.usual_content import Place, UsualFigure
from worker.domain.groups import Group
from worker.domain.metrics import Metric, Ratio, Status, combined, service_level, status_of
from worker.domain.rows import Rows
from worker.domain.why.content import Why


@dataclass(frozen=True, slots=True)
class DayAfter:
    """The day on which points are looked up again: its finished briefing, and the rows that it is made from."""

    day: Briefing
    group: Group
    rows: Rows

    @property
    def fewest_contacts(self) -> int:
        """Of fewer contacts nothing is concluded."""
        return self.group.insights.fewest_contacts


def talking_points(briefing: Briefing, rows: Rows) -> tuple[TalkingPoint, ...]:
    """Return what to remember of a briefing's concerns. Praise is not followed up."""
    return tuple(_points(briefing, {queue.name: queue.id for queue in rows.queues}))


def _points(briefing: Briefing, queue_ids: Mapping[str, str]) -> Iterator[TalkingPoint]:
    for insight in briefing.insights:
        figures, medium = insight.figures, insight.figures.get("medium")
        text_medium = str(medium) if medium else None
        if insight.kind == "worst_run":
            start, end = figures["start"], figures["end"]
            if isinstance(start, datetime) and isinstance(end, datetime):
                value = _number(figures["service_level"])
                yield TalkingPoint(insight.kind, value, medium=text_medium, start=f"{start:%H:%M}", end=f"{end:%H:%M}")
        elif insight.kind == "costly_queues":
            yield from _queue_points(briefing, insight.figures, queue_ids)
        elif (kind := _kind_followed_up(insight)) in _CONCERNS:
            metric = str(figures["metric"]) if "metric" in figures else _METRICS.get(kind)
            floor = _number(figures.get("floor"))
            value = _value(briefing, kind, metric, text_medium)
            was_unusual = _is_unusual(briefing, metric, text_medium)
            yield TalkingPoint(kind, value, metric, text_medium, floor=floor, was_unusual=was_unusual)


def _kind_followed_up(insight: Insight) -> str:
    """Return the kind under which a point is remembered: an unusually low service level has one, explained or not."""
    explanation = insight.figures.get("why")
    is_unusual = isinstance(explanation, Why) and explanation.is_unusual
    return "service_level_change" if insight.kind == "service_level_low" and is_unusual else insight.kind


_CONCERNS = frozenset(
    {"target_missed", "agents_under_floor", "occupancy_high", "occupancy_low", "volume_high", "service_level_change"}
)
_METRICS = {
    "occupancy_high": Metric.OCCUPANCY.value,
    "occupancy_low": Metric.OCCUPANCY.value,
    "service_level_change": Metric.SERVICE_LEVEL.value,
}


def _queue_points(
    briefing: Briefing, figures: Mapping[str, object], queue_ids: Mapping[str, str]
) -> Iterator[TalkingPoint]:
    names, media = figures["names"], figures.get("media")
    for number, name in enumerate(names if isinstance(names, tuple) else ()):
        medium = media[number] if isinstance(media, tuple) else None
        line = next((line for line in briefing.queues if line.name == name and line.medium == medium), None)
        if line and line.service_level.ratio and name in queue_ids:
            yield TalkingPoint("costly_queues", line.service_level.ratio.value, medium=medium, queue_id=queue_ids[name])


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _value(briefing: Briefing, kind: str, metric: str | None, medium: str | None) -> float | None:
    if kind == "agents_under_floor":
        return next((_number(point.figures["count"]) for point in briefing.insights if point.kind == kind), None)
    if kind == "volume_high":
        return _number((briefing.media[0] if briefing.media else briefing).counts.offered)
    tile = _tile(briefing, Metric(metric), medium) if metric in set(Metric) else None
    return tile.reading.ratio.value if tile and tile.reading.ratio else None


def _is_unusual(briefing: Briefing, metric: str | None, medium: str | None) -> bool:
    tile = _tile(briefing, Metric(metric), medium) if metric in set(Metric) else None
    usual = tile.usual if tile else None
    return isinstance(usual, UsualFigure) and usual.is_unusual


def follow_up(day_after: DayAfter, previous: date | None, history: History) -> FollowUp | None:
    """Return what became of the points of the previous business day, None if they are not known or if it had none."""
    figures = history.get(previous) if previous else None
    if previous is None or figures is None or not figures.points:
        return None
    outcomes = tuple(_OUTCOMES[point.kind](day_after, point) for point in figures.points if point.kind in _OUTCOMES)
    return FollowUp(previous, tuple(map(_if_whole(day_after.day), outcomes))) if outcomes else None


def _if_whole(day: Briefing) -> Callable[[PointOutcome], PointOutcome]:
    """Return a function that leaves an outcome as it is, or makes it unknown if the day's data are incomplete."""
    if day.completeness.whole:
        return lambda outcome: outcome
    return lambda outcome: PointOutcome(outcome.point, Outcome.CANNOT_TELL, None, outcome.name)


def _cannot_tell(point: TalkingPoint, value: float | None = None, name: str = "") -> PointOutcome:
    return PointOutcome(point, Outcome.CANNOT_TELL, value, name)


def _window(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """Look at the same half-hours by the clock."""
    tile = _tile(day_after.day, Metric.SERVICE_LEVEL, point.medium)
    halves = _half_hours(day_after.day, point.medium)
    inside = [half for half in halves if point.start and point.end and _is_inside(half, point.start, point.end)]
    level = combined(half.service_level for half in inside if half.service_level)
    if tile is None or tile.reading.status is Status.NOT_JUDGED or level is None or _is_few(level, day_after):
        return _cannot_tell(point)
    is_missed = status_of(Metric.SERVICE_LEVEL, level.value, tile.reading.lowest_goal).is_off_target
    return PointOutcome(point, Outcome.AGAIN if is_missed else Outcome.GONE, level.value)


def _is_inside(half: HalfHour, start: str, end: str) -> bool:
    return start <= f"{half.start:%H:%M}" < (end if end != "00:00" else "24:00")


def _half_hours(day: Briefing, medium: str | None) -> tuple[HalfHour, ...]:
    if not day.media:
        return day.half_hours
    return next((line.half_hours for line in day.media if line.medium == (medium or day.medium)), ())


def _metric(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """A target that is missed again, met, or still missed by a figure that is back inside its usual range."""
    tile = _tile(day_after.day, Metric(point.metric), point.medium) if point.metric in set(Metric) else None
    if tile is None or tile.reading.ratio is None or not tile.reading.is_judged:
        return _cannot_tell(point, tile.reading.ratio.value if tile and tile.reading.ratio else None)
    value = tile.reading.ratio.value
    if tile.reading.status is Status.ON_TARGET:
        return PointOutcome(point, Outcome.GONE, value)
    return PointOutcome(point, Outcome.BETTER if _has_returned(tile, point) else Outcome.AGAIN, value)


def _has_returned(tile: Tile, point: TalkingPoint) -> bool:
    """Return whether the figure of the point was unusual, on the bad side, and this one is in its usual range.

    One figure in twenty lies outside its usual range by chance, and is back the day after.
    """
    usual = tile.usual
    if not isinstance(usual, UsualFigure) or usual.place is not Place.INSIDE or point.value is None:
        return False
    is_bad = point.value > usual.high if tile.reading.metric is Metric.ABANDONMENT else point.value < usual.low
    return point.was_unusual and is_bad


def _occupancy(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """Occupancy outside its band on the same side again. On the other side it is another matter."""
    tile = day_after.day.tile(Metric.OCCUPANCY)
    goal, ratio = tile.reading.goal, tile.reading.ratio
    if ratio is None or not tile.reading.is_judged or not isinstance(goal, tuple):
        return _cannot_tell(point, ratio.value if ratio else None)
    is_same_side = ratio.value > goal[1] if point.kind == "occupancy_high" else ratio.value < goal[0]
    is_again = is_same_side and tile.reading.status.is_off_target
    return PointOutcome(point, Outcome.AGAIN if is_again else Outcome.GONE, ratio.value)


def _level_down(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """A service level that is unusually low again, or back inside its usual range."""
    tile = _tile(day_after.day, Metric.SERVICE_LEVEL, point.medium)
    ratio = tile.reading.ratio if tile else None
    return _by_place(point, tile.usual if tile else None, Place.UNUSUALLY_LOW, ratio.value if ratio else None)


def _volume(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    line = day_after.day.media[0] if day_after.day.media else day_after.day
    if point.medium != day_after.day.medium:
        return _cannot_tell(point)
    return _by_place(point, day_after.day.usual_offered, Place.UNUSUALLY_HIGH, _number(line.counts.offered))


def _by_place(point: TalkingPoint, usual: object, bad: Place, value: float | None) -> PointOutcome:
    place = usual.place if isinstance(usual, UsualFigure) else None
    outcomes = {bad: Outcome.AGAIN, Place.INSIDE: Outcome.GONE}
    return PointOutcome(point, outcomes.get(place, Outcome.CANNOT_TELL) if place else Outcome.CANNOT_TELL, value)


def _queue(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """A queue that is under its target again."""
    queue = next((queue for queue in day_after.rows.queues if queue.id == point.queue_id), None)
    if queue is None:
        return _cannot_tell(point)
    medium = point.medium or day_after.day.medium
    intervals = (
        of_medium(day_after.rows.intervals, medium) if medium and day_after.day.media else day_after.rows.intervals
    )
    level = service_level(by_queue(intervals).get(queue.id, ()))
    target = queue_target(Metric.SERVICE_LEVEL, day_after.group, day_after.rows, medium, queue)
    if level is None or target.obstacle or _is_few(level, day_after):
        return _cannot_tell(point, level.value if level else None, queue.name)
    is_missed = status_of(Metric.SERVICE_LEVEL, level.value, target.goal).is_off_target
    return PointOutcome(point, Outcome.AGAIN if is_missed else Outcome.GONE, level.value, queue.name)


def _agents(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """Agents under the same floor. Fewer of them are no evidence of anything."""
    values = [line.adherence.ratio.value for line in day_after.day.agents if line.adherence.ratio]
    if not values or point.floor is None:
        return _cannot_tell(point)
    count = sum(value < point.floor for value in values)
    return PointOutcome(point, Outcome.AGAIN if count else Outcome.GONE, count)


def _is_few(ratio: Ratio, day_after: DayAfter) -> bool:
    return ratio.denominator is None or ratio.denominator < day_after.fewest_contacts


def _tile(day: Briefing, metric: Metric, medium: str | None) -> Tile | None:
    """Return the tile of a metric in a medium, None if the day has no contacts in it."""
    if medium is None or not day.media:
        return day.tile(metric)
    lines = {line.medium: line for line in day.media}
    line = lines.get(medium)
    if metric is Metric.SERVICE_LEVEL:
        return line.service_level if line else None
    if metric is Metric.ABANDONMENT:
        return line.abandonment if line else None
    return day.tile(metric)


_OUTCOMES: Mapping[str, Callable[[DayAfter, TalkingPoint], PointOutcome]] = {
    "worst_run": _window,
    "target_missed": _metric,
    "costly_queues": _queue,
    "agents_under_floor": _agents,
    "occupancy_high": _occupancy,
    "occupancy_low": _occupancy,
    "service_level_change": _level_down,
    "volume_high": _volume,
}

FOLLOWED_KINDS = frozenset(_OUTCOMES)
"""The kinds of points that can be followed up, and that words exist for. A newer version may have stored others."""
