"""Choose the past days that say what is usual on a reporting day.

A day after a holiday, a day with next to no contacts or a Saturday differs for a reason that is known. It would widen
the range of the other days, and theirs says nothing about it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from worker.domain.briefing.history import KEPT_DAYS, USUAL_DAYS, WEEKS_BACK, History
from worker.domain.calendar.business_day import is_workday
from worker.domain.groups import Weekday
from worker.domain.usual.past_days import FEWEST_DAYS

FEW_CONTACTS = 0.25
"""A day with a smaller share of the median contacts is left out."""

OTHER_WEEKDAY_BELOW, OTHER_WEEKDAY_ABOVE = 0.5, 2.0
"""A weekday whose median is below or above these shares of all other days' median is a kind of its own."""


class LeftOut(enum.StrEnum):
    """Why a past business day does not say what is usual."""

    UNKNOWN = "unknown"
    INCOMPLETE = "incomplete"
    AFTER_CLOSURE = "after_closure"
    """It is the first business day after a holiday or a closure, and the reporting day is not, or the reverse."""
    OTHER_WEEKDAY = "other_weekday"
    """Its weekday has far more or fewer contacts than that of the reporting day."""
    FEW_CONTACTS = "few_contacts"


@dataclass(frozen=True, slots=True)
class UsualDays:
    """The days that count, oldest first, and why each of the others does not.

    ``is_after_closure``: the reporting day itself is the first after a holiday, and too few such days are known.
    """

    days: tuple[date, ...]
    left_out: Mapping[date, LeftOut]
    is_after_closure: bool = False


def comparison_days(
    day: date, workdays: Collection[Weekday], is_business_day: Callable[[date], bool], history: History
) -> tuple[date, ...]:
    """Return the business days before ``day`` that its briefing needs, oldest first.

    They are those of four weeks, or more until `USUAL_DAYS` are of the kind of ``day`` and one is older than these.
    ``is_business_day`` is asked only about workdays.
    """
    days: list[date] = []
    for distance in range(1, KEPT_DAYS + 1):
        if distance > 7 * WEEKS_BACK and _are_enough(day, days, workdays, history):
            break
        candidate = day - timedelta(days=distance)
        if is_workday(candidate, workdays) and is_business_day(candidate):
            days.insert(0, candidate)
    return tuple(days)


def _are_enough(day: date, earlier_days: Sequence[date], workdays: Collection[Weekday], history: History) -> bool:
    """Return whether `USUAL_DAYS` are of the kind of ``day``, and the day before the first of them is known."""
    candidates = _days_of_kind(day, earlier_days, workdays, history)
    return len(candidates) == USUAL_DAYS and candidates[0] > earlier_days[0]


def usual_days(
    reporting_day: date, business_days: Collection[date], workdays: Collection[Weekday], history: History
) -> UsualDays:
    """Choose among the business days before the reporting day, which may be given in any order."""
    earlier_days = sorted(day for day in set(business_days) if day < reporting_day)
    is_after_closure = _is_after_closure(reporting_day, earlier_days, workdays)
    candidates = _days_of_kind(reporting_day, earlier_days, workdays, history)
    other_kind = LeftOut.AFTER_CLOSURE if is_after_closure else LeftOut.OTHER_WEEKDAY
    left_out = {day: other_kind for day in earlier_days[-USUAL_DAYS:] if day not in candidates}
    left_out |= {day: reason for day in candidates if (reason := _reason_of_itself(day, history))}
    if is_after_closure:
        similar_days = tuple(day for day in candidates if day not in left_out)
        if len(similar_days) >= FEWEST_DAYS:
            return UsualDays(similar_days, left_out)
        return UsualDays((), left_out | dict.fromkeys(similar_days, LeftOut.AFTER_CLOSURE), True)
    after_closure = [day for day in candidates if _is_after_closure(day, earlier_days, workdays)]
    left_out = dict.fromkeys(after_closure, LeftOut.AFTER_CLOSURE) | left_out
    left_out |= _with_few_contacts(_contacts([day for day in candidates if day not in left_out], history))
    return UsualDays(tuple(day for day in candidates if day not in left_out), left_out)


def _days_of_kind(
    reporting_day: date, earlier_days: Sequence[date], workdays: Collection[Weekday], history: History
) -> list[date]:
    """Return the last `USUAL_DAYS` days of the kind of the reporting day, oldest first, whether they are known or not.

    A kind are the days after a holiday or closure, a weekday that differs from the others, or all other weekdays.
    """
    after_closure = {day for day in earlier_days if _is_after_closure(day, earlier_days, workdays)}
    if _is_after_closure(reporting_day, earlier_days, workdays):
        return [day for day in earlier_days if day in after_closure][-USUAL_DAYS:]
    last_days = [day for day in earlier_days[-USUAL_DAYS:] if not _reason_of_itself(day, history)]
    contacts = _contacts([day for day in last_days if day not in after_closure], history)
    weekdays = _weekdays_of_kind(reporting_day.weekday(), contacts)
    return [day for day in earlier_days if day.weekday() in weekdays][-USUAL_DAYS:]


def _reason_of_itself(day: date, history: History) -> LeftOut | None:
    if day not in history:
        return LeftOut.UNKNOWN
    return None if history[day].whole else LeftOut.INCOMPLETE


def _is_after_closure(day: date, business_days: Collection[date], workdays: Collection[Weekday]) -> bool:
    """Return whether the workday before was no business day. Before the first known one that is not known."""
    week = (day - timedelta(days=distance) for distance in range(1, 8))
    workday_before = next((earlier for earlier in week if is_workday(earlier, workdays)), None)
    known_since = min(business_days, default=day)
    return workday_before is not None and workday_before >= known_since and workday_before not in business_days


def _contacts(days: Iterable[date], history: History) -> dict[date, int]:
    """Return the contacts of known days, without those of which they are not known."""
    offered = {day: history[day].counts.offered for day in days}
    return {day: count for day, count in offered.items() if count is not None}


def _weekdays_of_kind(weekday: int, contacts: Mapping[date, int]) -> set[int]:
    """Return the weekdays of the same kind as ``weekday``: itself alone, or all that are no kind of their own."""
    special = {day.weekday() for day in contacts if _is_special(day.weekday(), contacts)}
    return {weekday} if weekday in special else set(range(7)) - special


def _is_special(weekday: int, contacts: Mapping[date, int]) -> bool:
    contacts_of_weekday = [count for day, count in contacts.items() if day.weekday() == weekday]
    rest = [count for day, count in contacts.items() if day.weekday() != weekday]
    if not contacts_of_weekday or not rest:
        return False
    return not OTHER_WEEKDAY_BELOW * median(rest) <= median(contacts_of_weekday) <= OTHER_WEEKDAY_ABOVE * median(rest)


def _with_few_contacts(contacts: Mapping[date, int]) -> dict[date, LeftOut]:
    least = FEW_CONTACTS * median(contacts.values()) if contacts else 0
    return {day: LeftOut.FEW_CONTACTS for day, count in contacts.items() if count < least}
