"""Refreshes look-ups outside the morning, so that a morning finds them stored and requests only figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import structlog

from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import GuideCalendar, ScheduleGroupCalendar
from worker.errors import PermanentError, TransientError
from worker.genesys.access import OrganisationAccess
from worker.genesys.answer_cache import AnswerCache, Flights
from worker.genesys.api.session import Session
from worker.genesys.lookups import holidays
from worker.genesys.lookups.queues import Lookups
from worker.genesys.wfm import refresh as plans
from worker.groupfiles.reloading import Groups
from worker.state.runs import Runs
from worker.state.token_bucket import LAST_RANK

log = structlog.get_logger("standup.refresh")


@dataclass(frozen=True, slots=True)
class LookupRefresh:
    """Refreshes old look-ups of all organisations. Its requests come after those of every stand-up."""

    runs: Runs
    groups: Groups
    organisations: OrganisationAccess
    flights: Flights

    def refresh(self) -> int:
        """Refresh a part of what is old, unless briefings are under way. Return how many requests that took.

        It stops when others need the quota, and continues with the next call.
        """
        if self.runs.open_count():
            return 0
        groups = [group for group in self.groups.file().groups if group.enabled]
        names = dict.fromkeys(group.organisation for group in groups)
        return sum(
            self._refresh_organisation(name, [group for group in groups if group.organisation == name])
            for name in names
        )

    def _refresh_organisation(self, name: str, groups: list[Group]) -> int:
        try:
            session = self.organisations.open_session(name, rank=LAST_RANK)
        except PermanentError as error:
            log.warning("look-ups not refreshed", organisation=name, because=error.code)
            return 0
        cache = AnswerCache(self.organisations.answers_of(name), session.organisation.client_key, self.flights)
        try:
            _refresh_lookups(session, cache, groups)
        except (TransientError, PermanentError) as error:
            log.info("look-ups refreshed in part", organisation=name, because=error.code)
        return session.requests_sent


def _refresh_lookups(session: Session, cache: AnswerCache, groups: Sequence[Group]) -> None:
    for calendar in dict.fromkeys(_remote_calendars(groups)):
        holidays.refresh(session, calendar, cache)
    # the guide's rows name the agents themselves, so these groups need no queue members
    names = (name for group in groups if group.source != "reporting" for name in group.queues)
    Lookups(session, cache).refresh_stale(names)
    management_units = (unit for group in groups if group.plans_today for unit in group.management_units)
    plans.refresh_stale(session, cache, management_units)


def _remote_calendars(groups: Iterable[Group]) -> Iterator[ScheduleGroupCalendar | GuideCalendar]:
    for group in groups:
        if isinstance(group.calendar, ScheduleGroupCalendar | GuideCalendar):
            yield group.calendar
