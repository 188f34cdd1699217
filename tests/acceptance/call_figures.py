"""Compute a day's figures from call records alone. This module shares no code with the product or the sandbox."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

IN_TIME_SECONDS = 20
HALF_HOUR = timedelta(minutes=30)


@dataclass
class Call:
    """One record, moved to its day of the replay. All times are in UTC."""

    queue: str
    media_type: str
    agent: str
    offered: datetime
    answered: datetime | None
    ended: datetime | None
    abandoned: datetime | None


def read_calls(path: Path, first_day: date, zone: ZoneInfo) -> list[Call]:
    """Return the calls of a file, moved so that the first local date is ``first_day``.

    Local times that a clock change skips or repeats are the first of the two. No event comes before the one that it
    follows, as in the replay.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shift = first_day - min(datetime.fromisoformat(row["offered_at"]).date() for row in rows)

    def instant(text: str, earliest: datetime | None = None) -> datetime | None:
        if not text:
            return None
        local = datetime.fromisoformat(text) + shift
        utc = local.replace(tzinfo=zone).astimezone(UTC)
        return max(utc, earliest) if earliest else utc

    calls = []
    for row in rows:
        offered = instant(row["offered_at"])
        assert offered
        answered = instant(row["answered_at"], offered)
        ended, abandoned = instant(row["ended_at"], answered or offered), instant(row["abandoned_at"], offered)
        calls.append(Call(row["queue"], row["media_type"], row["agent"], offered, answered, ended, abandoned))
    return calls


@dataclass
class Figures:
    """Figures of a day or a half-hour, of one queue or of all: counts, and sums of seconds."""

    offered: int = 0
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    handled: int = 0
    handle_seconds: float = 0
    answer_seconds: float = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened."""
        return not (self.offered or self.answered or self.abandoned or self.handled)

    @property
    def service_level(self) -> float | None:
        """Answered in time over answered and abandoned; None where nothing was offered."""
        if not self.offered:
            return None
        answered_or_abandoned = self.answered + self.abandoned
        return self.in_time / answered_or_abandoned if answered_or_abandoned else None

    @property
    def late(self) -> int:
        """Answered or abandoned, and not answered in time."""
        return self.answered + self.abandoned - self.in_time

    @property
    def average_handle_seconds(self) -> float | None:
        """Talk from answer to end, over the contacts that ended."""
        return self.handle_seconds / self.handled if self.handled else None

    @property
    def average_answer_seconds(self) -> float | None:
        """Waiting, over the contacts that were answered."""
        return self.answer_seconds / self.answered if self.answered else None

    @property
    def abandonment(self) -> float | None:
        """Abandoned over offered."""
        return self.abandoned / self.offered if self.offered else None


@dataclass
class DayFigures:
    """All figures of a day. Each event counts when it happened.

    ``queues`` are by name and media type, ``half_hours`` by media type and start in UTC.
    """

    total: Figures = field(default_factory=Figures)
    media: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    queues: dict[tuple[str, str], Figures] = field(default_factory=lambda: defaultdict(Figures))
    half_hours: dict[tuple[str, datetime], Figures] = field(default_factory=lambda: defaultdict(Figures))
    occupancy: float | None = None


def figures_of(calls: list[Call], day: date, zone: ZoneInfo) -> DayFigures:
    """Return the figures of a local day."""
    start, end = (datetime.combine(one_day, time(), zone).astimezone(UTC) for one_day in (day, day + timedelta(days=1)))
    figures = DayFigures(occupancy=_occupancy(calls, start, end, zone))

    def parts(call: Call, instant: datetime | None) -> list[Figures]:
        if instant is None or not start <= instant < end:
            return []
        half_hour = start + (instant - start) // HALF_HOUR * HALF_HOUR
        return [
            figures.total,
            figures.media[call.media_type],
            figures.queues[call.queue, call.media_type],
            figures.half_hours[call.media_type, half_hour],
        ]

    for call in calls:
        for part in parts(call, call.offered):
            part.offered += 1
        for part in parts(call, call.abandoned):
            part.abandoned += 1
        if call.answered:
            _add_answer(call, call.answered, parts(call, call.answered), parts(call, call.ended))
    return figures


def _add_answer(call: Call, answered: datetime, when_answered: list[Figures], when_ended: list[Figures]) -> None:
    wait = (answered - call.offered).total_seconds()
    for part in when_answered:
        part.answered += 1
        part.answer_seconds += wait
        part.in_time += wait <= IN_TIME_SECONDS
    for part in when_ended:
        assert call.ended
        part.handled += 1
        part.handle_seconds += (call.ended - answered).total_seconds()


def _occupancy(calls: list[Call], start: datetime, end: datetime, zone: ZoneInfo) -> float | None:
    """Return busy time over working time of all agents.

    An agent works from the first answer of a local date to the last end of the calls answered on that date, and is busy
    while at least one call lasts.
    """
    busy: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    working: dict[tuple[str, date], tuple[datetime, datetime]] = {}
    for call in calls:
        if call.agent and call.answered and call.ended:
            busy[call.agent].append((call.answered, call.ended))
            key = call.agent, call.answered.astimezone(zone).date()
            first, last = working.get(key, (call.answered, call.ended))
            working[key] = min(first, call.answered), max(last, call.ended)
    present: dict[str, list[tuple[datetime, datetime]]] = defaultdict(
        list, {agent: list(busy[agent]) for agent in busy}
    )
    for (agent, _), span in working.items():
        present[agent].append(span)
    busy_seconds = sum(_covered(spans, start, end) for spans in busy.values())
    present_seconds = sum(_covered(spans, start, end) for spans in present.values())
    return busy_seconds / present_seconds if present_seconds else None


def _covered(spans: list[tuple[datetime, datetime]], start: datetime, end: datetime) -> float:
    """Return the seconds between start and end that at least one span covers."""
    seconds, covered_to = 0.0, start
    for span_start, span_end in sorted(spans):
        piece_start, piece_end = max(span_start, covered_to), min(span_end, end)
        if piece_start < piece_end:
            seconds += (piece_end - piece_start).total_seconds()
            covered_to = piece_end
    return seconds


def days(first_day: date, count: int) -> list[date]:
    """Return ``count`` days from the first on."""
    return [first_day + timedelta(days=n) for n in range(count)]
