"""Build the notice that is sent instead of a briefing. The same history, plan and instants give the same notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from worker.domain.briefing.content import Briefing, Notice, OpenPoint, OpenPoints
from worker.domain.briefing.history import DayFigures, History
from worker.domain.briefing.judging import group_target
from worker.domain.calendar.business_day import window_of
from worker.domain.groups import Group
from worker.domain.insights.follow_up import FOLLOWED_KINDS
from worker.domain.metrics import Metric
from worker.domain.rows import Rows
from worker.domain.runs import Run
from worker.domain.today.looking import LookingAhead, outlook_of
from worker.domain.today.plan import TodayPlan


def holiday_notice(
    group: Group,
    run: Run,
    generated_at: datetime,
    *,
    history: History,
    queue_names: Mapping[str, str],
    today: TodayPlan | None = None,
) -> Notice:
    """Return the notice of a run whose reporting day was a holiday.

    ``history``: the known days of the group. ``queue_names``: by id, as far as they are known. ``today``: the plan of
    the stand-up's own day.
    """
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
        today=outlook_of(today, _looking_ahead(group, history)) if today else None,
        open_points=_open_points(run, history, queue_names),
    )


def notice_without_interactions(briefing: Briefing) -> Notice:
    """Return the notice of a day that was no holiday and has no interactions."""
    follow_up = briefing.follow_up
    points = tuple(OpenPoint(outcome.point, outcome.name) for outcome in follow_up.points) if follow_up else ()
    return Notice(
        **briefing.subject,
        kind="no_interactions",
        today=briefing.today,
        open_points=OpenPoints(follow_up.day, points) if follow_up else None,
    )


def _looking_ahead(group: Group, history: History) -> LookingAhead:
    """Return what the outlook needs. Without rows, it is not known how soon an answer is in time."""

    def goal_of(medium: str) -> float | None:
        target = group_target(Metric.SERVICE_LEVEL, group, Rows((), ()), medium, ())
        return None if target.obstacle or isinstance(target.goal, tuple) else target.goal

    newest_day = max(history, default=None)
    medium = _leading_medium(history[newest_day]) if newest_day else None
    return LookingAhead(group, history, medium or group.media[0], goal_of, within_seconds=None)


def _leading_medium(day: DayFigures) -> str | None:
    """Return the medium with the most contacts of a day."""
    contacts = {medium: figures.counts.offered or 0 for medium, figures in day.media.items()}
    return max(contacts, key=lambda medium: contacts[medium]) if contacts else day.medium or None


def _open_points(run: Run, history: History, queue_names: Mapping[str, str]) -> OpenPoints | None:
    day = run.last_business_day
    remembered = history[day].points if day and day in history else None
    points = [point for point in remembered or () if point.kind in FOLLOWED_KINDS]
    if day is None or not points:
        return None
    return OpenPoints(day, tuple(OpenPoint(point, queue_names.get(point.queue_id or "", "")) for point in points))
