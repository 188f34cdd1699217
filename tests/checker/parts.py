"""Which figures the rows state for some parts of a group and not for others, by the checker's own reading of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tests.checker.case import Truth
from worker.domain.rows import AgentDay, QueueInterval, Rows

Figure = tuple[str, str]
"""The key of a figure, and its medium, "" for one of the whole group."""


@dataclass(frozen=True, slots=True)
class Part:
    """A queue, in one medium of a sum over several, or all agents, "". ``lacking`` of ``total`` rows are blank."""

    queue_id: str
    medium: str
    blank_count: int
    total: int


def parts_without_figure(truth: Truth) -> dict[Figure, list[Part]]:
    """The parts that lack a figure, for each figure that others have and that no gap of the source is about."""
    rows, media = truth.case.rows, truth.sums.media
    several = media if len(media) > 1 else ("",)
    metrics_with_gap = {gap.metric for gap in rows.gaps}
    figures: dict[Figure, list[Part]] = {}
    for name, is_known in _OF_ONE_MEDIUM.items():
        for medium in several:
            scope = [row for row in rows.intervals if not medium or row.media_type == medium]
            if not any(name in row.stated for row in scope):
                figures[name, medium] = _parts(scope, is_known, is_sum=False)
    for name, is_known in _SUMS.items():
        figures[name, ""] = _parts(rows.intervals, is_known, is_sum=len(media) > 1)
    for name, agent_is_known in _OF_AGENTS.items():
        figures[name, ""] = _of_agents(rows, agent_is_known)
    return {
        figure: [part for part in parts if part.blank_count]
        for figure, parts in figures.items()
        if figure[0] not in metrics_with_gap
        and any(part.blank_count for part in parts)
        and any(part.blank_count < part.total for part in parts)
    }


def states_of_parts(truth: Truth, metric: str) -> set[bool]:
    """Whether the parts of a metric are known: of each row of the truth's medium, or of each agent."""
    if metric in _OF_AGENTS:
        states = {_OF_AGENTS[metric](agent) for agent in truth.case.rows.agents}
    else:
        rows = truth.case.rows.intervals
        states = {_OF_ONE_MEDIUM[metric](row) for row in rows if not truth.medium or row.media_type == truth.medium}
    return {state for state in states if state is not None}


def _parts(
    rows: Iterable[QueueInterval], is_known: Callable[[QueueInterval], bool | None], *, is_sum: bool
) -> list[Part]:
    states_by_part: dict[tuple[str, str], list[bool]] = {}
    for row in rows:
        state = is_known(row)
        if state is not None:
            states_by_part.setdefault((row.queue_id, row.media_type if is_sum else ""), []).append(state)
    return [Part(*key, states.count(False), len(states)) for key, states in states_by_part.items()]


def _of_agents(rows: Rows, is_known: Callable[[AgentDay], bool | None]) -> list[Part]:
    states = [state for state in map(is_known, rows.agents) if state is not None]
    return [Part("", "", states.count(False), len(states))]


def _has_contacts(row: QueueInterval) -> bool:
    return any((row.offered, row.answered, row.abandoned))


def _count(name: str) -> Callable[[QueueInterval], bool | None]:
    return lambda row: getattr(row, name) is not None if _has_contacts(row) else None


def _level(row: QueueInterval) -> bool | None:
    """Contacts that may have been answered count towards the service level."""
    counts = (row.answered, row.service_level_numerator, row.service_level_denominator)
    if not any(counts) and (row.answered is not None or not _has_contacts(row)):
        return None
    is_stated = None not in counts[1:]
    return is_stated or None not in (row.answered, row.answered_late, row.abandoned)


def _abandonment(row: QueueInterval) -> bool | None:
    return None not in (row.offered, row.abandoned) if _has_contacts(row) else None


def _average(time: str, contacts: str) -> Callable[[QueueInterval], bool | None]:
    def is_known(row: QueueInterval) -> bool | None:
        total, count = getattr(row, time), getattr(row, contacts)
        if count is None:
            return False if total or (_has_contacts(row) and row.answered != 0) else None
        return (total is not None) if count and (total is None or total) else None

    return is_known


def _occupancy(agent: AgentDay) -> bool | None:
    times = (agent.interacting_ms, agent.communicating_ms, agent.idle_ms)
    return None if times == (None, None, None) else None not in times


def _adherence(agent: AgentDay) -> bool | None:
    return agent.exception_seconds is not None if (agent.scheduled_seconds or 0) > 0 else None


_OF_ONE_MEDIUM: Mapping[str, Callable[[QueueInterval], bool | None]] = {
    "service_level": _level,
    "abandonment": _abandonment,
    "average_handle_ms": _average("handle_ms", "handled"),
    "average_answer_ms": _average("answer_ms", "answered"),
}
_SUMS: Mapping[str, Callable[[QueueInterval], bool | None]] = {
    "offered": _count("offered"),
    "answered": _count("answered"),
    "abandoned": _count("abandoned"),
    "not_in_time": _level,
}
_OF_AGENTS: Mapping[str, Callable[[AgentDay], bool | None]] = {"occupancy": _occupancy, "adherence": _adherence}
