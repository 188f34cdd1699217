"""List queues with the worst service level first, and agents with the worst adherence first."""

from __future__ import annotations

from collections.abc import Iterator

from worker.domain.briefing.comparison import change_from_previous_day, pick_queue, trend
from worker.domain.briefing.content import AgentLine, QueueLine
from worker.domain.briefing.counts import by_queue, counts
from worker.domain.briefing.history import History, ReferenceDays
from worker.domain.groups import Group, Targets
from worker.domain.metrics import (
    Metric,
    Reading,
    abandonment,
    adherence,
    occupancy,
    only_stated_ratio,
    reading,
    service_level,
)
from worker.domain.rows import AgentDay, Queue, QueueInterval, Rows
from worker.domain.wording import sentence


def queue_lines(group: Group, rows: Rows, references: ReferenceDays, history: History) -> tuple[QueueLine, ...]:
    """Return a line for each queue that has rows or was asked for. Those without a service level come last."""
    intervals = by_queue(rows.intervals)
    lines = [
        _queue_line(queue, intervals.get(queue.id, []), group.targets, references, history)
        for queue in _queues(group, rows)
    ]
    return tuple(sorted(lines, key=_worst_queue_first))


def agent_lines(agents: tuple[AgentDay, ...], targets: Targets, reason: str) -> tuple[AgentLine, ...]:
    """Return a line for each agent. ``reason`` says why agents without adherence have none."""
    lines = [_agent_line(agent, targets, reason) for agent in agents]
    return tuple(sorted(lines, key=_worst_agent_first))


def _queues(group: Group, rows: Rows) -> Iterator[Queue]:
    """Yield the queues that the source names, then unnamed ones with rows, then those that were asked for in vain."""
    by_id = {queue.id: queue for queue in rows.queues}
    for interval in rows.intervals:
        by_id.setdefault(interval.queue_id, Queue(interval.queue_id, interval.queue_id))
    yield from by_id.values()
    names = {_comparable(queue.name) for queue in by_id.values()}
    for entry in group.queues:
        name = entry.removeprefix("id:")
        if name not in by_id if entry.startswith("id:") else _comparable(name) not in names:
            yield Queue(entry, name)


def _comparable(name: str) -> str:
    """Return the name as the source's own search compares it: without regard to case."""
    return name.strip().casefold()


def _queue_line(
    queue: Queue, intervals: list[QueueInterval], targets: Targets, references: ReferenceDays, history: History
) -> QueueLine:
    level = service_level(intervals)
    return QueueLine(
        name=queue.name,
        counts=counts(intervals),
        service_level=reading(Metric.SERVICE_LEVEL, level, targets, sentence("No contact counts towards it.")),
        abandonment=abandonment(intervals),
        occupancy=only_stated_ratio(Metric.OCCUPANCY, intervals),
        change=change_from_previous_day(pick_queue(queue.id), level, references, history),
        trend=trend(pick_queue(queue.id), level, references, history),
    )


def _agent_line(agent: AgentDay, targets: Targets, reason: str) -> AgentLine:
    return AgentLine(
        name=agent.name,
        queues=agent.queues,
        adherence=reading(Metric.ADHERENCE, adherence([agent]), targets, reason or sentence("No schedule.")),
        occupancy=occupancy([agent]),
        off_schedule_seconds=agent.exception_seconds,
        late_logins=agent.late_logins,
    )


def _worst_queue_first(line: QueueLine) -> tuple[bool, float, int, str]:
    return (*_worst_first(line.service_level), -(line.counts.late or 0), line.name)


def _worst_agent_first(line: AgentLine) -> tuple[bool, float, int, str]:
    return (*_worst_first(line.adherence), -(line.off_schedule_seconds or 0), line.name)


def _worst_first(reading: Reading) -> tuple[bool, float]:
    return (reading.ratio is None, reading.ratio.value if reading.ratio else 0.0)
