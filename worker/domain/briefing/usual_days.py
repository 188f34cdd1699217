"""Choose the past days that say what is usual on a reporting day.

A day after a holiday, a day with next to no contacts or a Saturday differs for a reason that is known. It would widen
the range of the other days, and theirs says nothing about it.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from worker.domain.briefing.history import USUAL_DAYS, History
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
    """It is the first business day after a holiday or a closure."""
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


def usual_days(
    reporting_day: date, business_days: Collection[date], workdays: Collection[Weekday], history: History
) -> UsualDays:
    """Choose among the business days before the reporting day, which may be given in any order."""
    earlier_days = sorted(day for day in set(business_days) if day < reporting_day)
    candidates = earlier_days[-USUAL_DAYS:]
    left_out = {day: reason for day in candidates if (reason := _reason_of_itself(day, history))}
    after_closure = {day for day in candidates if _is_after_closure(day, earlier_days, workdays)}
    known_days = [day for day in candidates if day not in left_out]
    if _is_after_closure(reporting_day, earlier_days, workdays):
        similar = [day for day in known_days if day in after_closure]
        ordinary_days = {day: LeftOut.AFTER_CLOSURE for day in known_days if day not in after_closure}
        if len(similar) < FEWEST_DAYS:
            return UsualDays((), left_out | ordinary_days | dict.fromkeys(similar, LeftOut.AFTER_CLOSURE), True)
        return UsualDays(tuple(similar), left_out | ordinary_days)
    left_out |= {day: LeftOut.AFTER_CLOSURE for day in known_days if day in after_closure}
    offered = {day: history[day].counts.offered for day in known_days if day not in left_out}
    contacts = {day: count for day, count in offered.items() if count is not None}
    left_out |= _of_other_weekdays(reporting_day.weekday(), contacts)
    left_out |= _with_few_contacts({day: count for day, count in contacts.items() if day not in left_out})
    return UsualDays(tuple(day for day in known_days if day not in left_out), left_out)


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


def _of_other_weekdays(weekday: int, contacts: Mapping[date, int]) -> dict[date, LeftOut]:
    """Return the days of another kind than the reporting day's weekday."""
    special = {day.weekday() for day in contacts if _is_special(day.weekday(), contacts)}
    same_kind = {weekday} if weekday in special else set(range(7)) - special
    return {day: LeftOut.OTHER_WEEKDAY for day in contacts if day.weekday() not in same_kind}


def _is_special(weekday: int, contacts: Mapping[date, int]) -> bool:
    contacts_of_weekday = [count for day, count in contacts.items() if day.weekday() == weekday]
    rest = [count for day, count in contacts.items() if day.weekday() != weekday]
    if not contacts_of_weekday or not rest:
        return False
    return not OTHER_WEEKDAY_BELOW * median(rest) <= median(contacts_of_weekday) <= OTHER_WEEKDAY_ABOVE * median(rest)


def _with_few_contacts(contacts: Mapping[date, int]) -> dict[date, LeftOut]:
    least = FEW_CONTACTS * median(contacts.values()) if contacts else 0
    return {day: LeftOut.FEW_CONTACTS for day, count in contacts.items() if count < least}
