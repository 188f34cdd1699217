"""A day whose data are incomplete: its figures are shown as they are, and nothing is concluded from them.

No figure is on target or missed, none is held against another day, and the day is no record: half a day's service level
may well be worse than the whole one's will be.
"""

from __future__ import annotations

from dataclasses import replace

from worker.domain.briefing.content import AgentLine, Briefing, QueueLine, Tile
from worker.domain.metrics import Reading, Status


def unjudged(day: Briefing) -> Briefing:
    """The day with every reading that there is `Status.PARTIAL`, and without changes; the trends end the day before."""
    return replace(
        day,
        tiles=tuple(_tile(of) for of in day.tiles),
        queues=tuple(_queue(of) for of in day.queues),
        agents=tuple(_agent(of) for of in day.agents),
        lowest_of_days={},
        previous_counts=None,
    )


def _tile(of: Tile) -> Tile:
    return Tile(_reading(of.reading), (), _without_today(of.trend))


def _queue(of: QueueLine) -> QueueLine:
    return replace(of, service_level=_reading(of.service_level), change=None, trend=_without_today(of.trend))


def _agent(of: AgentLine) -> AgentLine:
    return replace(of, adherence=_reading(of.adherence))


def _reading(of: Reading) -> Reading:
    return replace(of, status=Status.PARTIAL) if of.ratio else of


def _without_today(trend: tuple[float | None, ...]) -> tuple[float | None, ...]:
    return (*trend[:-1], None) if trend else ()
