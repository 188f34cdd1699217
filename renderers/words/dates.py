"""Write days, clock times and instants in the group's language, independent of the machine's locale."""

from __future__ import annotations

import functools
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date

from renderers.words.language import Translator


class DateWords(Translator):
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

    def weekdays(self, days: tuple[date, ...]) -> str:
        """4 Wednesdays, for days of one weekday."""
        number = len(days)
        return (
            lambda: self.many("{n} Monday", "{n} Mondays", number),
            lambda: self.many("{n} Tuesday", "{n} Tuesdays", number),
            lambda: self.many("{n} Wednesday", "{n} Wednesdays", number),
            lambda: self.many("{n} Thursday", "{n} Thursdays", number),
            lambda: self.many("{n} Friday", "{n} Fridays", number),
            lambda: self.many("{n} Saturday", "{n} Saturdays", number),
            lambda: self.many("{n} Sunday", "{n} Sundays", number),
        )[days[0].weekday()]()

    def days_of_months(self, days: tuple[date, ...]) -> str:
        """23, 30 Sep, 7, 14 Oct: each month once, after its last day."""
        day_alone, with_month = self.say_as("date", "d"), self.say_as("date", "d MMM")
        parts = []
        for day, next_day in zip(days, [*days[1:], None], strict=True):
            last_of_month = next_day is None or (next_day.year, next_day.month) != (day.year, day.month)
            parts.append(self._shaped(day, with_month if last_of_month else day_alone))
        return ", ".join(parts)

    def clock(self, instant: datetime) -> str:
        """11:00, the local time of an aware instant. 01:30 UTC-4 where the clock shows that time twice."""
        return f"{_time(instant)} {_offset(instant)}" if _comes_twice(instant) else _time(instant)

    def span(self, start: datetime, end: datetime) -> str:
        """11:00–12:30. First 02:30–second 02:00 where the clock shows a time twice. A midnight at the end is 24:00."""
        is_same_pass = _comes_twice(start) and _comes_twice(end) and start.fold == end.fold
        ends_at_midnight = end.date() > start.date() and _time(end) == "00:00"
        last = _time(end) if is_same_pass else self._time_in_words(end)
        return f"{self._time_in_words(start)}–{'24:00' if ends_at_midnight else last}"

    def clock_span(self, start: str, end: str) -> str:
        """21:30–24:00, of local times such as "21:30" and "00:00"."""
        return f"{start}–{'24:00' if end == '00:00' else end}"

    def has_clock_change(self, start: datetime, end: datetime) -> bool:
        """Return whether the clock skips or repeats a time between the two, so that the next day cannot be alike."""
        return start.utcoffset() != end.utcoffset() or _comes_twice(start)

    def _time_in_words(self, instant: datetime) -> str:
        time = _time(instant)
        if not _comes_twice(instant):
            return time
        return self.say("second {time}", time=time) if instant.fold else self.say("first {time}", time=time)

    def instant(self, instant: datetime) -> str:
        """2026-10-21T00:00:00-04:00, the same in every language."""
        return instant.isoformat(timespec="seconds")

    def _shaped(self, day: date, pattern: str) -> str:
        return _shaped(date(day.year, day.month, day.day), pattern, self.locale)


def _time(instant: datetime) -> str:
    """Return 11:00, in a third of the time that ``strftime`` takes."""
    return f"{instant.hour:02}:{instant.minute:02}"


def _comes_twice(instant: datetime) -> bool:
    """Return whether the zone's clock shows this local time twice."""
    return instant.replace(fold=0).utcoffset() != instant.replace(fold=1).utcoffset()


def _offset(instant: datetime) -> str:
    """UTC-4, UTC+10:30."""
    sign, hours, minutes = f"{instant:%z}"[0], int(f"{instant:%z}"[1:3]), f"{instant:%z}"[3:5]
    return f"UTC{sign}{hours}" + (f":{minutes}" if minutes != "00" else "")


@functools.lru_cache(maxsize=1_000)
def _shaped(day: date, pattern: str, locale: Locale) -> str:
    return format_date(day, pattern, locale)
