"""Historical adherence: the bulk job's body, and how its files become figures by agent. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from worker.domain.rows import Window
from worker.genesys.api.instants import utc_text
from worker.genesys.api.shapes import Actual, AdherenceFile, DayMetrics, ExceptionInfo, UserAdherence

EXCEPTIONS_UP_TO = timedelta(days=7)
"""Longer windows are refused when exceptions are asked for."""

_NOT_WORK = frozenset({"Unscheduled", "TimeOff", "Unavailable", None})
_NOT_THERE = frozenset({"Unavailable", "Unscheduled"})


@dataclass(frozen=True, slots=True)
class AgentAdherence:
    """Seconds and counts over the window; None where there is no schedule to adhere to or nothing is told."""

    scheduled_seconds: int | None
    exception_seconds: int | None
    exceptions: int | None
    late_logins: int | None


def bulk_query(window: Window, zone: str, management_units: Iterable[str]) -> dict[str, object]:
    """One item a management unit; ``zone`` defines the days."""
    detailed = window.end - window.start <= EXCEPTIONS_UP_TO
    return {
        "items": [
            {
                "managementUnitId": unit,
                "startDate": utc_text(window.start),
                "endDate": utc_text(window.end),
                "includeExceptions": detailed,
                "includeActuals": detailed,
            }
            for unit in management_units
        ],
        "timeZone": zone,
    }


def by_agent(files: Iterable[AdherenceFile]) -> dict[str, AgentAdherence]:
    """Figures of all agents in the files, by user id."""
    return {user.user_id: _of(user) for file in files for user in file.user_results or ()}


def _of(user: UserAdherence) -> AgentAdherence:
    days = [day for day in user.day_metrics or () if _defined(day)]
    return AgentAdherence(
        scheduled_seconds=_total(day.adherence_schedule_seconds for day in days),
        exception_seconds=_total(day.exception_duration_seconds for day in days),
        exceptions=_total(day.exception_count for day in days),
        late_logins=_late_logins(user) if days else None,
    )


def _defined(day: DayMetrics) -> bool:
    """A day without schedule has no adherence, nor has one on which nothing at all was recorded."""
    return bool(day.adherence_schedule_seconds) and day.actual_length_seconds != 0


def _total(amounts: Iterable[float | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return round(sum(known)) if known else None


def _late_logins(user: UserAdherence) -> int | None:
    """Exceptions with which a schedule begins, the agent not being there yet; None without exception details."""
    if user.exception_info is None:
        return None
    return sum(_is_late_login(one, user) for one in user.exception_info)


def _is_late_login(one: ExceptionInfo, user: UserAdherence) -> bool:
    """The agent was expected at work and away, and this is where it begins: nothing of the kind happened before.

    The file does not hold the schedule itself. An agent who is away when the schedule begins has the exception begin
    with it; one who leaves later was there before, which shows in the actuals.
    """
    away = one.system_presence == "Offline" or one.actual_activity_category in _NOT_THERE
    if one.scheduled_activity_category in _NOT_WORK or not away:
        return False
    earlier = any(other.start_offset_seconds < one.start_offset_seconds for other in user.exception_info or ())
    return not earlier and not any(_was_there(actual, one) for actual in user.actuals or ())


def _was_there(actual: Actual, before: ExceptionInfo) -> bool:
    return (
        actual.start_offset_seconds < before.start_offset_seconds and actual.actual_activity_category not in _NOT_THERE
    )
