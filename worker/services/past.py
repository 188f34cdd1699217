"""Gives a new group a history: six weeks of its queues, requested once, so that its first briefing has comparisons."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from worker.domain.briefing.history import PAST_WEEKS, figures_of
from worker.domain.calendar.business_day import window_of
from worker.domain.groups import Group
from worker.domain.rows import Rows, Window
from worker.domain.runs import RunId
from worker.errors import StandupError
from worker.genesys.access import OrganisationAccess
from worker.genesys.queries.past import past_days
from worker.state.history import History

BEFORE_ANY_RUN = 0
"""The revision of a day that was never briefed. The figures of any run replace it."""

ENOUGH = timedelta(days=14)
"""A group whose history reaches back this far, or has as many days, is no longer new."""

log = structlog.get_logger("standup.past")


@dataclass(frozen=True, slots=True)
class PastDays:
    """Requests and records the past days of new groups."""

    history: History
    organisations: OrganisationAccess

    def record(self, group: Group, day: date, run_id: RunId) -> int:
        """Record the six weeks before ``day`` if the group is new. Return how many days that gave.

        Only the source ``queries`` returns earlier days with one request. The history of the others grows day by day.
        An error is logged. It costs the briefing its comparisons, never the briefing, and the next run tries again.
        """
        if group.source != "queries" or not is_new(self.history.known_days(group.key), day):
            return 0
        try:
            first, last = window_of(day - timedelta(weeks=PAST_WEEKS), group.tz), window_of(day, group.tz)
            window = Window(first.start, last.start)
            session = self.organisations.open_session(group.organisation, run_id)
            answers = self.organisations.answers_of(group.organisation)
            days = past_days(session, answers, window, group.tz, group.queues, group.media)
        except StandupError as error:
            log.warning("past of a new group not fetched", because=error.code, error=str(error))
            return 0
        for past_day, intervals in days.items():
            self.history.record(group.key, past_day, BEFORE_ANY_RUN, figures_of(Rows((), intervals)))
        log.info("past of a new group recorded", days=len(days))
        return len(days)


def is_new(known_days: Collection[date], day: date) -> bool:
    """Tell whether so little is known of the days before ``day`` that it is worth a request."""
    earlier_days = [known_day for known_day in known_days if known_day < day]
    return len(earlier_days) < ENOUGH.days and all(earlier_day > day - ENOUGH for earlier_day in earlier_days)
