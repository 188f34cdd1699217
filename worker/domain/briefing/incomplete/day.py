"""Take the verdicts off a day whose data are incomplete. Its figures stay, and nothing is concluded from them.

No figure is on target or missed, none is compared with another day, and the day sets no record: the service level of
half a day may be worse than that of the whole day.
"""

from __future__ import annotations

from dataclasses import replace

from worker.domain.briefing.content import AgentLine, Briefing, MediumLine, QueueLine, Tile
from worker.domain.metrics import Reading, Status


def without_verdicts(day: Briefing) -> Briefing:
    """Return the day with `Status.PARTIAL` on every reading and without changes. Trends end the day before."""
    return replace(
        day,
        tiles=tuple(map(_tile, day.tiles)),
        media=tuple(map(_medium, day.media)),
        queues=tuple(map(_queue, day.queues)),
        agents=tuple(map(_agent, day.agents)),
        previous_counts=None,
        usual_offered=None,
        offered_trend=(),
        usual_handle_time=None,
        usual_speed_of_answer=None,
        unusual_queues=(),
        silent_time=None,
    )


def _tile(tile: Tile) -> Tile:
    other_media = tuple(replace(medium, reading=_reading(medium.reading)) for medium in tile.other_media)
    return Tile(_reading(tile.reading), (), _without_today(tile.trend), tile.medium, other_media)


def _medium(line: MediumLine) -> MediumLine:
    return replace(
        line, service_level=_tile(line.service_level), abandonment=_tile(line.abandonment), previous_counts=None
    )


def _queue(line: QueueLine) -> QueueLine:
    return replace(line, service_level=_reading(line.service_level), change=None, trend=_without_today(line.trend))


def _agent(line: AgentLine) -> AgentLine:
    return replace(line, adherence=_reading(line.adherence))


def _reading(reading: Reading) -> Reading:
    return replace(reading, status=Status.PARTIAL) if reading.ratio else reading


def _without_today(trend: tuple[float | None, ...]) -> tuple[float | None, ...]:
    return (*trend[:-1], None) if trend else ()
