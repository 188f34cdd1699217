"""A file of call records as an organisation's history.

The form is CSV (or CSV compressed by gzip) with the columns ``queue, media_type, offered_at, answered_at, ended_at,
abandoned_at, agent``; times are local and without offset. All dates move by the same number of days. A local time that
a change of the clocks skips or repeats is taken as the first of the two (PEP 495, fold 0), each by itself; an end that
thereby comes before its beginning is moved to the beginning.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sandbox.instants import milliseconds, moment
from sandbox.organisation import Agent, Group, Queue, make_id
from sandbox.records import Call, Day, Stretch
from sandbox.spans import Span, union, without

COLUMNS = ("queue", "media_type", "offered_at", "answered_at", "ended_at", "abandoned_at", "agent")
GROUP = "replay"
"""The key of the group that the replayed organisation is."""


class ReplayError(Exception):
    """The file of calls cannot be used: which file, which line, what was expected."""


class Replay(NamedTuple):
    """A replayed history: the group it makes, and its days."""

    group: Group
    days: Mapping[date, Day]


def load(path: Path, first_day: date, zone: ZoneInfo, threshold_seconds: float = 20, target: float = 0.8) -> Replay:
    """Read a file of calls; its first local date becomes ``first_day``. `ReplayError` names the line that is wrong."""
    rows = list(_rows(path))
    if not rows:
        raise ReplayError(f"{path}: there is no call in it")
    shift = first_day - min(row.offered for _, row in rows).date()
    calls = [_call(row, shift, zone) for _, row in rows]
    return Replay(_group([row for _, row in rows], zone, round(threshold_seconds * 1000), target), _days(calls, zone))


class _Row(NamedTuple):
    queue: str
    media_type: str
    offered: datetime
    answered: datetime | None
    ended: datetime | None
    abandoned: datetime | None
    agent: str


def _rows(path: Path) -> Iterator[tuple[int, _Row]]:
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
                yield reader.line_num, _row(path, reader.line_num, row)
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise ReplayError(f"{path}: {error}") from None


def _row(path: Path, line: int, row: dict[str, str]) -> _Row:
    def local(column: str) -> datetime | None:
        text = row[column]
        try:
            found = datetime.fromisoformat(text) if text else None
        except ValueError:
            raise ReplayError(f"{path}, line {line}: {column} {text!r} is no local time") from None
        if found and found.tzinfo:
            raise ReplayError(f"{path}, line {line}: {column} {text!r} has an offset; expected a local time")
        return found

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


def _group(rows: list[_Row], zone: ZoneInfo, threshold_ms: int, target: float) -> Group:
    """Everybody serves the queues in which he or she has taken a call."""
    media: dict[str, dict[str, None]] = {}
    served: dict[str, dict[str, None]] = {}
    for row in rows:
        media.setdefault(row.queue, {})[row.media_type] = None
        if row.agent:
            served.setdefault(row.agent, {})[make_id("queue", row.queue)] = None
    queues = tuple(
        Queue(make_id("queue", name), name, GROUP, tuple(media[name]), threshold_ms, target, "Home")
        for name in sorted(media)
    )
    agents = tuple(Agent(make_id("user", name), name, GROUP, tuple(served[name]), "Home") for name in sorted(served))
    return Group(GROUP, "Replayed history", zone, queues, agents, "Home", None, GROUP)


def _days(calls: list[Call], zone: ZoneInfo) -> dict[date, Day]:
    """Calls by the local date on which they were offered, stretches by the one on which they begin."""
    by_day: dict[date, list[Call]] = {}
    for call in calls:
        by_day.setdefault(moment(call.offered, zone).date(), []).append(call)
    worked: dict[date, list[Stretch]] = {}
    for stretch in _stretches(calls, zone):
        worked.setdefault(moment(stretch.start, zone).date(), []).append(stretch)
    return {day: Day(tuple(by_day.get(day, ())), tuple(worked.get(day, ()))) for day in sorted({*by_day, *worked})}


def _stretches(calls: Iterable[Call], zone: ZoneInfo) -> Iterator[Stretch]:
    """INTERACTING is the union of an agent's handled time; IDLE the rest between the first answer of a local date and
    the last end of the calls answered on it.
    """
    handled: dict[str, list[Span]] = {}
    worked: dict[tuple[str, date], Span] = {}
    for call in calls:
        if call.agent_id and call.answered is not None and call.ended is not None:
            handled.setdefault(call.agent_id, []).append((call.answered, call.ended))
            key = (call.agent_id, moment(call.answered, zone).date())
            first, last = worked.get(key, (call.answered, call.ended))
            worked[key] = (min(first, call.answered), max(last, call.ended))
    busy = {agent: union(spans) for agent, spans in handled.items()}
    for agent, spans in busy.items():
        yield from (Stretch(agent, "INTERACTING", *span) for span in spans)
    for agent, stints in _by_agent(worked).items():
        yield from (Stretch(agent, "IDLE", *span) for span in without(stints, busy[agent]))


def _by_agent(worked: Mapping[tuple[str, date], Span]) -> dict[str, list[Span]]:
    stints: dict[str, list[Span]] = {}
    for (agent, _), span in worked.items():
        stints.setdefault(agent, []).append(span)
    return stints
