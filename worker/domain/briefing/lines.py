"""List queues with the most contacts not answered in time first, and agents with the worst adherence first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from worker.domain.briefing.comparison import change_from_previous_day, pick_queue, picker_of, trend
from worker.domain.briefing.content import AgentLine, QueueLine
from worker.domain.briefing.counts import by_queue, counts, is_thin
from worker.domain.briefing.history import History, ReferenceDays
from worker.domain.briefing.judging import judge_against, queue_target
from worker.domain.briefing.media import media_of, of_medium
from worker.domain.groups import Group, Targets
from worker.domain.groups.names import comparable
from worker.domain.metrics import (
    Metric,
    Status,
    abandonment,
    adherence,
    occupancy,
    only_stated_ratio,
    service_level,
)
from worker.domain.rows import AgentDay, Queue, QueueInterval, Rows
from worker.domain.statuses import reading
from worker.domain.wording import sentence


@dataclass(frozen=True, slots=True)
class _Source:
    """What queue lines are made from."""

    group: Group
    rows: Rows
    references: ReferenceDays
    history: History
    media: tuple[str, ...]


def queue_lines(group: Group, rows: Rows, references: ReferenceDays, history: History) -> tuple[QueueLine, ...]:
    """Return a line for each queue that has rows or was asked for, in the order of `QueueLine`.

    On a day with several media a queue has a line for each medium in which it had contacts.
    """
    source = _Source(group, rows, references, history, media_of(rows.intervals, group.media))
    intervals = by_queue(rows.intervals)
    lines = [
        line for queue in _queues(group, rows) for line in _lines_of_queue(source, queue, intervals.get(queue.id, []))
    ]
    return tuple(sorted(lines, key=_worst_queue_first))


def _lines_of_queue(source: _Source, queue: Queue, intervals: list[QueueInterval]) -> Iterator[QueueLine]:
    if len(source.media) < 2:
        yield _queue_line(source, queue, intervals, next(iter(source.media), None), None)
        return
    media = media_of(intervals, source.media)
    for medium in media:
        yield _queue_line(source, queue, of_medium(intervals, medium), medium, medium)
    if not media:
        yield _queue_line(source, queue, intervals, None, None)


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
    names = {comparable(queue.name) for queue in by_id.values()}
    for entry in group.queues:
        name = entry.removeprefix("id:")
        if name not in by_id if entry.startswith("id:") else comparable(name) not in names:
            yield Queue(entry, name)


def _queue_line(
    source: _Source, queue: Queue, intervals: Sequence[QueueInterval], medium: str | None, label: str | None
) -> QueueLine:
    """Return the line of a queue in a medium. ``label`` is the medium where the day has several."""
    level, sums = service_level(intervals), counts(intervals)
    pick = pick_queue(queue.id, picker_of(source.group, medium))
    is_queue_thin = is_thin(sums, level, source.group.insights.fewest_contacts)
    target = queue_target(Metric.SERVICE_LEVEL, source.group, source.rows, medium, queue)
    reading = judge_against(Metric.SERVICE_LEVEL, level, target, sentence("No contact counts towards it."))
    return QueueLine(
        name=queue.name,
        counts=sums,
        service_level=replace(reading, status=Status.THIN) if is_queue_thin and reading.is_judged else reading,
        abandonment=abandonment(intervals),
        occupancy=only_stated_ratio(Metric.OCCUPANCY, intervals),
        change=change_from_previous_day(
            pick,
            None if is_queue_thin else level,
            source.references,
            source.history,
            source.group.insights.fewest_contacts,
        ),
        trend=trend(pick, level, source.references, source.history),
        medium=label,
        is_thin=is_queue_thin,
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


def _worst_queue_first(line: QueueLine) -> tuple[int, int, float, str, str]:
    level = line.service_level.ratio
    return (_rank(line), -(line.counts.late or 0), level.value if level else 0.0, line.name, line.medium or "")


def _rank(line: QueueLine) -> int:
    """Return 0 for a queue that misses its target, 1 for another, 2 for a thin one, 3 for one without data."""
    if line.service_level.ratio is None:
        return 3
    if line.is_thin:
        return 2
    return 0 if line.service_level.status.is_off_target else 1


def _worst_agent_first(line: AgentLine) -> tuple[bool, float, int, str]:
    ratio = line.adherence.ratio
    return (ratio is None, ratio.value if ratio else 0.0, -(line.off_schedule_seconds or 0), line.name)
