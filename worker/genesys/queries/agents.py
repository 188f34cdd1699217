"""The group's agents on a day: members of its queues, with their times and their adherence. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from worker.domain.rows import AgentDay
from worker.genesys.adherence.figures import AgentAdherence

_NOTHING = AgentAdherence(None, None, None, None)


def agent_days(
    memberships: Mapping[str, Iterable[str]],
    names: Mapping[str, str],
    times: Mapping[str, Mapping[str, int]],
    adherence: Mapping[str, AgentAdherence],
) -> tuple[AgentDay, ...]:
    """Return a row for each member with times or a schedule, by name. ``memberships`` are queue names by user id.

    A member without times and without a schedule was absent and is left out: memberships say who may serve a queue, not
    who did. Agents outside the group's queues are left out, even if their management unit belongs to the group.
    """
    present_users = (user for user in memberships if user in times or user in adherence)
    days = (_day(user, memberships, names, times.get(user), adherence.get(user, _NOTHING)) for user in present_users)
    return tuple(sorted(days, key=lambda day: (day.name.casefold(), day.user_id)))


def _day(
    user: str,
    memberships: Mapping[str, Iterable[str]],
    names: Mapping[str, str],
    times: Mapping[str, int] | None,
    adherence: AgentAdherence,
) -> AgentDay:
    return AgentDay(
        user_id=user,
        name=names.get(user) or user,
        queues=tuple(memberships[user]),
        interacting_ms=times["INTERACTING"] if times else None,
        communicating_ms=times["COMMUNICATING"] if times else None,
        idle_ms=times["IDLE"] if times else None,
        scheduled_seconds=adherence.scheduled_seconds,
        exception_seconds=adherence.exception_seconds,
        exceptions=adherence.exceptions,
        late_logins=adherence.late_logins,
    )


def without_name(names: Mapping[str, str]) -> Iterator[str]:
    """Yield the users whose membership has no name."""
    return (user for user, name in names.items() if not name)
