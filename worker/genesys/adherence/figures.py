"""Historical adherence: the bulk job's body, and how its files become figures by agent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from worker.domain.rows import Window
from worker.genesys.api.instants import utc_text
from worker.genesys.api.shapes import Actual, AdherenceFile, DayMetrics, ExceptionInfo, UserAdherence

EXCEPTIONS_UP_TO = timedelta(days=7)
"""Longer windows are refused when exceptions are asked for."""

_ROUNDING = 1.05
"""Also a day of 25 hours."""

_NOT_WORK = frozenset({"Unscheduled", "TimeOff", "Unavailable", None})
_NOT_THERE = frozenset({"Unavailable", "Unscheduled"})


@dataclass(frozen=True, slots=True)
class AgentAdherence:
    """Seconds and counts over the window. None without a schedule, or if the source does not say."""

    scheduled_seconds: int | None
    exception_seconds: int | None
    exceptions: int | None
    late_logins: int | None


def bulk_query(window: Window, zone: str, management_units: Iterable[str]) -> dict[str, object]:
    """Return the body of the bulk query, one item for each management unit. ``zone`` defines the days."""
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
    """Return figures of all agents in the files, by user id.

    An agent who moved from one management unit to another is in the files of both, each with a part of the schedule. A
    result that a unit has twice counts once.
    """
    agents: dict[str, AgentAdherence] = {}
    results = dict.fromkeys((file.management_unit_id, user) for file in files for user in file.user_results or ())
    for _, user in results:
        figures = _agent_adherence(user)
        agents[user.user_id] = _added(agents[user.user_id], figures) if user.user_id in agents else figures
    return agents


def impossible_agents(agents: Mapping[str, AgentAdherence], window: Window) -> frozenset[str]:
    """Return the ids of agents with more scheduled time than the window has, as if seconds were milliseconds."""
    longest = (window.end - window.start).total_seconds() * _ROUNDING
    return frozenset(user_id for user_id, agent in agents.items() if (agent.scheduled_seconds or 0) > longest)


def _added(first: AgentAdherence, second: AgentAdherence) -> AgentAdherence:
    """Add two parts. A part without a schedule adds nothing, and an unknown exception time makes the sum unknown."""
    if first.scheduled_seconds is None or second.scheduled_seconds is None:
        return second if first.scheduled_seconds is None else first
    return AgentAdherence(
        scheduled_seconds=first.scheduled_seconds + second.scheduled_seconds,
        exception_seconds=_sum_or_none(first.exception_seconds, second.exception_seconds),
        exceptions=_sum_or_none(first.exceptions, second.exceptions),
        late_logins=_sum_or_none(first.late_logins, second.late_logins),
    )


def _sum_or_none(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second


def _agent_adherence(user: UserAdherence) -> AgentAdherence:
    days = [day for day in user.day_metrics or () if _defined(day)]
    return AgentAdherence(
        scheduled_seconds=_total(day.adherence_schedule_seconds for day in days),
        exception_seconds=_total(day.exception_duration_seconds for day in days),
        exceptions=_total(day.exception_count for day in days),
        late_logins=_late_logins(user) if days else None,
    )


def _defined(day: DayMetrics) -> bool:
    """A day without a schedule has no adherence, nor has a day on which nothing was recorded."""
    nothing_recorded = day.actual_length_seconds is not None and day.actual_length_seconds <= 0
    return bool(day.adherence_schedule_seconds) and not nothing_recorded


def _total(amounts: Iterable[float | None]) -> int | None:
    """Add up the days. One that is not known makes the sum unknown."""
    all_amounts = list(amounts)
    return round(sum(amount or 0.0 for amount in all_amounts)) if all_amounts and None not in all_amounts else None


def _late_logins(user: UserAdherence) -> int | None:
    """Count the exceptions with which a schedule begins because the agent is absent.

    None without exception details, or if a period does not say when it began.
    """
    periods: tuple[ExceptionInfo | Actual, ...] = (*(user.exception_info or ()), *(user.actuals or ()))
    if user.exception_info is None or any(period.start_offset_seconds is None for period in periods):
        return None
    return sum(_is_late_login(exception, user) for exception in user.exception_info)


def _is_late_login(exception: ExceptionInfo, user: UserAdherence) -> bool:
    """Return whether the agent was absent when the working day began.

    The file does not contain the schedule itself. If an agent is absent when the schedule begins, the exception begins
    with it. An agent who leaves later was present before, which the actuals show.
    """
    is_away = exception.system_presence == "Offline" or exception.actual_activity_category in _NOT_THERE
    if exception.scheduled_activity_category in _NOT_WORK or not is_away:
        return False
    has_earlier = any(_began_before(earlier_exception, exception) for earlier_exception in user.exception_info or ())
    was_present = any(
        _began_before(actual, exception) and actual.actual_activity_category not in _NOT_THERE
        for actual in user.actuals or ()
    )
    return not has_earlier and not was_present


def _began_before(period: ExceptionInfo | Actual, exception: ExceptionInfo) -> bool:
    return (period.start_offset_seconds or 0) < (exception.start_offset_seconds or 0)
