"""Say what became of the talking points of the previous business day, from the rows of this one.

A target that is met again, or a window that is on target, is gone, and so is an unusual figure that is back inside its
usual range. A figure that still misses its target is better only if it was unusual and has returned into its usual
range: a point more or less is chance. A figure is not judged against another goal than on the day of its point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from worker.domain.briefing.content import Briefing, FollowUp, HalfHour, Outcome, PointOutcome, Tile
from worker.domain.briefing.counts import by_queue
from worker.domain.briefing.history import History
from worker.domain.briefing.judging import queue_target
from worker.domain.briefing.media import media_of, of_medium
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.briefing.usual_content import Measure, Place, Usual, UsualFigure
from worker.domain.groups import Group
from worker.domain.insights.agents import FEWEST_AGENTS
from worker.domain.insights.points import tile_of
from worker.domain.insights.unusual import figures_beside_tiles
from worker.domain.metrics import Goal, Metric, Ratio, Status, combined, service_level
from worker.domain.rows import Rows
from worker.domain.statuses import misses
from worker.domain.unusual.queues import RangeOfQueue


@dataclass(frozen=True, slots=True)
class DayAfter:
    """The day on which points are looked up again: its finished briefing, and the rows that it is made from.

    ``range_of_queue`` returns a figure of a queue with its usual range, None if it has none.
    """

    day: Briefing
    group: Group
    rows: Rows
    range_of_queue: RangeOfQueue = lambda *_: None

    @property
    def fewest_contacts(self) -> int:
        """Of fewer contacts nothing is concluded."""
        return self.group.insights.fewest_contacts

    @property
    def media(self) -> tuple[str, ...]:
        """The media with contacts, most contacts first."""
        return media_of(self.rows.intervals, self.group.media)

    def queue_name(self, point: TalkingPoint) -> str:
        """Return the name of the point's queue, "" if it is not known or if the point is about no queue."""
        return next((queue.name for queue in self.rows.queues if queue.id == point.queue_id), "")


def follow_up(day_after: DayAfter, previous: date | None, history: History) -> FollowUp | None:
    """Return what became of the points of the previous business day, None if they are not known or if it had none."""
    figures = history.get(previous) if previous else None
    if previous is None or figures is None or not figures.points:
        return None
    media = day_after.group.media
    only_medium = figures.medium or (media[0] if len(media) == 1 else None)
    points = [point for point in figures.points if point.kind in _OUTCOMES]
    outcomes = tuple(_outcome(day_after, point, point.medium or only_medium) for point in points)
    return FollowUp(previous, tuple(map(_if_whole(day_after.day), outcomes))) if outcomes else None


def _outcome(day_after: DayAfter, point: TalkingPoint, medium: str | None) -> PointOutcome:
    """Return what became of a point of ``medium``, which the point names on a day whose contacts are of another too."""
    if not _is_of_contacts(point):
        return _OUTCOMES[point.kind](day_after, point)
    followed_point = point if day_after.media in ((), (medium,)) else replace(point, medium=medium)
    if medium not in day_after.media and not _is_told_without_contacts(day_after, followed_point):
        return _cannot_tell(followed_point, name=day_after.queue_name(point))
    return _OUTCOMES[point.kind](day_after, followed_point)


def _is_told_without_contacts(day_after: DayAfter, point: TalkingPoint) -> bool:
    """Return whether a day without a contact in the point's medium tells: hours without any may be so again."""
    return point.kind == "silent_hours" and point.medium is not None and bool(day_after.media)


def _is_of_contacts(point: TalkingPoint) -> bool:
    """Return whether a point is about contacts, which have a medium, and not about agents' times."""
    return point.kind not in _OF_AGENTS and point.metric not in (Metric.OCCUPANCY, Metric.ADHERENCE)


_OF_AGENTS = ("agents_under_floor", "occupancy_high", "occupancy_low")


def _if_whole(day: Briefing) -> Callable[[PointOutcome], PointOutcome]:
    """Return a function that leaves an outcome as it is, or makes it unknown if the day's data are incomplete."""
    if day.completeness.whole:
        return lambda outcome: outcome
    return lambda outcome: _cannot_tell(outcome.point, name=outcome.name)


def _cannot_tell(point: TalkingPoint, value: float | None = None, name: str = "") -> PointOutcome:
    return PointOutcome(point, Outcome.CANNOT_TELL, value, name)


def _is_goal_changed(point: TalkingPoint, goal: Goal) -> bool:
    return point.goal is not None and point.goal != goal


def _goal_changed(point: TalkingPoint, name: str = "") -> PointOutcome:
    return PointOutcome(point, Outcome.CANNOT_TELL, None, name, is_goal_changed=True)


def _window(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """Look at the same half-hours by the clock."""
    tile = tile_of(day_after.day, Metric.SERVICE_LEVEL, point.medium)
    halves = _half_hours(day_after.day, point.medium)
    inside = [half for half in halves if point.start and point.end and _is_inside(half, point.start, point.end)]
    level = combined(half.service_level for half in inside if half.service_level)
    if tile is None or tile.reading.status is Status.NOT_JUDGED or level is None or _is_few(level, day_after):
        return _cannot_tell(point)
    if _is_goal_changed(point, tile.reading.lowest_goal):
        return _goal_changed(point)
    is_missed = misses(Metric.SERVICE_LEVEL, level.value, tile.reading.lowest_goal)
    return PointOutcome(point, Outcome.AGAIN if is_missed else Outcome.GONE, level.value)


def _is_inside(half: HalfHour, start: str, end: str) -> bool:
    return start <= f"{half.start:%H:%M}" < _end_of_day(end)


def _half_hours(day: Briefing, medium: str | None) -> tuple[HalfHour, ...]:
    if not day.media:
        return day.half_hours
    return next((line.half_hours for line in day.media if line.medium == (medium or day.medium)), ())


def _metric(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """A target that is missed again, met, or still missed by a figure that is back inside its usual range."""
    tile = tile_of(day_after.day, Metric(point.metric), point.medium) if point.metric in set(Metric) else None
    if tile is None or tile.reading.ratio is None or not tile.reading.is_judged:
        return _cannot_tell(point, tile.reading.ratio.value if tile and tile.reading.ratio else None)
    if _is_goal_changed(point, tile.reading.goal):
        return _goal_changed(point)
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
    if _is_goal_changed(point, goal):
        return _goal_changed(point)
    is_same_side = ratio.value > goal[1] if point.kind == "occupancy_high" else ratio.value < goal[0]
    is_again = is_same_side and tile.reading.status.is_off_target
    return PointOutcome(point, Outcome.AGAIN if is_again else Outcome.GONE, ratio.value)


def _level_down(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """A service level that is unusually low again, or back inside its usual range."""
    value, usual = _figure(day_after.day, Measure.SERVICE_LEVEL, point.medium)
    return _by_place(point, usual, Place.UNUSUALLY_LOW, value)


def _volume(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    value, usual = _figure(day_after.day, Measure.OFFERED, point.medium)
    return _by_place(point, usual, Place.UNUSUALLY_HIGH, value)


def _unusual_figure(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """A figure that is unusual on the same side again, or not beyond its usual range on that side."""
    if point.metric not in set(Measure) or point.place not in set(Place):
        return _cannot_tell(point)
    value, usual = _figure(day_after.day, Measure(point.metric), point.medium)
    return _by_place(point, usual, Place(point.place), value)


def _unusual_queue(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    queue = next((queue for queue in day_after.rows.queues if queue.id == point.queue_id), None)
    if queue is None or point.metric not in set(Measure) or point.place not in set(Place):
        return _cannot_tell(point)
    figure = day_after.range_of_queue(queue.id, point.medium or day_after.media[0], Measure(point.metric))
    value, usual = figure or (None, None)
    return replace(_by_place(point, usual, Place(point.place), value), name=queue.name)


def _figure(day: Briefing, measure: Measure, medium: str | None) -> tuple[float | None, Usual | None]:
    """Return a figure, times in seconds, and its usual range. Contacts and times are known of the first medium only."""
    if measure.value in set(Metric):
        tile = tile_of(day, Metric(measure.value), medium)
        return (tile.reading.ratio.value if tile and tile.reading.ratio else None), tile.usual if tile else None
    if day.media and medium != day.medium:
        return None, None
    return next((value, usual) for name, value, usual in figures_beside_tiles(day) if name is measure)


def _by_place(point: TalkingPoint, usual: Usual | None, bad: Place, value: float | None) -> PointOutcome:
    """Again: unusual on the bad side. Gone: not beyond the usual range on that side."""
    if value is None or not isinstance(usual, UsualFigure):
        return _cannot_tell(point, value)
    if usual.place is bad:
        return PointOutcome(point, Outcome.AGAIN, value)
    is_beyond = value < usual.low if bad is Place.UNUSUALLY_LOW else value > usual.high
    if is_beyond:
        return PointOutcome(point, Outcome.CANNOT_TELL, value, is_outside=True)
    return PointOutcome(point, Outcome.GONE, value)


def _silence(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """Hours without a contact again, or with contacts. Without any where few usually come, no one can tell."""
    day, silent, medium = day_after.day, day_after.day.silent_time, point.medium or day_after.media[0]
    if point.start is None or point.end is None:
        return _cannot_tell(point)
    is_then = silent and silent.start < _end_of_day(point.end) and point.start < _end_of_day(silent.end)
    is_silent = silent and is_then and (silent.medium or day_after.media[0]) == medium
    if medium not in day_after.media:
        return PointOutcome(point, Outcome.AGAIN, 0) if is_silent else _cannot_tell(point)
    half_hours = _half_hours(day, point.medium)
    inside = [half.counts.offered for half in half_hours if _is_inside(half, point.start, point.end)]
    contacts = sum(count for count in inside if count is not None)
    if not contacts and is_silent:
        return PointOutcome(point, Outcome.AGAIN, 0)
    if None in inside or contacts < day_after.fewest_contacts:
        return _cannot_tell(point)
    return PointOutcome(point, Outcome.GONE, contacts)


def _end_of_day(clock: str) -> str:
    return clock if clock != "00:00" else "24:00"


def _queue(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """A queue that is under its target again."""
    queue = next((queue for queue in day_after.rows.queues if queue.id == point.queue_id), None)
    if queue is None:
        return _cannot_tell(point)
    medium = point.medium or day_after.media[0]
    level = service_level(by_queue(of_medium(day_after.rows.intervals, medium)).get(queue.id, ()))
    target = queue_target(Metric.SERVICE_LEVEL, day_after.group, day_after.rows, medium, queue)
    if level is None or target.obstacle or _is_few(level, day_after):
        return _cannot_tell(point, level.value if level else None, queue.name)
    if _is_goal_changed(point, target.goal):
        return _goal_changed(point, queue.name)
    is_missed = misses(Metric.SERVICE_LEVEL, level.value, target.goal)
    return PointOutcome(point, Outcome.AGAIN if is_missed else Outcome.GONE, level.value, queue.name)


def _agents(day_after: DayAfter, point: TalkingPoint) -> PointOutcome:
    """Agents under the same floor. Fewer of them are no evidence of anything, and a single one is not told of."""
    values = [line.adherence.ratio.value for line in day_after.day.agents if line.adherence.ratio]
    if not values or point.floor is None:
        return _cannot_tell(point)
    count = sum(value < point.floor for value in values)
    if 0 < count < FEWEST_AGENTS:
        return _cannot_tell(point)
    return PointOutcome(point, Outcome.AGAIN if count else Outcome.GONE, count)


def _is_few(ratio: Ratio, day_after: DayAfter) -> bool:
    return ratio.denominator is None or ratio.denominator < day_after.fewest_contacts


_OUTCOMES: Mapping[str, Callable[[DayAfter, TalkingPoint], PointOutcome]] = {
    "worst_run": _window,
    "target_missed": _metric,
    "costly_queues": _queue,
    "agents_under_floor": _agents,
    "occupancy_high": _occupancy,
    "occupancy_low": _occupancy,
    "service_level_change": _level_down,
    "volume_high": _volume,
    "figure_unusual": _unusual_figure,
    "queue_unusual": _unusual_queue,
    "silent_hours": _silence,
}

FOLLOWED_KINDS = frozenset(_OUTCOMES)
"""The kinds of points that can be followed up, and that words exist for. A newer version may have stored others."""
