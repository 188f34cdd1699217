"""From rows to the briefing, or from a holiday to the notice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog

from worker.domain.briefing.codec import decode_figures, decode_rows
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.briefing.corrections import EarlierRevision
from worker.domain.briefing.history import History as PastDays
from worker.domain.briefing.usual_days import comparison_days
from worker.domain.calendar.business_day import window_of
from worker.domain.compose import build
from worker.domain.gap_texts import GapText
from worker.domain.groups import Group
from worker.domain.notices import holiday_notice
from worker.domain.rows import Rows, gap
from worker.domain.runs import Run, RunId, RunState
from worker.domain.today.plan import TodayPlan
from worker.errors import MalformedAnswer, StandupError
from worker.services.holidays import Holidays
from worker.services.today import TodayPlans
from worker.state.files.artifacts import FIGURES, ROWS, Artifacts, of_run, stored_revisions
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
    today_plans: TodayPlans

    def briefing_of(
        self, group: Group, run: Run, rows: Rows, generated_at: datetime, today: TodayPlan | None = None
    ) -> Briefing:
        """Return the briefing of a run's rows, compared with the history. ``today``: a plan that is not stored."""
        day, history = run.briefed_day, self.history.days(group.key)
        return build(
            run_id=str(run.id),
            group=group,
            reporting_day=day,
            revision=run.id.revision,
            window=window_of(day, group.tz),
            generated_at=generated_at.astimezone(group.tz),
            rows=_with_assumption(rows, run.assumed_open),
            history=history,
            business_days=business_days_before(self.holidays, group, day, history, run.id),
            earlier=self._earlier_figures(run),
            today=today if today or not group.plans_today else self.today_plans.plan_of(group, run.id),
            forecasts=self.today_plans.forecasts_of(group),
        )

    def notice_of(self, group: Group, run: Run, generated_at: datetime, today: TodayPlan | None = None) -> Notice:
        """Return the notice of a run whose reporting day was a holiday. ``today``: a plan that is not stored."""
        return holiday_notice(
            group,
            run,
            generated_at,
            history=self.history.days(group.key),
            queue_names=self._queue_names(group, run.last_business_day),
            today=today or self.today_plans.plan_of(group, run.id),
        )

    def is_unchanged(self, run: Run, briefing: Briefing) -> bool:
        """Tell whether all recipients have a revision that says the same.

        If the rows of that revision are no longer stored, half-hours and agents may differ: it counts as changed.
        """
        if briefing.correction is None or not briefing.correction.changes_nothing:
            return False
        for revision in range(briefing.correction.revision, 0, -1):
            earlier_run = self.runs.get(run.id.revised(revision))
            if earlier_run is None or earlier_run.state != RunState.SKIPPED:
                return earlier_run is not None and earlier_run.state == RunState.DELIVERED
        return False

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
                    figures = decode_figures(self.artifacts.get(name))
                    return EarlierRevision(revision, figures, self._earlier_rows(earlier_id))
                except MalformedAnswer as error:
                    log.warning("an earlier revision's figures are unreadable", revision=revision, error=str(error))
        return None

    def _queue_names(self, group: Group, day: date | None) -> dict[str, str]:
        """Return the names of the queues in a day's stored rows by id, nothing if they are no longer stored."""
        if day is None:
            return {}
        run_id = RunId(group.key, day)
        for revision in reversed(stored_revisions(self.artifacts, run_id, ROWS)):
            if rows := self._earlier_rows(run_id.revised(revision)):
                return {queue.id: queue.name for queue in rows.queues}
        return {}

    def _earlier_rows(self, run_id: RunId) -> Rows | None:
        """Return the rows of an earlier revision, None if they are no longer stored or cannot be read."""
        name, earlier_run = of_run(run_id, ROWS), self.runs.get(run_id)
        if not self.artifacts.exists(name):
            return None
        try:
            rows = decode_rows(self.artifacts.get(name))
        except MalformedAnswer as error:
            log.warning("an earlier revision's rows are unreadable", revision=run_id.revision, error=str(error))
            return None
        return _with_assumption(rows, earlier_run.assumed_open if earlier_run else "")


def _with_assumption(rows: Rows, assumed_open: str) -> Rows:
    """Add a gap for a calendar that could not be read. The error itself is for operators, who read the run's log."""
    if not assumed_open:
        return rows
    return replace(rows, gaps=(*rows.gaps, gap("assumed_open", GapText.CALENDAR_UNREAD)))


def business_days_before(
    holidays: Holidays, group: Group, day: date, history: PastDays, run_id: RunId | None = None
) -> tuple[date, ...]:
    """Return the group's business days before ``day`` that its briefing can be compared with, oldest first.

    A calendar at the organisation was asked for this run a moment ago, so its answer is stored. If a calendar cannot be
    read (any more), every workday counts: a briefing is worth more than its comparisons.
    """

    def is_open(candidate: date) -> bool:
        return holidays.holiday_on(group, candidate, run_id) is None

    try:
        return comparison_days(day, group.workdays, is_open, history)
    except StandupError as error:
        log.warning("comparisons ignore holidays", group=group.key, because=error.code, error=str(error))
        return comparison_days(day, group.workdays, lambda _: True, history)
