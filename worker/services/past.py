"""Gives a new group a past: four weeks of its queues, asked for once, so that its first briefing has a context."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import structlog

from worker.domain.briefing.history import WEEKS_BACK, figures_of
from worker.domain.calendar.business_day import window_of
from worker.domain.groups import Group
from worker.domain.rows import Rows, Window
from worker.domain.runs import RunId
from worker.errors import StandupError
from worker.genesys.queries.past import past_days
from worker.wiring import Parts

BEFORE_ANY_RUN = 0
"""The revision of a day that was never briefed: the figures of any run take its place."""

ENOUGH = timedelta(days=14)
"""A group that knows a day so long ago, or as many days, is new no more."""

log = structlog.get_logger("standup.past")


def remember(parts: Parts, group: Group, day: date, run_id: RunId) -> int:
    """Fetch and keep the four weeks before ``day`` if the group is new; how many days that gave.

    Only source ``queries`` can tell of earlier days at the price of a request; the others fill the history day by day.
    Whatever goes wrong is logged and costs the briefing its context, never the briefing; the next one tries again.
    """
    if group.source != "queries" or not is_new(parts.history.days(group.key), day):
        return 0
    try:
        first, last = window_of(day - timedelta(weeks=WEEKS_BACK), group.tz), window_of(day, group.tz)
        window = Window(first.start, last.start)
        session, answers = parts.session(group.organisation, run_id), parts.answers(group.organisation)
        days = past_days(session, answers, window, group.tz, group.queues, group.media)
    except StandupError as error:
        log.warning("a new group's past was not told", because=error.code, error=str(error))
        return 0
    for each, intervals in days.items():
        parts.history.record(group.key, each, BEFORE_ANY_RUN, figures_of(Rows((), intervals)))
    log.info("a new group's past is known", days=len(days))
    return len(days)


def is_new(known: Collection[date], day: date) -> bool:
    """Whether so little is known of the days before ``day`` that asking is worth a request."""
    before = [each for each in known if each < day]
    return len(before) < ENOUGH.days and all(each > day - ENOUGH for each in before)
