"""Find the figures of which the rows lack a part, such as those of one queue, without the source saying so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from worker.domain.briefing import counts
from worker.domain.briefing.content import IncompleteFigure, PartWithoutFigure
from worker.domain.briefing.media import of_medium
from worker.domain.metrics import OF_CONTACTS, Metric, agent_states_part_of, states_part_of
from worker.domain.rows import QueueInterval, Rows

_StatesPart = Callable[[QueueInterval], bool | None]
_PartKey = tuple[str, str | None]
"""A queue's id and a medium."""


def incomplete_figures(rows: Rows, media: Sequence[str]) -> tuple[IncompleteFigure, ...]:
    """Return the figures that the rows state only in part, unless a gap of the source is about that figure.

    ``media``: those of the day. Percentages and average times are of one medium, and sums are of all of them.
    """
    names_of_gaps = {gap.metric for gap in rows.gaps}
    figures = (*_figures_of_media(rows, media), *_figures_of_agents(rows), *_sums(rows, media))
    return tuple(figure for figure in figures if figure.name not in names_of_gaps)


def _figures_of_media(rows: Rows, media: Sequence[str]) -> Iterator[IncompleteFigure]:
    for name, states_part in _one_medium_figures():
        for medium in media if len(media) > 1 else (None,):
            intervals = of_medium(rows.intervals, medium) if medium else rows.intervals
            if not any(name in interval.stated for interval in intervals):
                yield from _figure(name, _parts(rows, intervals, states_part), medium)


def _one_medium_figures() -> Iterator[tuple[str, _StatesPart]]:
    yield from ((metric.value, partial(states_part_of, metric)) for metric in OF_CONTACTS)
    yield from ((name, partial(counts.states_part_of, name)) for name in counts.AVERAGES)


def _sums(rows: Rows, media: Sequence[str]) -> Iterator[IncompleteFigure]:
    for name in counts.SUMS:
        states_part = partial(counts.states_part_of, name)
        yield from _figure(name, _parts(rows, rows.intervals, states_part, has_several_media=len(media) > 1))


def _figures_of_agents(rows: Rows) -> Iterator[IncompleteFigure]:
    for metric in (Metric.OCCUPANCY, Metric.ADHERENCE):
        states = [agent_states_part_of(metric, agent) for agent in rows.agents]
        yield from _figure(metric.value, (PartWithoutFigure("", *_lacking_of_total(states)),))


def _figure(name: str, parts: Iterable[PartWithoutFigure], medium: str | None = None) -> Iterator[IncompleteFigure]:
    """Yield the figure if some parts lack it and others do not."""
    all_parts = tuple(parts)
    blank_parts = tuple(part for part in all_parts if part.blank_count)
    if blank_parts and any(part.blank_count < part.total for part in all_parts):
        yield IncompleteFigure(name, blank_parts, medium)


def _parts(
    rows: Rows, intervals: Iterable[QueueInterval], states_part: _StatesPart, *, has_several_media: bool = False
) -> Iterator[PartWithoutFigure]:
    """Yield the part of each queue, or of each queue in each medium."""
    names = {queue.id: queue.name for queue in rows.queues}
    states: dict[_PartKey, list[bool | None]] = {}
    for interval in intervals:
        medium = interval.media_type if has_several_media else None
        states.setdefault((interval.queue_id, medium), []).append(states_part(interval))
    for (queue_id, medium), states_of_queue in states.items():
        yield PartWithoutFigure(names.get(queue_id, queue_id), *_lacking_of_total(states_of_queue), medium)


def _lacking_of_total(states: Iterable[bool | None]) -> tuple[int, int]:
    """Return how many lack their part, of how many that have one."""
    with_part = [state for state in states if state is not None]
    return with_part.count(False), len(with_part)
