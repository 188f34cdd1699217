"""Look-ups are asked for anew outside the morning, so that a morning finds them and asks for figures alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import structlog

from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import GuideCalendar, ScheduleGroupCalendar
from worker.errors import PermanentError, TransientError
from worker.genesys.answer_cache import AnswerCache
from worker.genesys.api.session import Session
from worker.genesys.lookups import holidays
from worker.genesys.lookups.queues import Lookups
from worker.state.single_flight import SingleFlight
from worker.state.token_bucket import LAST_RANK
from worker.wiring import Parts

log = structlog.get_logger("standup.refresh")


def refresh(parts: Parts) -> int:
    """Ask anew what is old of all organisations' look-ups, behind every stand-up; how many requests that took.

    Stops where the quota is wanted elsewhere, and goes on when it is called again.
    """
    groups = [group for group in parts.group_file().groups if group.enabled]
    names = dict.fromkeys(group.organisation for group in groups)
    return sum(_refresh(parts, name, [group for group in groups if group.organisation == name]) for name in names)


def _refresh(parts: Parts, organisation: str, groups: list[Group]) -> int:
    try:
        session = parts.session(organisation, rank=LAST_RANK)
    except PermanentError as error:
        log.warning("look-ups not refreshed", organisation=organisation, because=error.code)
        return 0
    flights = SingleFlight(parts.redis, "refresh", lambda _: None)
    kept = AnswerCache(parts.answers(organisation), session.organisation.client_key, flights)
    try:
        _ask(session, kept, groups)
    except (TransientError, PermanentError) as error:
        log.info("look-ups refreshed in part", organisation=organisation, because=error.code)
    return session.requests_sent


def _ask(session: Session, kept: AnswerCache, groups: Iterable[Group]) -> None:
    for calendar in dict.fromkeys(_calendars(groups)):
        holidays.refresh(session, calendar, kept)
    # the guide's wire tells who has served, and needs no members
    names = (name for group in groups if group.source != "reporting" for name in group.queues)
    Lookups(session, kept).refresh_stale(names)


def _calendars(groups: Iterable[Group]) -> Iterator[ScheduleGroupCalendar | GuideCalendar]:
    for group in groups:
        if isinstance(group.calendar, ScheduleGroupCalendar | GuideCalendar):
            yield group.calendar
