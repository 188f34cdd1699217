"""Report what is unusual and has no other talking point: a figure of the group, or of a queue."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from worker.domain.briefing.content import Briefing, Insight
from worker.domain.briefing.usual_content import Measure, Place, UnusualQueue, Usual, UsualFigure
from worker.domain.metrics import Metric, Status

MOST_QUEUES = 2
"""So many queues have a talking point of their own: a talk has room for other things too."""

_GOOD_PLACES = {
    Measure.SERVICE_LEVEL: Place.UNUSUALLY_HIGH,
    Measure.ABANDONMENT: Place.UNUSUALLY_LOW,
    Measure.ADHERENCE: Place.UNUSUALLY_HIGH,
}
"""Where a figure is good news. The others have no good side: a short handle time may be a cut conversation."""

_SAID_ELSEWHERE = {(Measure.SERVICE_LEVEL, Place.UNUSUALLY_HIGH), (Measure.ABANDONMENT, Place.UNUSUALLY_LOW)}
_SPOKEN_OF_BY: Mapping[tuple[object, Place | None], set[str]] = {
    (Measure.SERVICE_LEVEL, Place.UNUSUALLY_LOW): {"service_level_low", "service_level_change"},
    (Measure.OFFERED, Place.UNUSUALLY_HIGH): {"volume_high"},
    (Measure.OCCUPANCY, Place.UNUSUALLY_LOW): {"occupancy_high", "occupancy_low"},
    (Measure.OCCUPANCY, Place.UNUSUALLY_HIGH): {"occupancy_high", "occupancy_low"},
}
"""The kinds of insights that already say that a figure is unusual, or that ask what to do about it."""


def unusual_figures(day: Briefing) -> list[Insight]:
    """Report each unusual figure of the group. A high service level has a praise of its own.

    A good figure that still misses its target is no news to praise.
    """
    return [
        _insight(day, measure, value, usual, day.medium if measure in _OF_A_MEDIUM else None)
        for measure, value, usual in _figures(day)
        if (measure, usual.place) not in _SAID_ELSEWHERE and not _is_good_off_target(day, measure, usual)
    ]


def _is_good_off_target(day: Briefing, measure: Measure, usual: UsualFigure) -> bool:
    """Return whether a metric is unusual on its good side, and not on target."""
    is_good = _GOOD_PLACES.get(measure) is usual.place
    return is_good and day.tile(Metric(measure.value)).reading.status is not Status.ON_TARGET


def is_told_by(day: Briefing, insight: Insight, concerns: Collection[Insight]) -> bool:
    """Return whether another concern already says it: an unusual figure, a missed target, or a slow queue.

    What is unusual of the only queue of a medium is told by the same figure of the group.
    """
    figures = insight.figures
    if insight.kind == "costly_queues":
        return _queues_unusually_slow(concerns).issuperset(_costly_queues(figures))
    if insight.kind == "target_missed":
        subject = (figures["metric"], figures.get("medium"))
        unusual = (concern.figures for concern in concerns if concern.kind == "figure_unusual")
        return any((figures["measure"], figures.get("medium")) == subject for figures in unusual)
    if insight.kind == "queue_unusual":
        is_only = figures.get("contacts") != 0 and _is_only_queue(day, figures.get("medium"))
        return is_only and any(_is_of_group(concern, figures) for concern in concerns)
    place = _place(figures) if insight.kind == "figure_unusual" else None
    kinds = {concern.kind for concern in concerns}
    return not _SPOKEN_OF_BY.get((figures.get("measure"), place), set()).isdisjoint(kinds)


def _is_only_queue(day: Briefing, medium: object) -> bool:
    """Return whether only one queue has contacts in a medium."""
    return sum(bool(line.counts.offered) for line in day.queues if line.medium == medium) == 1


def _is_of_group(concern: Insight, figures: Mapping[str, object]) -> bool:
    """Return whether a concern tells the same unusual figure of the group."""
    if concern.figures.get("medium") != figures.get("medium"):
        return False
    if concern.kind == "figure_unusual":
        return concern.figures["measure"] == figures["measure"]
    return concern.kind in _SPOKEN_OF_BY.get((figures["measure"], _place(figures)), set())


def _costly_queues(figures: Mapping[str, object]) -> list[tuple[object, object]]:
    """Return the name and the medium of each queue: one name may have several media."""
    names, media = figures["names"], figures.get("media")
    all_names = names if isinstance(names, tuple) else ()
    return list(zip(all_names, media if isinstance(media, tuple) else [None] * len(all_names), strict=True))


def _queues_unusually_slow(concerns: Collection[Insight]) -> set[tuple[object, object]]:
    unusual = (concern.figures for concern in concerns if concern.kind == "queue_unusual")
    return {
        (figures["name"], figures.get("medium"))
        for figures in unusual
        if (figures["measure"], _place(figures)) == (Measure.SERVICE_LEVEL, Place.UNUSUALLY_LOW)
    }


def _place(figures: Mapping[str, object]) -> Place | None:
    usual = figures.get("usual")
    return usual.place if isinstance(usual, UsualFigure) else None


def unusual_queues(day: Briefing) -> list[Insight]:
    """Report the queues of which something is unusual, the least probable first.

    A rise of a queue that still misses its target is no news to praise.
    """
    queues = [queue for queue in day.unusual_queues if not _is_rise_below_target(day, queue)]
    return [_of_queue(day, queue) for queue in queues[:MOST_QUEUES]]


def silent_hours(day: Briefing) -> list[Insight]:
    """Report hours without any contact in a medium, where many usually come."""
    silent = day.silent_time
    if silent is None:
        return []
    figures = {"start": silent.start, "end": silent.end, "usual": silent.usual}
    return [Insight("silent_hours", Status.WATCH, figures | ({"medium": silent.medium} if silent.medium else {}))]


def _is_rise_below_target(day: Briefing, queue: UnusualQueue) -> bool:
    if queue.measure is not Measure.SERVICE_LEVEL or queue.usual.place is not Place.UNUSUALLY_HIGH:
        return False
    lines = [line for line in day.queues if (line.name, line.medium) == (queue.name, queue.medium)]
    return any(line.service_level.status is not Status.ON_TARGET for line in lines)


_OF_A_MEDIUM = (
    Measure.SERVICE_LEVEL,
    Measure.ABANDONMENT,
    Measure.OFFERED,
    Measure.HANDLE_TIME,
    Measure.SPEED_OF_ANSWER,
)


def _figures(day: Briefing) -> Iterator[tuple[Measure, float, UsualFigure]]:
    """Yield the unusual figures of the day, times in seconds."""
    for metric in Metric:
        tile = day.tile(metric)
        value = tile.reading.ratio.value if tile.reading.ratio else None
        yield from _if_unusual(Measure(metric.value), value, tile.usual)
    for measure, value, usual in figures_beside_tiles(day):
        yield from _if_unusual(measure, value, usual)


def figures_beside_tiles(day: Briefing) -> Iterator[tuple[Measure, float | None, Usual | None]]:
    """Yield the figures of the first medium that have a usual range and no tile, times in seconds."""
    counts = (day.media[0] if day.media else day).counts
    yield Measure.OFFERED, counts.offered, day.usual_offered
    yield Measure.HANDLE_TIME, _seconds(counts.average_handle_ms), day.usual_handle_time
    yield Measure.SPEED_OF_ANSWER, _seconds(counts.average_answer_ms), day.usual_speed_of_answer


def _seconds(milliseconds: float | None) -> float | None:
    return milliseconds / 1000 if milliseconds is not None else None


def _if_unusual(
    measure: Measure, value: float | None, usual: Usual | None
) -> Iterator[tuple[Measure, float, UsualFigure]]:
    if value is not None and isinstance(usual, UsualFigure) and usual.is_unusual:
        yield measure, value, usual


def _insight(day: Briefing, measure: Measure, value: float, usual: UsualFigure, medium: str | None) -> Insight:
    is_good = _GOOD_PLACES.get(measure) is usual.place
    status = Status.ON_TARGET if is_good else Status.WATCH
    figures = {"measure": measure, "value": value, "usual": usual, "day": day.reporting_day, "is_good": is_good}
    return Insight("figure_unusual", status, {**figures, **({"medium": medium} if medium else {})})


def _of_queue(day: Briefing, queue: UnusualQueue) -> Insight:
    insight = _insight(day, queue.measure, queue.value, queue.usual, queue.medium)
    return Insight("queue_unusual", insight.status, {**insight.figures, "name": queue.name, "contacts": queue.contacts})
