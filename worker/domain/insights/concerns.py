"""Find what went wrong. Each rule looks at a finished day and returns its insight, or None."""

from __future__ import annotations

from collections.abc import Callable

from worker.domain.briefing.comparison import UsualVolume
from worker.domain.briefing.content import Briefing, Insight, QueueLine, of_medium
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.metrics import OF_CONTACTS, Metric, Ratio, Status
from worker.domain.rounding import FLOAT_ERROR


def costly_queues(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Name the one or two queues below target with the most late contacts, if the group has other queues too."""
    total = day.counts.late or 0
    busy = [line for line in day.queues if line.counts.offered]
    # equal ones stay in the order of the page, which has the most late contacts first
    late = sorted(filter(_is_below_target, busy), key=lambda line: -_late(line))
    worst = (
        late[:2]
        if len(busy) > 2 and len(late) > 1 and _late(late[1]) >= thresholds.second_queue * _late(late[0])
        else late[:1]
    )
    costs = sum(map(_late, worst))
    if len(busy) < 2 or costs < thresholds.fewest_contacts or total < costs:
        return None
    return Insight(
        "costly_queues",
        Status.MISSED if worst[0].service_level.status is Status.MISSED else Status.WATCH,
        {
            "names": tuple(line.name for line in worst),
            "share": costs / total,
            "late": costs,
            "late_total": total,
            **({"media": tuple(line.medium for line in worst)} if day.media else {}),
        },
    )


def agents_under_floor(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Count the agents whose adherence is far below the group's target, and their time off schedule."""
    tile = day.tile(Metric.ADHERENCE)
    floor = thresholds.floor(tile.reading.lowest_goal)
    agents = [line for line in day.agents if _is_below(line.adherence.ratio, floor)]
    if not agents:
        return None
    late_logins = [line.late_logins for line in agents if line.late_logins is not None]
    return Insight(
        "agents_under_floor",
        _at_least_watch(tile.reading.status),
        {
            "count": len(agents),
            "floor": floor,
            "off_schedule_seconds": sum(line.off_schedule_seconds or 0 for line in agents),
            "late_logins": sum(late_logins) if late_logins else None,
        },
    )


def occupancy_out_of_band(day: Briefing) -> Insight | None:
    """Report occupancy outside its band: above it agents have no pause, below it they wait."""
    reading = day.tile(Metric.OCCUPANCY).reading
    if not reading.ratio or reading.status is Status.ON_TARGET or not isinstance(reading.goal, tuple):
        return None
    low, high = reading.goal
    kind = "occupancy_high" if reading.ratio.value > high else "occupancy_low"
    if kind == "occupancy_low" and _is_service_short(day):
        return None  # agents who wait could have answered: time for coaching is not what such a day needs
    return Insight(kind, reading.status, {"value": reading.ratio.value, "low": low, "high": high})


def service_level_down(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Report a service level clearly below both the previous business day and the same weekday of the last weeks."""
    status = _at_least_watch(day.tile(Metric.SERVICE_LEVEL).reading.status)
    return service_level_change(day, status, lambda points: points <= -thresholds.notable_change + FLOAT_ERROR)


def service_level_change(day: Briefing, status: Status, is_notable: Callable[[float], bool]) -> Insight | None:
    """Report the change from the previous business day, if it and the change from the weekdays are both notable."""
    changes = {change.kind: change for change in day.tile(Metric.SERVICE_LEVEL).changes}
    if len(changes) < 2 or not all(is_notable(change.points) for change in changes.values()):
        return None
    previous = changes["previous"]
    weeks = len(changes["weekday_average"].days)
    figures = {"points": previous.points, "previous": previous.days[0], "weeks": weeks}
    return Insight("service_level_change", status, {**figures, **of_medium(day)})


def volume_high(
    day: Briefing, usual: UsualVolume | None, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> Insight | None:
    """Report clearly more contacts than the average of this weekday in the last weeks."""
    offered = (day.media[0] if day.media else day).counts.offered
    if not usual or not usual.offered or not offered:
        return None
    ratio = offered / usual.offered
    if ratio < 1 + thresholds.notable_volume - FLOAT_ERROR or offered < thresholds.fewest_contacts:
        return None
    figures = {"ratio": ratio, "usual": usual.offered, "weeks": len(usual.days)}
    return Insight("volume_high", Status.WATCH, {**figures, **of_medium(day)})


def _is_service_short(day: Briefing) -> bool:
    """Return whether contacts waited or hung up more than the targets allow, in any medium."""
    return any(
        reading.metric in OF_CONTACTS and reading.status in (Status.MISSED, Status.WATCH) for reading in day.readings
    )


def _is_below_target(line: QueueLine) -> bool:
    return line.service_level.status in (Status.MISSED, Status.WATCH)


def _late(line: QueueLine) -> int:
    return line.counts.late or 0


def _is_below(ratio: Ratio | None, limit: float) -> bool:
    return ratio is not None and ratio.value < limit - FLOAT_ERROR


def _at_least_watch(status: Status) -> Status:
    """A concern is at least something to watch."""
    return Status.MISSED if status is Status.MISSED else Status.WATCH
