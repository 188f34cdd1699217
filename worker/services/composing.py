"""From rows to the briefing, or from a holiday to the notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import structlog

from worker.domain.briefing.codec import decode_figures
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.briefing.corrections import EarlierRevision
from worker.domain.briefing.history import KEPT_DAYS, TREND_DAYS, WEEKS_BACK
from worker.domain.calendar.business_day import is_workday, window_of
from worker.domain.compose import build
from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import CountryCalendar, IcalCalendar
from worker.domain.rows import Gap, Rows
from worker.domain.runs import Run
from worker.errors import CalendarUnavailable, MalformedAnswer
from worker.services import holidays as calendar
from worker.state.artifacts import of_run
from worker.wiring import Parts

FIGURES = "figures.json"
"""A run's sums, beside its rows: what a later revision is held against."""

log = structlog.get_logger("standup.content")


def briefing_of(parts: Parts, group: Group, run: Run, rows: Rows, generated_at: datetime) -> Briefing:
    """The briefing of a run's rows, set against what the history knows."""
    day = run.briefed_day
    return build(
        run_id=str(run.id),
        group=group,
        reporting_day=day,
        revision=run.id.revision,
        window=window_of(day, group.tz),
        generated_at=generated_at.astimezone(group.tz),
        rows=_with_assumption(rows, run.assumed_open),
        history=parts.history.days(group.key),
        business_days=business_days_before(parts, group, day),
        earlier=_earlier(parts, run),
    )


def _earlier(parts: Parts, run: Run) -> EarlierRevision | None:
    """The figures of the newest earlier revision that had some of the same day: a calendar that was mended since may
    have it about another one. Unreadable ones are as good as none.
    """
    for revision in range(run.id.revision - 1, 0, -1):
        earlier = run.id.revised(revision)
        name, kept = of_run(earlier, FIGURES), parts.runs.get(earlier)
        if (kept is None or kept.briefed_day == run.briefed_day) and parts.artifacts.exists(name):
            try:
                return EarlierRevision(revision, decode_figures(parts.artifacts.get(name)))
            except MalformedAnswer as error:
                log.warning("an earlier revision's figures are unreadable", revision=revision, error=str(error))
    return None


def _with_assumption(rows: Rows, assumed_open: str) -> Rows:
    if not assumed_open:
        return rows
    return replace(rows, gaps=(*rows.gaps, Gap("assumed_open", assumed_open)))


def business_days_before(parts: Parts, group: Group, day: date) -> tuple[date, ...]:
    """The group's business days in the four weeks before ``day``, and back until the trend is full, oldest first.

    Only calendars that are at hand are asked; of a calendar across the network the history tells enough, since a
    holiday leaves no figures there.
    """
    found: list[date] = []
    for back in range(1, KEPT_DAYS + 1):
        if back > 7 * WEEKS_BACK and len(found) >= TREND_DAYS:
            break
        each = day - timedelta(days=back)
        if is_workday(each, group.workdays) and _open(parts, group, each):
            found.append(each)
    return tuple(reversed(found))


def _open(parts: Parts, group: Group, day: date) -> bool:
    """Context is not worth a briefing: where the calendar cannot be read (any more) the day counts as open."""
    if not isinstance(group.calendar, CountryCalendar | IcalCalendar):
        return True
    try:
        return calendar.holiday_on(parts, group, day) is None
    except CalendarUnavailable:
        return True


def notice_of(group: Group, run: Run, generated_at: datetime) -> Notice:
    """The notice of a run whose reporting day was a holiday."""
    return Notice(
        run_id=str(run.id),
        group_key=group.key,
        group_title=group.title,
        reporting_day=run.briefed_day,
        revision=run.id.revision,
        window=window_of(run.briefed_day, group.tz),
        zone=group.zone,
        generated_at=generated_at.astimezone(group.tz),
        kind="holiday",
        holiday_name=run.holiday_name,
        last_business_day=run.last_business_day,
        language=group.language,
    )


def nothing_recorded(briefing: Briefing) -> Notice:
    """The notice of a day that was no holiday and yet shows no interactions."""
    return Notice(**briefing.subject, kind="no_interactions")
