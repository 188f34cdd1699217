"""What an operator types for a day: 2026-10-01, today, yesterday, last, monday, -30d, +7d, or a range of two.

A word means a day in the group's time zone, so it is resolved after the group is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import click
from click.shell_completion import CompletionItem

from worker.domain.calendar import business_day
from worker.domain.groups import WEEKDAYS, Group
from worker.groupfiles.problems import nearest

MAX_DAYS = 92
"""The longest range. Each of its days is a run, and may be a mail to every recipient of the group."""

_MINUS = "\u2212"

_DISTANCES = {"today": 0, "yesterday": -1, "tomorrow": 1}
_DISTANCE = re.compile(r"(?P<days>[+-]\d{1,4})d")
_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LAST = "last"
"""The group's last reporting day. Only a reporting day has such a word."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SHORT_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was typed."""

    text: str

    def resolved(self, today: date, *, ahead: bool = False, last: date | None = None) -> date:
        """Return the date. A weekday is the last one before ``today``, or with ``ahead`` the next one after it.

        ``last`` is the group's last reporting day, None where the word has no meaning.
        """
        word = self.text.lower()
        if word == _LAST and last:
            return last
        if (distance := _distance(word)) is not None:
            return today + timedelta(days=distance)
        if (weekday := _weekday(word)) is None:
            return date.fromisoformat(word)
        if ahead:
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


@dataclass(frozen=True, slots=True)
class Days:
    """A day, or a range with both ends included."""

    first: Day
    last: Day

    @property
    def is_range(self) -> bool:
        """Tell whether it was typed as a range."""
        return self.first is not self.last

    def resolved(self, today: date, workdays: tuple[str, ...], last: date | None = None) -> list[date]:
        """Return the dates, of a range only the ``workdays``. An empty or too long range ends the command."""
        first, end = self.first.resolved(today, last=last), self.last.resolved(today, last=last)
        if not self.is_range:
            return [first]
        length = (end - first).days + 1
        if not 1 <= length <= MAX_DAYS:
            raise click.BadParameter(
                f"{first}..{end}: expected the last day not before the first, and at most {MAX_DAYS} days"
            )
        days = (first + timedelta(days=number) for number in range(length))
        return [day for day in days if WEEKDAYS[day.weekday()] in workdays]


class DayType(click.ParamType):  # type: ignore[type-arg]  # not generic before click 8.5
    """A day. The command gets a `Day`. With ``is_reported`` it is a reporting day, which may be ``last``."""

    name = "day"

    def __init__(self, *, is_reported: bool = False) -> None:
        self._is_reported = is_reported

    @property
    def words(self) -> tuple[str, ...]:
        """The words for days, most used first."""
        return (*((_LAST,) if self._is_reported else ()), *_DISTANCES, *_WEEKDAY_NAMES)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Day:
        """Return the day, or end the command with what is expected."""
        return value if isinstance(value, Day) else self.parse(value, param, ctx)

    def parse(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> Day:
        """Read one day."""
        day, example = Day(text.replace(_MINUS, "-")), date(2000, 1, 3)
        try:
            day.resolved(example, last=example if self._is_reported else None)
        except ValueError:
            if _DATE.fullmatch(text):
                self.fail(f"{text!r}: the calendar has no such day.", param, ctx)
            words = ", ".join(self.words[: -len(_WEEKDAY_NAMES)])
            expected = f"expected YYYY-MM-DD, {words}, -30d, +7d or a weekday such as monday"
            near = _short_date(text) or nearest(text, self.words)
            self.fail(f"{text!r}: {expected}.{f' Did you mean {near}?' if near else ''}", param, ctx)
        return day

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the words that begin like this."""
        return [CompletionItem(word) for word in self.words if word.startswith(incomplete.lower())]


class DaysType(DayType):
    """A day or a range. The command gets `Days`."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the days, or end the command with what is expected."""
        if isinstance(value, Days):
            return value
        first_text, dots, last_text = value.partition("..")
        first = self.parse(first_text, param, ctx)
        return Days(first, self.parse(last_text, param, ctx) if dots else first)


def without_option_sign(word: str) -> str:
    """Return a word of the command line with a minus sign (U+2212) if it is a day such as ``-7d``.

    Click takes a word that begins with a hyphen for an option.
    """
    return f"{_MINUS}{word[1:]}" if _DISTANCE.match(word) and word[0] == "-" else word


DAY = DayType()
REPORTING_DAY = DayType(is_reported=True)
REPORTING_DAYS = DaysType(is_reported=True)


def reporting_day(group: Group, day: Day | None, now: datetime) -> date:
    """Return the day that was typed for a group, or its last reporting day."""
    last = business_day.reporting_day(now, group.tz, group.workdays)
    return day.resolved(now.astimezone(group.tz).date(), last=last) if day else last


def reporting_days(group: Group, days: Days | None, now: datetime) -> list[date]:
    """Return the days that were typed for a group, or its last reporting day."""
    last = business_day.reporting_day(now, group.tz, group.workdays)
    return days.resolved(now.astimezone(group.tz).date(), group.workdays, last) if days else [last]


def days_to_brief(group: Group, days: Days | None, now: datetime) -> list[date]:
    """Return the same, and end the command if no day of a range is a workday of the group."""
    dates = reporting_days(group, days, now)
    if not dates and days:
        raise click.BadParameter(
            f"{days.first.text}..{days.last.text} has no workday of {group.key}, which are {', '.join(group.workdays)}"
        )
    return dates


def _distance(word: str) -> int | None:
    """Return how many days after today a word such as ``yesterday`` or ``-30d`` means."""
    match = _DISTANCE.fullmatch(word)
    return int(match["days"]) if match else _DISTANCES.get(word)


def _short_date(text: str) -> str:
    """Return a date with the zeros that ``2026-1-5`` lacks, "" for any other text and a day that no month has."""
    match = _SHORT_DATE.fullmatch(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat() if match else ""
    except ValueError:
        return ""


def _weekday(word: str) -> int | None:
    """Return the number of a weekday that is written in full or with three letters."""
    names = (*_WEEKDAY_NAMES, *WEEKDAYS)
    return names.index(word) % 7 if word in names else None
