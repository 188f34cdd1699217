"""The lists of a briefing: its queues, worst service level first, and its agents, worst adherence first."""

from __future__ import annotations

from collections.abc import Iterator

from worker.domain.briefing.comparison import of_queue, since_previous, trend
from worker.domain.briefing.content import AgentLine, QueueLine
from worker.domain.briefing.counts import by_queue, counts
from worker.domain.briefing.history import History, References
from worker.domain.groups import Group, Targets
from worker.domain.metrics import (
    Metric,
    Reading,
    abandonment,
    adherence,
    occupancy,
    reading,
    service_level,
    stated_alone,
)
from worker.domain.rows import AgentDay, Queue, QueueInterval, Rows
from worker.domain.wording import sentence


def queue_lines(group: Group, rows: Rows, against: References, history: History) -> tuple[QueueLine, ...]:
    """A line for each queue that has rows or was asked for; those without a service level come last."""
    intervals = by_queue(rows.intervals)
    lines = [
        _queue_line(queue, intervals.get(queue.id, []), group.targets, against, history)
        for queue in _queues(group, rows)
    ]
    return tuple(sorted(lines, key=_worst_queue_first))


def agent_lines(agents: tuple[AgentDay, ...], targets: Targets, why: str) -> tuple[AgentLine, ...]:
    """A line for each agent; ``why`` says why those without adherence have none."""
    lines = [_agent_line(agent, targets, why) for agent in agents]
    return tuple(sorted(lines, key=_worst_agent_first))


def _queues(group: Group, rows: Rows) -> Iterator[Queue]:
    """What the source names, then queues of rows that it does not name, then what was asked for and has no rows."""
    known = {queue.id: queue for queue in rows.queues}
    for interval in rows.intervals:
        known.setdefault(interval.queue_id, Queue(interval.queue_id, interval.queue_id))
    yield from known.values()
    ids, names = set(known), {_same(queue.name) for queue in known.values()}
    for asked in group.queues:
        name = asked.removeprefix("id:")
        if name not in ids if asked.startswith("id:") else _same(name) not in names:
            yield Queue(asked, name)


def _same(name: str) -> str:
    """Names are compared as the source's own search does: without regard to case."""
    return name.strip().casefold()


def _queue_line(
    queue: Queue, intervals: list[QueueInterval], targets: Targets, against: References, history: History
) -> QueueLine:
    level = service_level(intervals)
    return QueueLine(
        name=queue.name,
        counts=counts(intervals),
        service_level=reading(Metric.SERVICE_LEVEL, level, targets, sentence("No contact counts towards it.")),
        abandonment=abandonment(intervals),
        occupancy=stated_alone(Metric.OCCUPANCY, intervals),
        change=since_previous(of_queue(queue.id), level, against, history),
        trend=trend(of_queue(queue.id), level, against, history),
    )


def _agent_line(agent: AgentDay, targets: Targets, why: str) -> AgentLine:
    kept = adherence([agent])
    return AgentLine(
        name=agent.name,
        queues=agent.queues,
        adherence=reading(Metric.ADHERENCE, kept, targets, why or sentence("No schedule.")),
        occupancy=occupancy([agent]),
        off_schedule_seconds=agent.exception_seconds,
        late_logins=agent.late_logins,
    )


def _worst_queue_first(line: QueueLine) -> tuple[bool, float, int, str]:
    return (*_worst_first(line.service_level), -(line.counts.late or 0), line.name)


def _worst_agent_first(line: AgentLine) -> tuple[bool, float, int, str]:
    return (*_worst_first(line.adherence), -(line.off_schedule_seconds or 0), line.name)


def _worst_first(of: Reading) -> tuple[bool, float]:
    return (of.ratio is None, of.ratio.value if of.ratio else 0.0)
