"""With whom a run shares what it asks: the groups of one morning that need the same window from the same source.

Every worker knows the group file, so every worker finds the same groups; the first run to come asks for all of them.
A rerun shares nothing: it is made to get newer figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from worker import wiring
from worker.domain.backoff import MAX_ATTEMPTS
from worker.domain.calendar.schedule import Due, due_groups
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId, RunState, Step
from worker.errors import PermanentError
from worker.genesys.sharing.plan import Sharing
from worker.genesys.source import Order, Source
from worker.services import runs as chain
from worker.services.order import order_for
from worker.state.single_flight import SingleFlight
from worker.wiring import Parts

AHEAD = timedelta(hours=2)
"""Groups that are to begin within this time are asked for as well: their day is over, and its figures are settled."""

_BEFORE_ROWS = (Step.HOLIDAY_CHECK, Step.EXPORT, Step.POLL)


def source_of(parts: Parts, group: Group, run: Run) -> Source:
    """The group's source for a run, sharing with the runs of its morning.

    The last attempt is made alone: what keeps failing may be another group's trouble.
    """
    shares = run.id.revision == 1 and run.attempts + 1 < MAX_ATTEMPTS
    companions = partial(_companions, parts, group) if shares else None
    sharing = Sharing(flights(parts, run.id), companions, lambda count: parts.runs.set(run.id, shared=count))
    return parts.source(group, run.id, sharing)


def flights(parts: Parts, run_id: RunId) -> SingleFlight:
    """Asks on behalf of a run what only one run shall ask."""

    def wake(waiting: Iterable[str]) -> None:
        chain.wake(parts.runs, waiting, "what another run asked for is there")

    return SingleFlight(parts.redis, str(run_id), wake)


def _companions(parts: Parts, group: Group, order: Order) -> Iterator[Order]:
    """The orders of all groups that can be served with this one, its own included, the earliest stand-up first."""
    for due in _of_this_morning(parts.group_file().groups, wiring.now()):
        other = due.group
        if (other.organisation, other.source, other.media) != (group.organisation, group.source, group.media):
            continue
        try:
            asked = order_for(other, due.reporting_day, 1)
        except PermanentError:
            continue  # its own run says so
        if asked.window == order.window and _needs_rows(parts, RunId(other.key, due.reporting_day)):
            yield asked


def _of_this_morning(groups: Iterable[Group], now: datetime) -> list[Due]:
    """Those that are due, and those that soon will be; a group on the eve of its next stand-up may be both."""
    found = {(due.group.key, due.reporting_day): due for at in (now, now + AHEAD) for due in due_groups(at, groups)}
    in_time = (due for due in found.values() if due.catch_up_until >= now)
    return sorted(in_time, key=lambda due: (due.standup_at.astimezone(UTC), due.group.key))


def _needs_rows(parts: Parts, run_id: RunId) -> bool:
    run = parts.runs.get(run_id)
    return run is None or (run.state == RunState.OPEN and run.step in _BEFORE_ROWS)
