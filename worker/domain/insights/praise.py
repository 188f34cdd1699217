"""The rules that find what went well, so that a stand-up does not only speak of troubles."""

from __future__ import annotations

from worker.domain.briefing.content import Briefing, Insight, QueueLine, Tile
from worker.domain.groups.thresholds import USUAL, Thresholds
from worker.domain.insights.troubles import service_level_change
from worker.domain.metrics import Metric, Reading, Status, standing


def all_targets_met(day: Briefing, _: Thresholds = USUAL) -> Insight | None:
    """All four targets are met; a metric without data is none that is met."""
    if any(tile.reading.status is not Status.ON_TARGET for tile in day.tiles):
        return None
    return Insight("all_targets_met", Status.ON_TARGET)


def service_level_up(day: Briefing, edges: Thresholds = USUAL) -> Insight | None:
    """Service level clearly above both the previous business day and the same weekday of the last weeks."""
    return service_level_change(day, Status.ON_TARGET, lambda points: points >= edges.notable_change - 1e-9)


def best_queue(day: Briefing, edges: Thresholds = USUAL) -> Insight | None:
    """The queue on target with the highest service level, where several can be compared and it is no thin one."""
    known = [line for line in day.queues if line.service_level.ratio]
    good = [
        line
        for line in known
        if line.service_level.status is Status.ON_TARGET and _offered(line) >= edges.fewest_contacts
    ]
    if len(known) < 2 or not good:
        return None
    best = max(good, key=lambda line: (_level(line), _offered(line)))
    figures = {"name": best.name, "service_level": _level(best), "offered": best.counts.offered}
    return Insight("best_queue", Status.ON_TARGET, figures)


def on_target_streak(day: Briefing, edges: Thresholds = USUAL) -> Insight | None:
    """The metric with the longest row of business days on today's target, the reporting day included."""
    days, tile = max(((_streak(tile), tile) for tile in day.tiles), key=lambda found: found[0])
    if days < edges.streak_days:
        return None
    return Insight("on_target_streak", Status.ON_TARGET, {"metric": tile.reading.metric.value, "days": days})


def target_met(day: Briefing, edges: Thresholds = USUAL) -> Insight | None:
    """One of the metrics on target, what is offered to callers before what agents do; from few contacts nothing."""
    order = (Metric.SERVICE_LEVEL, Metric.ABANDONMENT, Metric.ADHERENCE, Metric.OCCUPANCY)
    good = (tile.reading for tile in map(day.tile, order) if tile.reading.status is Status.ON_TARGET)
    found = next((reading for reading in good if not _is_thin(reading, edges)), None)
    if found is None or found.ratio is None:
        return None
    figures = {"metric": found.metric.value, "value": found.ratio.value, "goal": found.goal}
    return Insight("target_met", Status.ON_TARGET, figures)


def _is_thin(reading: Reading, edges: Thresholds) -> bool:
    of_contacts = reading.metric in (Metric.SERVICE_LEVEL, Metric.ABANDONMENT)
    counted = reading.ratio.denominator if reading.ratio else None
    return of_contacts and counted is not None and counted < edges.fewest_contacts


def _streak(tile: Tile) -> int:
    """Business days on target, counted back from the reporting day; an unknown day ends the row."""
    days = 0
    for value in reversed(tile.trend):
        if value is None or standing(tile.reading.metric, value, tile.reading.goal) is not Status.ON_TARGET:
            break
        days += 1
    return days


def _level(line: QueueLine) -> float:
    return line.service_level.ratio.value if line.service_level.ratio else 0.0


def _offered(line: QueueLine) -> int:
    return line.counts.offered or 0
