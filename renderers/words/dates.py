"""Days, clock times and instants, in the group's language whatever the machine's locale is."""

from __future__ import annotations

import functools
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date

from renderers.words.tongue import Tongue


class Dates(Tongue):
    """How a language writes days."""

    def long_day(self, day: date) -> str:
        """Wednesday 21 October 2026."""
        return self._shaped(day, self.say_as("date", "EEEE d MMMM y"))

    def day_in_title(self, day: date) -> str:
        """Wed 21 Oct 2026."""
        return self._shaped(day, self.say_as("date", "EEE d MMM y"))

    def short_day(self, day: date) -> str:
        """Wed 21 Oct."""
        return self._shaped(day, self.say_as("date", "EEE d MMM"))

    def day_of_month(self, day: date) -> str:
        """Wed 21."""
        return self._shaped(day, self.say_as("date", "EEE d"))

    def weekday(self, day: date) -> str:
        """Wed."""
        return self._shaped(day, self.say_as("date", "EEE"))

    def days_of_months(self, days: tuple[date, ...]) -> str:
        """23, 30 Sep, 7, 14 Oct: the month once, behind its last day."""
        day_alone, with_month = self.say_as("date", "d"), self.say_as("date", "d MMM")
        parts = []
        for here, after in zip(days, [*days[1:], None], strict=True):
            last_of_month = after is None or (after.year, after.month) != (here.year, here.month)
            parts.append(self._shaped(here, with_month if last_of_month else day_alone))
        return ", ".join(parts)

    def clock(self, at: datetime) -> str:
        """11:00, the wall time of an aware instant in its own zone; 01:30 UTC-4 where the clock shows it twice."""
        return f"{at:%H:%M} {_offset(at)}" if _comes_twice(at) else f"{at:%H:%M}"

    def span(self, start: datetime, end: datetime) -> str:
        """11:00–12:30; a midnight that ends the span is 24:00. One offset is enough: 01:30 UTC-4–03:00."""
        ends_at_midnight = end.date() > start.date() and f"{end:%H:%M}" == "00:00"
        until = f"{end:%H:%M}" if _comes_twice(start) else self.clock(end)
        return f"{self.clock(start)}–{'24:00' if ends_at_midnight else until}"

    def instant(self, at: datetime) -> str:
        """2026-10-21T00:00:00-04:00, to the second; the same in every language."""
        return at.isoformat(timespec="seconds")

    def _shaped(self, day: date, pattern: str) -> str:
        return _shaped(date(day.year, day.month, day.day), pattern, self.locale)


def _comes_twice(at: datetime) -> bool:
    """Whether the zone's clock shows this wall time once more, an hour before or after."""
    return at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()


def _offset(at: datetime) -> str:
    """UTC-4, UTC+10:30."""
    sign, hours, minutes = f"{at:%z}"[0], int(f"{at:%z}"[1:3]), f"{at:%z}"[3:5]
    return f"UTC{sign}{hours}" + (f":{minutes}" if minutes != "00" else "")


@functools.lru_cache(maxsize=1_000)
def _shaped(day: date, pattern: str, locale: Locale) -> str:
    return format_date(day, pattern, locale)
