"""Was the reporting day a business day for this group? Asked before anything is exported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tasks.step import step_task
from worker.domain.backoff import MAX_ATTEMPTS
from worker.domain.groups import Group
from worker.domain.runs import Onward, Over, Run, RunId, RunState, Settlement, Step
from worker.errors import NotYet, TransientError
from worker.services import holidays as calendar
from worker.wiring import Parts


@step_task(Step.HOLIDAY_CHECK)
def holiday_check(parts: Parts, run: Run) -> Settlement:
    """Business day → export. Holiday → the notice, or the last business day if the group prefers it."""
    group = parts.group(run.id.group)
    checked = _check(parts, group, run)
    if checked.assumed_open:
        return Onward(Step.EXPORT, "calendar unreadable, assumed open", {"assumed_open": checked.assumed_open})
    if checked.holiday is None:
        return Onward(Step.EXPORT, "business day")
    if group.on_holiday == "last_business_day" and checked.last_business_day:
        return _last_business_day(parts, run, checked.holiday, checked.last_business_day)
    last_day = checked.last_business_day.isoformat() if checked.last_business_day else ""
    changes = {"outcome": "notice", "holiday_name": checked.holiday, "last_business_day": last_day}
    return Onward(Step.RENDER, "holiday", changes, detail=checked.holiday)


def _check(parts: Parts, group: Group, run: Run) -> calendar.DayCheck:
    """The calendar's word; after enough attempts at an unreachable one, the group's policy."""
    try:
        return calendar.check_day(parts, group, run.id.reporting_day, run.id)
    except NotYet:
        raise
    except TransientError as error:
        if run.attempts + 1 < MAX_ATTEMPTS:
            raise
        return calendar.unreadable(group, error)


def _last_business_day(parts: Parts, run: Run, holiday: str, day: date) -> Settlement:
    """Brief the last business day instead, unless the group has it already."""
    if run.id.revision == 1 and any(map(_was_sent, _runs_about(parts, run, day))):
        return Over(RunState.SKIPPED, "holiday; the last business day was briefed already", detail=f"{holiday}, {day}")
    changes = {"briefed_day": day.isoformat(), "holiday_name": holiday}
    return Onward(Step.EXPORT, "holiday: the last business day instead", changes, detail=f"{holiday}, {day}")


def _runs_about(parts: Parts, run: Run, day: date) -> Iterator[Run]:
    """Runs of that day, and of the days until this run's own that are about it: in a chain of holidays each may be."""
    for ahead in range((run.id.reporting_day - day).days):
        run_id = RunId(run.id.group, day + timedelta(days=ahead))
        yield from (each for each in parts.runs.revisions(run_id) if each.briefed_day == day)


def _was_sent(run: Run) -> bool:
    return run.state in (RunState.DELIVERED, RunState.PARTLY_DELIVERED)
