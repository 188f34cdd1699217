"""Rows from calls, by the checker's own counting: each event counts in the half-hour in which it happens.

A file has a line per call: queue, media_type, offered_at, answered_at, ended_at, abandoned_at, agent, in local time.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from worker.domain.rows import AgentDay, Queue, QueueInterval, Rows, SourceNote, Window

IN_TIME = timedelta(seconds=20)
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Call:
    """One contact with its instants, all of them aware."""

    queue: str
    medium: str
    offered: datetime
    answered: datetime | None
    ended: datetime | None
    abandoned: datetime | None
    agent: str = ""

    @property
    def is_late(self) -> bool:
        """Whether it was answered, and not in time."""
        return self.answered is not None and self.answered - self.offered > IN_TIME


def read_calls(path: Path, zone: ZoneInfo) -> list[Call]:
    """All calls of a file, packed or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return [_call(line, zone) for line in csv.DictReader(file)]


def _call(line: Mapping[str, str], zone: ZoneInfo) -> Call:
    def instant(column: str) -> datetime | None:
        return datetime.fromisoformat(line[column]).replace(tzinfo=zone).astimezone(UTC) if line[column] else None

    offered = instant("offered_at")
    if offered is None:
        raise ValueError(f"a call without offered_at: {line}")
    medium, agent = line.get("media_type") or "voice", line.get("agent") or ""
    return Call(
        line["queue"], medium, offered, instant("answered_at"), instant("ended_at"), instant("abandoned_at"), agent
    )


def days_of(calls: Iterable[Call], zone: ZoneInfo) -> list[date]:
    """Every local day from the first to the last call."""
    offered = {call.offered.astimezone(zone).date() for call in calls}
    return [min(offered) + timedelta(days=n) for n in range((max(offered) - min(offered)).days + 1)]


def queue_id(name: str) -> str:
    """The id that a queue of calls has."""
    return name.lower().replace(" ", "-")


def rows_of(calls: Iterable[Call], window: Window, queues: Iterable[str] = ()) -> Rows:
    """A window's rows: intervals by queue, medium and half-hour, and the day of each agent who took a call."""
    all_calls = list(calls)
    cells: dict[tuple[str, str, datetime], Counter[str]] = defaultdict(Counter)
    start, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
    for call in all_calls:
        for name, instant, amount in _events(call):
            if start <= instant < end:
                cells[call.queue, call.medium, start + (instant - start) // HALF_HOUR * HALF_HOUR][name] += amount
    names = sorted({*queues, *(call.queue for call in all_calls)})
    return Rows(
        queues=tuple(Queue(queue_id(name), name) for name in names),
        intervals=tuple(_interval(*cell, counted) for cell, counted in sorted(cells.items())),
        agents=tuple(_agents(all_calls, start, end)),
        notes=(SourceNote("Queue intervals", "3f9c0a1be2d44c0f", len(cells), "complete"),),
        service_level_seconds=int(IN_TIME.total_seconds()),
    )


def _events(call: Call) -> Iterator[tuple[str, datetime, int]]:
    yield "offered", call.offered, 1
    if call.answered:
        yield "answered", call.answered, 1
        yield "answered_late", call.answered, int(call.is_late)
        yield "answer_ms", call.answered, _milliseconds(call.answered - call.offered)
        if call.ended:
            yield "handled", call.ended, 1
            yield "handle_ms", call.ended, _milliseconds(call.ended - call.answered)
    if call.abandoned:
        yield "abandoned", call.abandoned, 1


def _interval(queue: str, medium: str, start: datetime, counted: Counter[str]) -> QueueInterval:
    return QueueInterval(
        queue_id=queue_id(queue),
        media_type=medium,
        start=start,
        offered=counted["offered"],
        answered=counted["answered"],
        answered_late=counted["answered_late"],
        abandoned=counted["abandoned"],
        service_level_numerator=counted["answered"] - counted["answered_late"],
        service_level_denominator=counted["answered"] + counted["abandoned"],
        handled=counted["handled"],
        handle_ms=counted["handle_ms"],
        answer_ms=counted["answer_ms"],
    )


def _agents(calls: Iterable[Call], start: datetime, end: datetime) -> Iterator[AgentDay]:
    """The agents with a call in the window: between their first and last call they are logged in. No schedules."""
    work_by_agent: dict[str, list[tuple[Call, datetime, datetime]]] = defaultdict(list)
    for call in calls:
        if call.agent and call.answered and call.ended and start <= call.answered and call.ended < end:
            work_by_agent[call.agent].append((call, call.answered, call.ended))
    for name, work in sorted(work_by_agent.items()):
        talking = sum(_milliseconds(ended - answered) for _, answered, ended in work)
        present = max(ended for *_, ended in work) - min(call.offered for call, *_ in work)
        queues = tuple(sorted({call.queue for call, *_ in work}))
        yield AgentDay(name.lower(), name, queues, talking, 0, max(_milliseconds(present) - talking, 0))


def _milliseconds(duration: timedelta) -> int:
    return round(duration.total_seconds() * 1000)
