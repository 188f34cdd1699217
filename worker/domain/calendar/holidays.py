"""Was this day a holiday? Asked of recurring schedules, of an iCalendar text, of a country's public holidays.

Every question has the same form: a local day in, the holiday's name or None out. A calendar that cannot be understood
is `CalendarUnavailable`, never "no holiday": whether to hold or to go on is the group's policy.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from dateutil.rrule import rrulestr

from worker.domain.calendar.business_day import is_workday
from worker.domain.calendar.ical import closes, refuse_endless_rule
from worker.domain.calendar.ical import ical_holiday_on as ical_holiday_on
from worker.domain.groups import Weekday
from worker.errors import CalendarUnavailable, SettingsError

_DAY = timedelta(days=1)
_UNTIL_UTC = re.compile(r"UNTIL=(\d{8}T\d{6})Z", re.IGNORECASE)
_NAMES_IN = "en_US"  # without a language the names follow the machine's locale


@dataclass(frozen=True, slots=True)
class Schedule:
    """A closure and its repetitions: ``start`` and ``end`` (exclusive) are naive wall times in the calendar's zone.

    ``rrule`` is iCalendar recurrence text without DTSTART (``FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25``), None for once.
    The first occurrence is ``start`` to ``end`` itself; later ones are as long.
    """

    name: str
    start: datetime
    end: datetime
    rrule: str | None


def holiday_on(day: date, schedules: Iterable[Schedule], zone: ZoneInfo | None = None) -> str | None:
    """The name of the first schedule that closes ``day``.

    ``zone`` is the one the schedules are meant in; it is needed only for a rule whose UNTIL is in UTC (``…Z``). Raises
    `CalendarUnavailable` naming the schedule whose times or rule make no sense.
    """
    midnight = datetime.combine(day, time.min)
    for schedule in schedules:
        length = _length(schedule)
        for start in _starts(schedule, midnight - length, midnight + _DAY, zone):
            if closes(min(start + length, midnight + _DAY) - max(start, midnight), _DAY):
                return schedule.name
    return None


def country_holiday_on(country: str, subdivision: str | None, day: date) -> str | None:
    """The English name of the public holiday; `SettingsError` where country or subdivision are not known."""
    check_country(country, subdivision)
    name: str | None = _public_holidays(country, subdivision, day.year).get(day)
    return name


@lru_cache(maxsize=512)
def check_country(country: str, subdivision: str | None) -> None:
    """Raise `SettingsError`, listing those known, unless the pair names a place whose public holidays are known."""
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        near = difflib.get_close_matches(country.upper(), known, n=8, cutoff=0.5) or sorted(known)
        raise SettingsError(
            f'No holidays are known for country "{country}".',
            way_out=f"Expected an ISO 3166-1 code of two capitals; known near it: {', '.join(near)}.",
        )
    places = [*known[country], *holidays.country_holidays(country, expand=False).subdivisions_aliases]
    if subdivision is not None and subdivision not in places:
        raise SettingsError(
            f'No subdivision "{subdivision}" is known in {country}.',
            way_out=f"Expected one of {', '.join(places)}." if places else "Expected none: leave subdivision out.",
        )


def last_business_day(
    before: date, workdays: Collection[Weekday], is_holiday: Callable[[date], str | None], limit: int = 30
) -> date | None:
    """The last workday before ``before`` that is no holiday; None if the ``limit`` days before it hold none."""
    for back in range(1, limit + 1):
        day = before - back * _DAY
        if is_workday(day, workdays) and is_holiday(day) is None:
            return day
    return None


def _length(schedule: Schedule) -> timedelta:
    if schedule.end <= schedule.start:
        raise CalendarUnavailable(
            f'Schedule "{schedule.name}" ends {schedule.end.isoformat()}, not after its start '
            f"{schedule.start.isoformat()}.",
            way_out="Correct it in the calendar.",
        )
    return schedule.end - schedule.start


def _starts(schedule: Schedule, after: datetime, before: datetime, zone: ZoneInfo | None) -> Iterator[datetime]:
    """Starts of the occurrences that can touch the stretch from ``after`` to ``before``."""
    yield schedule.start
    if schedule.rrule:
        text = schedule.rrule.strip().removeprefix("RRULE:")
        try:
            refuse_endless_rule(text)
            rule = rrulestr(_until_as_wall_time(text, zone), dtstart=schedule.start)
            yield from rule.between(after, before)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise CalendarUnavailable(
                f'The recurrence rule of schedule "{schedule.name}" makes no sense, "{schedule.rrule}": {error}.',
                way_out="Correct it in the calendar.",
            ) from None


def _until_as_wall_time(rule: str, zone: ZoneInfo | None) -> str:
    """An UNTIL in UTC becomes the wall time of ``zone``, because the starts it is compared with are wall times."""

    def wall(found: re.Match[str]) -> str:
        if zone is None:
            raise ValueError("UNTIL is in UTC and the calendar's zone is not known")
        until = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return f"UNTIL={until.astimezone(zone):%Y%m%dT%H%M%S}"

    return _UNTIL_UTC.sub(wall, rule)


@lru_cache(maxsize=512)
def _public_holidays(country: str, subdivision: str | None, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=subdivision, years=year, expand=False, language=_NAMES_IN)
