"""Records from a file of calls.

The file is CSV, or CSV compressed by gzip, with the columns ``queue, media_type, offered_at, answered_at, ended_at,
abandoned_at, agent``. Times are local and have no offset. All dates move by the same number of days. A local time that
a change of the clocks skips or repeats is the first of the two (PEP 495, fold 0). Each time is converted by itself. If
an end comes before its beginning after the conversion, it is moved to the beginning.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sandbox.organisation.model import Agent, Group, Objective, Queue, make_id
from sandbox.records.instants import Span, milliseconds, moment, subtract, union
from sandbox.records.model import Call, DayRecords, StatusPeriod

COLUMNS = ("queue", "media_type", "offered_at", "answered_at", "ended_at", "abandoned_at", "agent")
GROUP = "replay"
"""The key of the group that the replayed organisation becomes."""


class ReplayError(Exception):
    """The file of calls cannot be used. The message names the file, the line and what was expected."""


class Replay(NamedTuple):
    """A replayed history: its group and its days."""

    group: Group
    days: Mapping[date, DayRecords]


def load(path: Path, first_day: date, zone: ZoneInfo, threshold_seconds: float = 20, target: float = 0.8) -> Replay:
    """Read a file of calls and move its first local date to ``first_day``. `ReplayError` names a wrong line."""
    rows = list(_rows(path))
    if not rows:
        raise ReplayError(f"{path}: the file has no call")
    shift = first_day - min(row.offered for row in rows).date()
    calls = [_call(row, shift, zone) for row in rows]
    return Replay(_group(rows, zone, Objective(round(threshold_seconds * 1000), target)), _days(calls, zone))


class _Row(NamedTuple):
    queue: str
    media_type: str
    offered: datetime
    answered: datetime | None
    ended: datetime | None
    abandoned: datetime | None
    agent: str


def _rows(path: Path) -> Iterator[_Row]:
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8", newline="")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8", newline="") as lines
        ):
            reader = csv.DictReader(lines)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise ReplayError(f"{path}: expected the columns {', '.join(COLUMNS)}; found {reader.fieldnames}")
            for row in reader:
                yield _row(path, reader.line_num, row)
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise ReplayError(f"{path}: {error}") from None


def _row(path: Path, line: int, row: dict[str, str]) -> _Row:
    def local(column: str) -> datetime | None:
        text = row[column]
        try:
            time = datetime.fromisoformat(text) if text else None
        except ValueError:
            raise ReplayError(f"{path}, line {line}: {column} {text!r} is not a local time") from None
        if time and time.tzinfo:
            raise ReplayError(f"{path}, line {line}: {column} {text!r} has an offset; expected a local time")
        return time

    if None in row or None in row.values():
        raise ReplayError(f"{path}, line {line}: expected {len(COLUMNS)} columns")
    offered = local("offered_at")
    if offered is None or not row["queue"]:
        raise ReplayError(f"{path}, line {line}: a call needs queue and offered_at")
    answered, ended, abandoned = local("answered_at"), local("ended_at"), local("abandoned_at")
    return _Row(row["queue"], row["media_type"] or "voice", offered, answered, ended, abandoned, row["agent"])


def _call(row: _Row, shift: timedelta, zone: ZoneInfo) -> Call:
    def instant(local: datetime | None, earliest: int) -> int | None:
        return None if local is None else max(earliest, milliseconds((local + shift).replace(tzinfo=zone)))

    offered = milliseconds((row.offered + shift).replace(tzinfo=zone))
    answered = instant(row.answered, offered)
    return Call(
        make_id("queue", row.queue),
        row.media_type,
        offered,
        answered,
        instant(row.ended, offered if answered is None else answered),
        instant(row.abandoned, offered),
        agent_id=make_id("user", row.agent) if row.agent else None,
    )


def _group(rows: list[_Row], zone: ZoneInfo, objective: Objective) -> Group:
    """Return the group of all queues. An agent serves the queues in which the agent has answered a call."""
    media: dict[str, dict[str, None]] = {}
    served: dict[str, dict[str, None]] = {}
    for row in rows:
        media.setdefault(row.queue, {})[row.media_type] = None
        if row.agent:
            served.setdefault(row.agent, {})[make_id("queue", row.queue)] = None
    queues = tuple(
        Queue(make_id("queue", name), name, GROUP, tuple(media[name]), objective, "Home") for name in sorted(media)
    )
    agents = tuple(Agent(make_id("user", name), name, GROUP, tuple(served[name]), "Home") for name in sorted(served))
    return Group(GROUP, "Replayed history", zone, queues, agents, "Home", None, GROUP)


def _days(calls: list[Call], zone: ZoneInfo) -> dict[date, DayRecords]:
    """Put calls on the local date on which they were offered, status periods on the one on which they begin."""
    calls_by_day: dict[date, list[Call]] = {}
    for call in calls:
        calls_by_day.setdefault(moment(call.offered, zone).date(), []).append(call)
    periods_by_day: dict[date, list[StatusPeriod]] = {}
    for period in _status_periods(calls, zone):
        periods_by_day.setdefault(moment(period.start, zone).date(), []).append(period)
    return {
        day: DayRecords(tuple(calls_by_day.get(day, ())), tuple(periods_by_day.get(day, ())))
        for day in sorted({*calls_by_day, *periods_by_day})
    }


def _status_periods(calls: Iterable[Call], zone: ZoneInfo) -> Iterator[StatusPeriod]:
    """Yield when agents were INTERACTING and IDLE.

    INTERACTING is the union of an agent's handle times. IDLE is the rest of the agent's working time, which lasts from
    the first answer on a local date to the last end of the calls answered on that date.
    """
    handled: dict[str, list[Span]] = {}
    working: dict[tuple[str, date], Span] = {}
    for call in calls:
        if call.agent_id and call.answered is not None and call.ended is not None:
            handled.setdefault(call.agent_id, []).append((call.answered, call.ended))
            key = (call.agent_id, moment(call.answered, zone).date())
            first, last = working.get(key, (call.answered, call.ended))
            working[key] = (min(first, call.answered), max(last, call.ended))
    busy = {agent: union(spans) for agent, spans in handled.items()}
    for agent, spans in busy.items():
        yield from (StatusPeriod(agent, "INTERACTING", *span) for span in spans)
    for agent, spans in _by_agent(working).items():
        yield from (StatusPeriod(agent, "IDLE", *span) for span in subtract(spans, busy[agent]))


def _by_agent(working: Mapping[tuple[str, date], Span]) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = {}
    for (agent, _), span in working.items():
        spans.setdefault(agent, []).append(span)
    return spans
