"""Choose what to remember of a briefing's talking points, so that the next one can say what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from worker.domain.briefing.content import Briefing, Insight, Tile
from worker.domain.briefing.half_hours import HALF_HOUR
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.briefing.usual_content import UsualFigure
from worker.domain.metrics import Goal, Metric, Reading, Status
from worker.domain.rows import Rows
from worker.domain.why.content import Why


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
                first, last = _by_the_clock(start, end)
                lowest_goal = _number(figures.get("goal"))
                yield TalkingPoint(insight.kind, value, medium=text_medium, start=first, end=last, goal=lowest_goal)
        elif insight.kind == "costly_queues":
            yield from _queue_points(briefing, insight.figures, queue_ids)
        elif insight.kind == "silent_hours":
            start, end = str(figures["start"]), str(figures["end"])
            yield TalkingPoint(insight.kind, 0, medium=text_medium, start=start, end=end)
        elif insight.kind in _UNUSUAL:
            yield from _unusual_point(briefing, insight, text_medium, queue_ids)
        elif (kind := _kind_followed_up(insight)) in _CONCERNS:
            metric = str(figures["metric"]) if "metric" in figures else _METRICS.get(kind)
            floor = _number(figures.get("floor"))
            value = _value(briefing, kind, metric, text_medium)
            was_unusual = _is_unusual(briefing, metric, text_medium)
            goal = _goal(briefing, metric, text_medium)
            yield TalkingPoint(kind, value, metric, text_medium, floor=floor, was_unusual=was_unusual, goal=goal)


def _by_the_clock(start: datetime, end: datetime) -> tuple[str, str]:
    """Return the local times between which a run lies, also where the clock shows some of them twice."""
    starts = [start]
    while (instant := starts[-1].astimezone(UTC) + HALF_HOUR) < end:
        starts.append(instant.astimezone(start.tzinfo))
    local_starts = [instant.replace(tzinfo=None) for instant in starts]
    return f"{min(local_starts):%H:%M}", f"{max(local_starts) + HALF_HOUR:%H:%M}"


def _kind_followed_up(insight: Insight) -> str:
    """Return the kind under which a point is remembered: an unusually low service level has one, explained or not."""
    explanation = insight.figures.get("why")
    is_unusual = isinstance(explanation, Why) and explanation.is_unusual
    return "service_level_change" if insight.kind == "service_level_low" and is_unusual else insight.kind


_UNUSUAL = ("figure_unusual", "queue_unusual")


def _unusual_point(
    briefing: Briefing, insight: Insight, medium: str | None, queue_ids: Mapping[str, str]
) -> Iterator[TalkingPoint]:
    """Yield an unusual figure. Good news is not followed up, nor a queue whose id is not known."""
    figures = insight.figures
    usual, name = figures["usual"], str(figures.get("name", ""))
    if insight.status is Status.ON_TARGET or not isinstance(usual, UsualFigure) or (name and name not in queue_ids):
        return
    metric = str(figures["measure"])
    yield TalkingPoint(
        insight.kind,
        _number(figures["value"]),
        metric,
        medium,
        queue_ids[name] if name else None,
        was_unusual=True,
        place=usual.place.value,
        goal=_goal(briefing, metric, medium) if not name else None,
    )


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
            value, goal = line.service_level.ratio.value, _goal_of(line.service_level)
            yield TalkingPoint("costly_queues", value, medium=medium, queue_id=queue_ids[name], goal=goal)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _value(briefing: Briefing, kind: str, metric: str | None, medium: str | None) -> float | None:
    if kind == "agents_under_floor":
        return next((_number(point.figures["count"]) for point in briefing.insights if point.kind == kind), None)
    if kind == "volume_high":
        return _number((briefing.media[0] if briefing.media else briefing).counts.offered)
    tile = tile_of(briefing, Metric(metric), medium) if metric in set(Metric) else None
    return tile.reading.ratio.value if tile and tile.reading.ratio else None


def _goal(briefing: Briefing, metric: str | None, medium: str | None) -> Goal | None:
    tile = tile_of(briefing, Metric(metric), medium) if metric in set(Metric) else None
    return _goal_of(tile.reading) if tile else None


def _goal_of(reading: Reading) -> Goal | None:
    """Return the goal of a reading, None if it cannot be judged against one."""
    return None if reading.status is Status.NOT_JUDGED else reading.goal


def _is_unusual(briefing: Briefing, metric: str | None, medium: str | None) -> bool:
    tile = tile_of(briefing, Metric(metric), medium) if metric in set(Metric) else None
    usual = tile.usual if tile else None
    return isinstance(usual, UsualFigure) and usual.is_unusual


def tile_of(day: Briefing, metric: Metric, medium: str | None) -> Tile | None:
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
