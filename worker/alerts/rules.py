"""Which endings of a run deserve an alert: it failed, its group works again, or there are too many alerts to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.same_cause import GOOD_STATES, cause_of
from worker.domain.clock import Clock
from worker.domain.runs import Run, RunId, RunState
from worker.errors import DeliveryRefused
from worker.groupfiles.reloading import Groups
from worker.state.alert_dedup import AlertDedup, Streak

BAD_STATES = (RunState.FAILED, RunState.PARTLY_DELIVERED, RunState.MISSED)

Fix = Literal["resume", "rerun", "resend"]

_RECIPIENT_CODES = ("delivery_refused", "outcome_unknown")


@dataclass(frozen=True, slots=True)
class AlertRules:
    """Decides what operations hear of a run that has ended."""

    dedup: AlertDedup
    groups: Groups
    clock: Clock

    def alert_for(self, run: Run) -> Alert | None:
        """Return the alert for this run, or None if operations know or need not hear of it.

        A second call for the same ending returns the same.
        """
        now = self.clock()
        ending = f"{run.id} {(run.finished_at or run.created_at).isoformat()}"
        news = self._news(run, ending, now)
        if news is None or self._is_collected(run):
            return None
        if run.state in GOOD_STATES:
            return news  # it takes no place of a failure's alert
        permission = self.dedup.permission(ending)
        if permission == "summary":
            return summary(run, now)
        return news if permission == "send" else None

    def _is_collected(self, run: Run) -> bool:
        """Tell whether the alert of another group has just named this cause. Then one alert for the rest follows."""
        cause = self._shared_cause(run)
        if cause is None or self.dedup.is_first_of_cause(cause, run.id.group):
            return False
        self.dedup.collect(cause, run.id, is_good=run.state in GOOD_STATES)
        return True

    def _shared_cause(self, run: Run) -> str | None:
        """Return what this run's news have in common with those of other groups, None if they stand alone.

        A run that may have reached people needs a decision and a command of its own.
        """
        if run.state in GOOD_STATES:
            streak = self.dedup.streak(run.id.group)
            return f"recovered {streak.code}" if streak else None
        is_shared = run.code == DeliveryRefused.code or fix_for(run.state, run.code) == "resume"
        return cause_of(run) if is_shared else None

    def _news(self, run: Run, ending: str, now: datetime) -> Alert | None:
        group = run.id.group
        if run.state in BAD_STATES:
            news = self.dedup.is_news(group, run.code, run.id.reporting_day, ending)
            return failure(run, self._title(group), now) if news else None
        streak = self.dedup.streak(group)
        if run.state not in GOOD_STATES or streak is None or run.id.reporting_day < streak.day:
            return None
        return recovery(run, self._title(group), streak, now)

    def _title(self, group_key: str) -> str:
        return next((group.title for group in self.groups.file().groups if group.key == group_key), group_key)


def failure(run: Run, title: str, now: datetime) -> Alert:
    """Return the alert for a run that ended badly, with the command that resumes it."""
    return Alert(
        run_id=str(run.id),
        group_title=title,
        step=run.step.value,
        code=run.code,
        sentence=run.sentence,
        rerun_command=command(run.id, run.state, run.code),
        at=run.finished_at or now,
        heading=headings.ended_badly(title, run.state, run.code, run.id.revision),
    )


def recovery(run: Run, title: str, streak: Streak, now: datetime) -> Alert:
    """Return the alert for a group that failed and is delivered again."""
    times = "once" if streak.failures == 1 else f"{streak.failures} times"
    return Alert(
        run_id=str(run.id),
        group_title=title,
        step=run.step.value,
        code="recovered",
        sentence=f"It failed {times} since {streak.first_day.isoformat()}, most recently with {streak.code}.",
        rerun_command="",
        at=run.finished_at or now,
        heading=headings.recovered(title),
    )


def summary(run: Run, now: datetime) -> Alert:
    """Return the alert that replaces the rest of the hour's alerts."""
    return Alert(
        run_id=str(run.id),
        group_title="several groups",
        step=run.step.value,
        code="many_alerts",
        sentence="More runs have failed within the hour than there are alerts for. For the next hour, only the command "
        "below lists them.",
        rerun_command="standup runs --state failed",
        at=now,
        heading=headings.MANY_FAILURES,
    )


def command(run_id: RunId, state: RunState, code: str = "") -> str:
    """Return the command that fixes this ending.

    A run that reached, or may have reached, some recipients is sent to the others. A failed run is resumed, and a
    missed one begun. A run with incomplete figures needs other figures.
    """
    commands = {
        "resend": f"standup resend {run_id}",
        "resume": f"standup run {run_id.group} --date {run_id.reporting_day}",
        "rerun": f"standup rerun {run_id}",
    }
    return commands[fix_for(state, code)]


def fix_for(state: RunState, code: str = "") -> Fix:
    """Return what fixes this ending."""
    if state == RunState.PARTLY_DELIVERED or code in _RECIPIENT_CODES:
        return "resend"
    return "resume" if state in (RunState.FAILED, RunState.MISSED) and code != "incomplete" else "rerun"
