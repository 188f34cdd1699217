"""Make what would be sent for a day, from the real source, without a run in the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date
from typing import TypeVar

from worker.domain.briefing.content import Briefing, Notice
from worker.domain.countdowns import POLL_DEADLINE_SECONDS, poll_countdown_seconds
from worker.domain.groups import Group
from worker.domain.notices import notice_without_interactions
from worker.domain.rows import Rows
from worker.domain.runs import Run, RunId, RunState, Step
from worker.domain.today.plan import TodayPlan
from worker.errors import NotYet, PollTimeout, QuotaWait
from worker.genesys.source import Order, PlanSource, Source, WithPdf
from worker.services.holidays import DayCheck
from worker.services.order import order_for, order_of_run
from worker.wiring import organisations, services
from worker.wiring.process import clock

T = TypeVar("T")


def content_of(group: Group, run_id: RunId) -> tuple[Briefing | Notice, bytes | None]:
    """Return what would be sent for the run, with the source's own PDF if the group wants it and there is one."""
    run = _unrecorded_run(group, run_id)
    day_check = services.holidays().check_day(group, run_id.reporting_day)
    if day_check.holiday and group.on_holiday == "last_business_day" and day_check.last_business_day:
        run = _unrecorded_run(group, run_id, day_check.last_business_day)
    elif day_check.holiday:
        return _notice(group, _unrecorded_run(group, run_id, holiday=day_check)), None
    order = order_for(group, run.briefed_day, 0, run_id.reporting_day)
    rows, source_pdf = _fetch(organisations.source_of(group), order)
    today = _plan(organisations.plan_source_of(group), order)
    briefing = services.composer().briefing_of(group, run, rows, rows.fetched_at or clock(), today)
    return (briefing if briefing.has_interactions else notice_without_interactions(briefing)), source_pdf


def _notice(group: Group, run: Run) -> Notice:
    today = _plan(organisations.plan_source_of(group), order_of_run(group, run)) if group.plans_today else None
    return services.composer().notice_of(group, run, clock(), today)


def _unrecorded_run(group: Group, run_id: RunId, briefed: date | None = None, holiday: DayCheck | None = None) -> Run:
    """Return a run that is not in the run ledger."""
    return Run(
        id=run_id,
        state=RunState.OPEN,
        step=Step.RENDER,
        asked_by="preview",
        created_at=clock(),
        briefed_day=briefed or run_id.reporting_day,
        holiday_name=(holiday.holiday or "") if holiday else "",
        last_business_day=holiday.last_business_day if holiday else None,
        source=group.source,
    )


def _fetch(source: Source, order: Order) -> tuple[Rows, bytes | None]:
    """Fetch rows and PDF as the chain does, but wait in place."""
    job = _with_permit(lambda: source.start(order))
    deadline, polls = time.monotonic() + POLL_DEADLINE_SECONDS, 0
    while (job := _with_permit(lambda: source.look(order, job))).state == "running":
        if time.monotonic() > deadline and job.dispensable:
            break
        if time.monotonic() > deadline:
            raise PollTimeout(f"The export job did not end in time (last seen: {job.progress or 'running'}).")
        time.sleep(poll_countdown_seconds(polls, 0.5))
        polls += 1
    source_pdf = _with_permit(lambda: source.pdf(order, job)) if isinstance(source, WithPdf) else None
    return _with_permit(lambda: source.collect(order, job)), source_pdf


def _plan(source: PlanSource, order: Order) -> TodayPlan | None:
    """Get the plan of the stand-up's day as the chain does, but wait in place. A day that is over has none."""
    if order.today is None or order.today.end.astimezone(UTC) <= clock():
        return None
    give_up_at = time.monotonic() + POLL_DEADLINE_SECONDS
    while True:
        try:
            return source.plan(order, give_up=time.monotonic() > give_up_at)
        except NotYet as error:
            time.sleep(min(error.retry_after_seconds or 1.0, max(give_up_at - time.monotonic(), 0.1)))


def _with_permit(ask: Callable[[], T]) -> T:
    """Return the result of ``ask``, waiting for permits, but no longer than for an export job."""
    give_up_at = time.monotonic() + POLL_DEADLINE_SECONDS
    while True:
        try:
            return ask()
        except QuotaWait as error:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(error.retry_after_seconds or 1.0)
