"""Find out whether a day is a holiday, by the schedules of a schedule group or the public holidays of a country.

Every function takes a local day and returns the holiday's name or None. A calendar that cannot be understood raises
`CalendarUnavailable` and never counts as "no holiday". The group's policy decides what happens then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from dateutil.rrule import rrulestr
from holidays.registry import COUNTRIES

from worker.domain.calendar.business_day import is_workday
from worker.domain.calendar.closures import closes
from worker.domain.calendar.rules import refuse_wrong_rule
from worker.domain.groups import Weekday
from worker.errors import CalendarUnavailable, SettingsError

_DAY = timedelta(days=1)
_UNTIL_DATE = re.compile(r"UNTIL=(\d{8})(?!\d|T)", re.IGNORECASE)
_UNTIL_UTC = re.compile(r"UNTIL=(\d{8}T\d{6})Z", re.IGNORECASE)
_ENGLISH = "en_US"  # without a language, names follow the machine's locale
_AND = {"de": " und "}


@dataclass(frozen=True, slots=True)
class Schedule:
    """A closure and its repetitions. ``start`` and ``end`` (exclusive) are naive wall times in the calendar's zone.

    ``rrule`` is an iCalendar recurrence rule without DTSTART (``FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25``), None for once.
    The first occurrence is ``start`` to ``end`` itself. Later ones have the same length.
    """

    name: str
    start: datetime
    end: datetime
    rrule: str | None


def schedule_holiday_on(day: date, schedules: Iterable[Schedule], zone: ZoneInfo | None = None) -> str | None:
    """Return the name of the first schedule that closes ``day``.

    ``zone`` is the zone of the schedules. It is needed only for a rule whose UNTIL is in UTC (``…Z``). Raise
    `CalendarUnavailable` and name the schedule whose times or rule cannot be understood.
    """
    midnight = datetime.combine(day, time.min)
    for schedule in schedules:
        length = _length(schedule)
        earliest = midnight - min(length, midnight - datetime.min)  # noqa: DTZ901 - wall times have no zone
        for start in _starts(schedule, earliest, midnight + _DAY, zone):
            if closes(min(length, midnight + _DAY - start) - max(midnight - start, timedelta(0)), _DAY):
                return schedule.name
    return None


def country_holiday_on(
    country: str, subdivision: str | None, day: date, categories: tuple[str, ...] = (), language: str = "en"
) -> str | None:
    """Return the name of the holiday, or of all that fall on the day. Raise `SettingsError` for what is not known.

    ``language`` is the group's. The name is English if the `holidays` library does not have the country in it.
    ``categories`` are those of the `holidays` library that count beside the public holidays, which each country has.
    """
    check_country(country, subdivision)
    check_categories(country, categories)
    name_language = _language_of_names(country, language)
    names = _holidays_of_year(country, subdivision, day.year, categories, name_language).get_list(day)
    return _AND.get(name_language, " and ").join(names) or None


@lru_cache(maxsize=512)
def _language_of_names(country: str, language: str) -> str:
    supported = holidays.country_holidays(country, expand=False).supported_languages
    return language if language in supported else _ENGLISH


@lru_cache(maxsize=512)
def check_country(country: str, subdivision: str | None) -> None:
    """Raise `SettingsError` and list the alternatives, unless the public holidays of this place are known."""
    countries = holidays.list_supported_countries(include_aliases=False)
    if country not in countries:
        code = _country_code(country)
        form = "an ISO 3166-1 code of two capitals"
        raise SettingsError(
            f'No holidays are known for country "{country}".',
            way_out=f"Expected {code}, {form}."
            if code
            else f"Expected {form}, such as {', '.join(sorted(countries))}.",
        )
    places = [*countries[country], *holidays.country_holidays(country, expand=False).subdivisions_aliases]
    if subdivision is not None and subdivision not in places:
        code = subdivision.upper().removeprefix(f"{country}-")
        expected = f"{code}, or another one of {', '.join(places)}" if code in places else f"one of {', '.join(places)}"
        raise SettingsError(
            f'No subdivision "{subdivision}" is known in {country}.',
            way_out=f"Expected {expected}." if places else "Expected none: leave subdivision out.",
        )


def _country_code(text: str) -> str:
    """Return the code of a country that is written in lower case, with three letters or as its English name, or ""."""
    name = re.sub(r"[^a-z]+", "_", text.lower()).strip("_")
    for known_name, (_, code, *other_codes) in COUNTRIES.items():
        if name == known_name or text.upper() in (code, *other_codes):
            return code
    return ""


@lru_cache(maxsize=512)
def check_categories(country: str, categories: tuple[str, ...]) -> None:
    """Raise `SettingsError` and list the alternatives, unless the country has these categories of holidays."""
    supported = holidays.country_holidays(country, expand=False).supported_categories
    for category in categories:
        if category not in supported:
            raise SettingsError(
                f'The holidays of {country} have no category "{category}".',
                way_out=f"Expected categories out of {', '.join(sorted(supported))}.",
            )


def last_business_day(
    day: date, workdays: Collection[Weekday], is_holiday: Callable[[date], str | None], limit: int = 30
) -> date | None:
    """Return the last workday before ``day`` that is not a holiday, None if the ``limit`` days before have none."""
    for days in range(1, limit + 1):
        candidate = day - days * _DAY
        if is_workday(candidate, workdays) and is_holiday(candidate) is None:
            return candidate
    return None


def _length(schedule: Schedule) -> timedelta:
    if schedule.end <= schedule.start:
        raise CalendarUnavailable(
            f'Schedule "{schedule.name}" ends {schedule.end.isoformat()}, not after its start '
            f"{schedule.start.isoformat()}.",
            way_out="Correct it in the calendar.",
        )
    return schedule.end - schedule.start


def _starts(schedule: Schedule, first: datetime, last: datetime, zone: ZoneInfo | None) -> Iterator[datetime]:
    """Yield the starts of the occurrences between ``first`` and ``last``."""
    yield schedule.start
    if schedule.rrule:
        text = schedule.rrule.strip().removeprefix("RRULE:")
        try:
            refuse_wrong_rule(text)
            rule = rrulestr(_until_as_wall_time(text, zone), dtstart=schedule.start)
            yield from rule.between(first, last)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise CalendarUnavailable(
                f'The recurrence rule of schedule "{schedule.name}" cannot be understood: "{schedule.rrule}", {error}.',
                way_out="Correct it in the calendar.",
            ) from None


def _until_as_wall_time(rule: str, zone: ZoneInfo | None) -> str:
    """Convert an UNTIL in UTC to the wall time of ``zone``, because it is compared with wall times.

    An UNTIL that is a date includes the whole day.
    """

    def wall(match: re.Match[str]) -> str:
        if zone is None:
            raise ValueError("UNTIL is in UTC and the calendar's zone is not known")
        end = datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return f"UNTIL={end.astimezone(zone):%Y%m%dT%H%M%S}"

    return _UNTIL_DATE.sub(r"UNTIL=\1T235959", _UNTIL_UTC.sub(wall, rule))


@lru_cache(maxsize=512)
def _holidays_of_year(
    country: str, subdivision: str | None, year: int, categories: tuple[str, ...], language: str
) -> holidays.HolidayBase:
    return holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=year,
        expand=False,
        language=language,
        categories={"public", *categories},
    )
