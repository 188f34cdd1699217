"""The time axis of the half-hour charts: positions by elapsed time, labels by local time.

A day of 23 or 25 hours is that much shorter or longer. An hour that comes twice is labelled twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, width
from worker.domain.briefing.content import HalfHour

_HALF_HOUR = timedelta(minutes=30).total_seconds()


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Half-hours between ``left_x`` and ``right_x``, from the first to the last with a contact."""

    halves: tuple[HalfHour, ...]
    left_x: float
    right_x: float
    begin: float
    seconds: float
    """``begin`` is the first start as a timestamp, ``seconds`` the length of the axis. Python subtracts two local times
    of one zone without looking at a changed offset, so timestamps are used."""

    @classmethod
    def for_day(cls, halves: Sequence[HalfHour], left_x: float, right_x: float) -> TimeAxis | None:
        """Return the axis for a day, or None where no half-hour has offered contacts or a level."""
        busy_indexes = [index for index, half in enumerate(halves) if _has_contacts(half)]
        if not any(half.counts.offered or half.service_level for half in halves):
            return None
        open_halves = tuple(halves[busy_indexes[0] : busy_indexes[-1] + 1])
        begin, last = open_halves[0].start.timestamp(), open_halves[-1].start.timestamp()
        return cls(open_halves, left_x, right_x, begin, last - begin + _HALF_HOUR)

    @property
    def width(self) -> float:
        """Points from end to end."""
        return self.right_x - self.left_x

    @property
    def slot(self) -> float:
        """Points of one half-hour."""
        return self.width * _HALF_HOUR / self.seconds

    def place(self, instant: datetime) -> float:
        """Return the x of an instant, or of the nearest end if it is outside."""
        elapsed = instant.timestamp() - self.begin
        return self.left_x + self.width * min(max(elapsed / self.seconds, 0), 1)

    def labels(self, sheet: Sheet, y: float, style: Style, *, hours_only: bool) -> None:
        """Write hours below the slots that begin with them, as many as fit: 07 or 07:00.

        Where no slot begins with an hour that fits, the first has its time: 10:30.
        """
        most = self.width / (style.size * (3.4 if hours_only else 3.7))
        step = next((step for step in (1, 2, 3, 4, 6) if self.seconds / 3600 / step <= most), 12)
        last = -1e9
        with sheet.tagged("P"):
            for half in self.halves:
                x = self.place(half.start)
                if half.start.hour % step == 0 and half.start.minute < 30 and x - last > self.width / most * 0.8:
                    text = f"{half.start:%H}" if hours_only else f"{half.start:%H}:00"
                    centre = min(x + self.slot / 2, self.right_x - width(text, style) / 2)
                    sheet.text(centre, y, text, style, palette.MUTED, align="centre")
                    last = x
            if last < self.left_x and self.halves:
                first = self.halves[0].start
                centre = self.place(first) + self.slot / 2
                sheet.text(centre, y, f"{first:%H:%M}", style, palette.MUTED, align="centre")


def _has_contacts(half: HalfHour) -> bool:
    counts = half.counts
    return any((counts.offered, counts.answered, counts.abandoned)) or half.service_level is not None
