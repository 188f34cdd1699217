"""The time axis of the half-hour charts: places by elapsed time, labels by the wall clock.

A day of 23 or 25 hours is that much shorter or longer, and an hour that comes twice is labelled twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style
from worker.domain.briefing.content import HalfHour

_HALF_HOUR = timedelta(minutes=30).total_seconds()


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Half-hours between ``left`` and ``right``, from the first to the last with a contact."""

    halves: tuple[HalfHour, ...]
    left: float
    right: float
    begin: float
    seconds: float
    """The first one's start, and from there to the last one's end. Timestamps, because the difference of two local
    times of one zone forgets that its offset changed between."""

    @classmethod
    def over(cls, halves: Sequence[HalfHour], left: float, right: float) -> TimeAxis | None:
        """The axis for a day, or None where no half-hour has a contact."""
        busy = [at for at, half in enumerate(halves) if half.counts.offered or half.service_level]
        if not busy:
            return None
        shown = tuple(halves[busy[0] : busy[-1] + 1])
        begin, last = shown[0].start.timestamp(), shown[-1].start.timestamp()
        return cls(shown, left, right, begin, last - begin + _HALF_HOUR)

    @property
    def width(self) -> float:
        """Points from end to end."""
        return self.right - self.left

    @property
    def slot(self) -> float:
        """Points of one half-hour."""
        return self.width * _HALF_HOUR / self.seconds

    def place(self, at: datetime) -> float:
        """X of an instant, at the nearest end if it lies outside."""
        elapsed = at.timestamp() - self.begin
        return self.left + self.width * min(max(elapsed / self.seconds, 0), 1)

    def labels(self, sheet: Sheet, y: float, style: Style, *, hours_only: bool) -> None:
        """Wall-clock hours below the slots that begin with them, as many as fit: 07 or 07:00."""
        most = self.width / (style.size * (3.4 if hours_only else 3.7))
        step = next((step for step in (1, 2, 3, 4, 6) if self.seconds / 3600 / step <= most), 12)
        last = -1e9
        with sheet.tagged("P"):
            for half in self.halves:
                x = self.place(half.start)
                if half.start.hour % step == 0 and half.start.minute < 30 and x - last > self.width / most * 0.8:
                    text = f"{half.start:%H}" if hours_only else f"{half.start:%H}:00"
                    sheet.text(x + self.slot / 2, y, text, style, palette.MUTED, align="centre")
                    last = x
