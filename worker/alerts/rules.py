"""What operations are told of a run: it failed, its group is well again, or there is too much to tell one by one."""

from __future__ import annotations

from datetime import datetime

from worker.alerts.webhook import Alert
from worker.domain.runs import Run, RunId, RunState
from worker.state.streaks import Streak
from worker.wiring import Parts

BAD = (RunState.FAILED, RunState.PARTLY_DELIVERED, RunState.MISSED)
WELL = (RunState.DELIVERED, RunState.NOTIFIED)

_ABOUT_RECIPIENTS = ("delivery_refused", "outcome_unknown")


def due_alert(parts: Parts, run: Run, now: datetime) -> Alert | None:
    """The alert that this run is worth now; None when operations know, or have nothing to hear.

    Asked again for the same ending of the run it answers the same.
    """
    ending = f"{run.id} {(run.finished_at or run.created_at).isoformat()}"
    told = _news(parts, run, ending, now)
    if told is None:
        return None
    turn = parts.streaks.turn(ending)
    if turn == "summary":
        return summary(run, now)
    return told if turn == "send" else None


def _news(parts: Parts, run: Run, ending: str, now: datetime) -> Alert | None:
    group = run.id.group
    if run.state in BAD:
        news = parts.streaks.is_news(group, run.code, run.id.reporting_day, ending)
        return failure(run, _title(parts, group), now) if news else None
    streak = parts.streaks.open(group)
    if run.state not in WELL or streak is None or run.id.reporting_day < streak.day:
        return None
    return recovery(run, _title(parts, group), streak, now)


def failure(run: Run, title: str, now: datetime) -> Alert:
    """A run that ended badly, and the command that takes it up."""
    return Alert(
        run_id=str(run.id),
        group_title=title,
        step=run.step.value,
        code=run.code,
        sentence=run.sentence,
        rerun_command=command(run.id, run.state, run.code),
        at=run.finished_at or now,
    )


def recovery(run: Run, title: str, streak: Streak, now: datetime) -> Alert:
    """A group that failed is delivered again."""
    times = "once" if streak.failures == 1 else f"{streak.failures} times"
    return Alert(
        run_id=str(run.id),
        group_title=title,
        step=run.step.value,
        code="recovered",
        sentence=f"It had failed {times} since {streak.since.isoformat()}, last of all with {streak.code}.",
        rerun_command="",
        at=run.finished_at or now,
        heading=f"Delivered again: {title}",
    )


def summary(run: Run, now: datetime) -> Alert:
    """Too many alerts within the hour: the rest are in the ledger."""
    return Alert(
        run_id=str(run.id),
        group_title="several groups",
        step=run.step.value,
        code="many_alerts",
        sentence="More runs have failed within the hour than are told one by one. For the next hour only the ledger "
        "lists them.",
        rerun_command="standup runs --state failed",
        at=now,
        heading="More briefings have failed",
    )


def command(run_id: RunId, state: RunState, code: str = "") -> str:
    """One that reached somebody, or perhaps somebody, is sent to the others; a failed one is taken up where it stopped,
    and a missed one begun. One whose figures were not whole needs other figures.
    """
    if state == RunState.PARTLY_DELIVERED or code in _ABOUT_RECIPIENTS:
        return f"standup resend {run_id}"
    if state in (RunState.FAILED, RunState.MISSED) and code != "incomplete":
        return f"standup run {run_id.group} --date {run_id.reporting_day}"
    return f"standup rerun {run_id}"


def _title(parts: Parts, group_key: str) -> str:
    return next((each.title for each in parts.group_file().groups if each.key == group_key), group_key)
