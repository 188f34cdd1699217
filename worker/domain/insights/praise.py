"""Find what went well, so that a stand-up does not only talk about problems."""

from __future__ import annotations

import itertools
from decimal import Decimal

from worker.domain.briefing.content import Briefing, Insight, QueueLine, Tile
from worker.domain.briefing.history import TREND_DAYS
from worker.domain.briefing.usual_content import Measure, Place
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.insights.agents import has_few_for_occupancy
from worker.domain.insights.concerns import lies, service_level_change
from worker.domain.insights.costly_queues import levels_by_medium, own_goal
from worker.domain.metrics import Metric, Reading, Status
from worker.domain.rounding import FLOAT_ERROR, half_up
from worker.domain.statuses import misses
from worker.domain.usual.target import at_least

MUCH_QUIETER = 1 / 3
"""With so much fewer contacts than the day before, a better service level is no one's merit."""


def all_targets_met(day: Briefing, _: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Praise a day that met all targets, in every medium and queue. A metric without data does not count as met."""
    statuses = [reading.status for reading in day.readings]
    if any(status is not Status.ON_TARGET for status in statuses) or any(
        line.service_level.status.is_off_target for line in day.queues
    ):
        return None
    return Insight("all_targets_met", Status.ON_TARGET)


def service_level_up(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Praise an unusually high service level, above both the previous business day and the same weekday before."""
    tile = day.tile(Metric.SERVICE_LEVEL)
    if tile.reading.status is not Status.ON_TARGET or not lies(tile.usual, Place.UNUSUALLY_HIGH):
        return None
    if _is_much_quieter(day):
        return None
    return service_level_change(day, Status.ON_TARGET, lambda points: points >= thresholds.notable_change - FLOAT_ERROR)


def _is_much_quieter(day: Briefing) -> bool:
    """Return whether so many fewer contacts came than on the business day before that they explain a better level."""
    line = day.media[0] if day.media else day
    now, earlier = line.counts.offered, line.previous_counts.offered if line.previous_counts else None
    return now is not None and earlier is not None and now <= earlier * (1 - MUCH_QUIETER) + FLOAT_ERROR


CLEARLY_MORE_ABANDONED = 0.01
"""So much more abandonment than on another day is not praised: 5 % is on target, and twice as much as 2.5 %."""


_BAD_PLACES = {
    Metric.SERVICE_LEVEL: (Place.UNUSUALLY_LOW,),
    Metric.ABANDONMENT: (Place.UNUSUALLY_HIGH,),
    Metric.OCCUPANCY: (Place.UNUSUALLY_LOW, Place.UNUSUALLY_HIGH),
    Metric.ADHERENCE: (Place.UNUSUALLY_LOW,),
}
"""Where a metric is unusual and no good news, on target or not."""


def has_fallen(tile: Tile, thresholds: Thresholds) -> bool:
    """Return whether a metric is unusually bad, or clearly worse than on the day before and than on the weekday.

    For abandonment, which has small percentages, one of the two days is enough. Occupancy has no better side.
    """
    if any(lies(tile.usual, place) for place in _BAD_PLACES[tile.reading.metric]):
        return True
    if tile.reading.metric is Metric.ABANDONMENT:
        return any(change.points >= CLEARLY_MORE_ABANDONED - FLOAT_ERROR for change in tile.changes)
    if len(tile.changes) < 2 or tile.reading.metric is Metric.OCCUPANCY:
        return False
    return all(change.points <= -thresholds.notable_change + FLOAT_ERROR for change in tile.changes)


def best_queue(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Praise the queue with the highest service level of its medium, if it is on target.

    Only queues that are not thin are compared. There must be two of them at least, no other may show the same
    percentage, the lead over the second must be more than chance, and the service level not unusually low. The figures
    say how many are compared, because a thin queue with a better one may be on the page too.
    """
    media: tuple[str | None, ...] = tuple(line.medium for line in day.media) or (None,)
    insights = (_best_of_medium(day, medium, thresholds) for medium in media)
    return next((insight for insight in insights if insight), None)


def _may_be_chance(best: QueueLine, second: QueueLine) -> bool:
    """Return whether a queue as good as the second would do as well as the best on one day in twenty or more.

    The second's share is taken as (in time + ½) ÷ (counted + 1), so that a few contacts are no proof of 100 %.
    """
    best_ratio, second_ratio = best.service_level.ratio, second.service_level.ratio
    if best_ratio is None or second_ratio is None or best_ratio.numerator is None or second_ratio.numerator is None:
        return True
    if not best_ratio.denominator or not second_ratio.denominator:
        return True
    share = (second_ratio.numerator + 0.5) / (second_ratio.denominator + 1)
    evidence = at_least(round(best_ratio.numerator), round(best_ratio.denominator), share)
    return not evidence.is_met or evidence.is_within_chance


def _is_unusually_low(day: Briefing, line: QueueLine) -> bool:
    return any(
        (queue.name, queue.medium, queue.measure) == (line.name, line.medium, Measure.SERVICE_LEVEL)
        and queue.usual.place is Place.UNUSUALLY_LOW
        for queue in day.unusual_queues
    )


def _best_of_medium(day: Briefing, medium: str | None, thresholds: Thresholds) -> Insight | None:
    lines = [line for line in day.queues if line.medium == medium and line.service_level.ratio]
    comparable = sorted(
        (line for line in lines if _offered(line) >= thresholds.fewest_contacts), key=_level, reverse=True
    )
    if len(comparable) < 2 or _level_on_pages(comparable[0]) == _level_on_pages(comparable[1]):
        return None
    best, second = comparable[:2]
    if best.service_level.status is not Status.ON_TARGET or _may_be_chance(best, second):
        return None
    if _is_unusually_low(day, best):
        return None
    figures = {"name": best.name, "service_level": _level(best), "offered": best.counts.offered}
    figures |= {
        "goal": best.service_level.lowest_goal,
        "queues": len(comparable),
        "fewest_contacts": thresholds.fewest_contacts,
        **own_goal(best, levels_by_medium(day)[medium]),
    }
    return Insight("best_queue", Status.ON_TARGET, figures | ({"medium": medium} if medium else {}))


def on_target_streak(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Praise the metric that met today's target on the most business days in a row, including the reporting day."""
    streaks = ((0 if has_fallen(tile, thresholds) else _streak(tile), tile) for tile in day.tiles)
    days, tile = max(streaks, key=lambda streak: streak[0])
    if days < thresholds.streak_days:
        return None
    figures: dict[str, object] = {"metric": tile.reading.metric.value, "days": days, **_of_tile(tile)}
    return Insight(
        "on_target_streak", Status.ON_TARGET, figures | ({"may_be_longer": True} if days >= TREND_DAYS else {})
    )


def target_met(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Praise one metric on target, those that callers feel first. Ignore a metric of few contacts, or one that fell."""
    order = (Metric.SERVICE_LEVEL, Metric.ABANDONMENT, Metric.ADHERENCE, Metric.OCCUPANCY)
    good = (tile for tile in map(day.tile, order) if tile.reading.status is Status.ON_TARGET)
    steady = (tile for tile in good if not has_fallen(tile, thresholds))
    tile = next((tile for tile in steady if not _is_thin(tile.reading, thresholds, day)), None)
    if tile is None or tile.reading.ratio is None:
        return None
    reading = tile.reading
    figures = {
        "metric": reading.metric.value,
        "value": tile.reading.ratio.value,
        "goal": reading.goal,
        **_of_tile(tile),
    }
    return Insight("target_met", Status.ON_TARGET, figures)


def _of_tile(tile: Tile) -> dict[str, object]:
    return {"medium": tile.medium} if tile.medium else {}


def _is_thin(reading: Reading, thresholds: Thresholds, day: Briefing) -> bool:
    if reading.metric is Metric.OCCUPANCY:
        return has_few_for_occupancy(day)
    counts_contacts = reading.metric in (Metric.SERVICE_LEVEL, Metric.ABANDONMENT)
    contacts = reading.ratio.denominator if reading.ratio else None
    return counts_contacts and contacts is not None and contacts < thresholds.fewest_contacts


def _streak(tile: Tile) -> int:
    """Count business days on target back from the reporting day. A day that is not known or thin ends the streak."""
    days = 0
    if tile.reading.status is Status.NOT_JUDGED:
        return days
    for value, is_thin in itertools.zip_longest(reversed(tile.trend), reversed(tile.thin_days), fillvalue=False):
        if value is None or is_thin or misses(tile.reading.metric, value, tile.reading.goal):
            break
        days += 1
    return days


def _level(line: QueueLine) -> float:
    return line.service_level.ratio.value if line.service_level.ratio else 0.0


def _level_on_pages(line: QueueLine) -> Decimal:
    """Return the service level as pages show it."""
    return half_up(_level(line), 3)


def _offered(line: QueueLine) -> int:
    return line.counts.offered or 0
