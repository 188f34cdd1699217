"""Compute a day's figures from call records alone. This module shares no code with the product or the sandbox."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

IN_TIME_SECONDS = 20


@dataclass
class Call:
    """One record. Times are local wall times of the day to which the record was moved."""

    queue: str
    offered: datetime
    answered: datetime | None
    ended: datetime | None
    abandoned: datetime | None


def read_calls(path: Path, first_day: date) -> list[Call]:
    """Return the calls of a file, moved so that the first one is on ``first_day``."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shift = first_day - min(datetime.fromisoformat(row["offered_at"]).date() for row in rows)

    def move(text: str) -> datetime | None:
        return datetime.fromisoformat(text) + shift if text else None

    return [
        Call(
            row["queue"],
            datetime.fromisoformat(row["offered_at"]) + shift,
            move(row["answered_at"]),
            move(row["ended_at"]),
            move(row["abandoned_at"]),
        )
        for row in rows
    ]


@dataclass
class Figures:
    """The figures of a day, of one queue or of all: counts, and sums of seconds."""

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
        """Answered in time over answered and abandoned."""
        answered_or_abandoned = self.answered + self.abandoned
        return self.in_time / answered_or_abandoned if answered_or_abandoned else None

    @property
    def late(self) -> int:
        """Offered and not answered in time."""
        return self.offered - self.in_time

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


def figures_of(calls: list[Call], day: date, queue: str | None = None) -> Figures:
    """Return the figures of a day. Each event counts on the day on which it happened."""
    figures = Figures()
    for call in calls:
        if queue is None or call.queue == queue:
            _add(figures, call, day)
    return figures


def _add(figures: Figures, call: Call, day: date) -> None:
    figures.offered += call.offered.date() == day
    if call.answered and call.answered.date() == day:
        wait = (call.answered - call.offered).total_seconds()
        figures.answered += 1
        figures.answer_seconds += wait
        figures.in_time += wait <= IN_TIME_SECONDS
    if call.abandoned and call.abandoned.date() == day:
        figures.abandoned += 1
    if call.answered and call.ended and call.ended.date() == day:
        figures.handled += 1
        figures.handle_seconds += (call.ended - call.answered).total_seconds()


def days(first_day: date, count: int) -> list[date]:
    """Return ``count`` days from the first on."""
    return [first_day + timedelta(days=n) for n in range(count)]
