"""From rows to the briefing, or from a holiday to the notice."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from worker.services.holidays import Holidays
from worker.state.artifacts import FIGURES, Artifacts, of_run
from worker.state.history import History
from worker.state.runs import Runs

log = structlog.get_logger("standup.content")


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes briefings from rows, the group's history and the revision before."""

    runs: Runs
    artifacts: Artifacts
    history: History
    holidays: Holidays

    def briefing_of(self, group: Group, run: Run, rows: Rows, generated_at: datetime) -> Briefing:
        """Return the briefing of a run's rows, compared with the history."""
        day = run.briefed_day
        return build(
            run_id=str(run.id),
            group=group,
            reporting_day=day,
            revision=run.id.revision,
            window=window_of(day, group.tz),
            generated_at=generated_at.astimezone(group.tz),
            rows=_with_assumption(rows, run.assumed_open),
            history=self.history.days(group.key),
            business_days=business_days_before(self.holidays, group, day),
            earlier=self._earlier_figures(run),
        )

    def _earlier_figures(self, run: Run) -> EarlierRevision | None:
        """Return the figures of the newest earlier revision of the same day that has readable ones.

        An earlier revision may be about another day, if the calendar was corrected in between.
        """
        for revision in range(run.id.revision - 1, 0, -1):
            earlier_id = run.id.revised(revision)
            name, earlier_run = of_run(earlier_id, FIGURES), self.runs.get(earlier_id)
            same_day = earlier_run is None or earlier_run.briefed_day == run.briefed_day
            if same_day and self.artifacts.exists(name):
                try:
                    return EarlierRevision(revision, decode_figures(self.artifacts.get(name)))
                except MalformedAnswer as error:
                    log.warning("an earlier revision's figures are unreadable", revision=revision, error=str(error))
        return None


def _with_assumption(rows: Rows, assumed_open: str) -> Rows:
    if not assumed_open:
        return rows
    return replace(rows, gaps=(*rows.gaps, Gap("assumed_open", assumed_open)))


def business_days_before(holidays: Holidays, group: Group, day: date) -> tuple[date, ...]:
    """Return the group's business days of four weeks, and further back until the trend is full, oldest first.

    Only calendars on this machine are read. For a calendar at the organisation the history is enough, because a
    holiday leaves no figures there.
    """
    days: list[date] = []
    for days_back in range(1, KEPT_DAYS + 1):
        if days_back > 7 * WEEKS_BACK and len(days) >= TREND_DAYS:
            break
        candidate = day - timedelta(days=days_back)
        if is_workday(candidate, group.workdays) and _is_open(holidays, group, candidate):
            days.append(candidate)
    return tuple(reversed(days))


def _is_open(holidays: Holidays, group: Group, day: date) -> bool:
    """Tell whether the day was no holiday. If the calendar cannot be read, it counts as open: no briefing waits."""
    if not isinstance(group.calendar, CountryCalendar | IcalCalendar):
        return True
    try:
        return holidays.holiday_on(group, day) is None
    except CalendarUnavailable:
        return True


def notice_of(group: Group, run: Run, generated_at: datetime) -> Notice:
    """Return the notice of a run whose reporting day was a holiday."""
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


def notice_without_interactions(briefing: Briefing) -> Notice:
    """Return the notice of a day that was no holiday and has no interactions."""
    return Notice(**briefing.subject, kind="no_interactions")
