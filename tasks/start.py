"""Where runs begin: beat's question, and an operator's request."""

from __future__ import annotations

from datetime import date, datetime

import structlog

from worker.celery import app
from worker.domain.calendar.business_day import refuse_unless_over
from worker.domain.runs import RunId
from worker.errors import frames_of
from worker.groupfiles.reading import GroupFile
from worker.wiring import alerts, services, stores
from worker.wiring.process import clock
from worker.wiring.tracing import traces

log = structlog.get_logger("standup.start")


@app.task(name="briefing.start_due", ignore_result=True)
def start_due() -> None:
    """Start the groups that are due and not done. The next tick asks the same question again."""
    if stores.state_version().is_newer():
        return  # an updated worker begins the runs, and records the heartbeat
    stores.heartbeat().record()
    now, group_file = clock(), stores.groups().file()
    _report_mistakes(group_file, now)
    for missed, is_new in services.due_runs().start(services.paused_groups().active(group_file.groups, now), now):
        if is_new:
            stores.measures().run_ended(missed)
            traces().run_ended(missed)
            alerts.run_alerts().report_run(missed)
        else:
            alerts.run_alerts().report_unreported(missed.id)
    alerts.pings().after_tick()


def _report_mistakes(group_file: GroupFile, now: datetime) -> None:
    """Report the mistakes in the group files. The groups without one begin also if the report fails."""
    try:
        alerts.group_file_alerts().report(group_file, now)
    except Exception as error:
        log.error("mistakes in group files not reported", error=type(error).__name__, frames=frames_of(error))


@app.task(name="briefing.run")
def run(group_key: str, day: str) -> str:
    """Begin a group's run of a day, or resume it where it failed."""
    run_id = RunId(group_key, date.fromisoformat(day))
    group = stores.groups().group(group_key)
    refuse_unless_over(run_id.reporting_day, group.tz, clock())
    services.run_starter().begin(run_id, asked_by="operator", standup_at=None, source=group.source)
    return str(run_id)


@app.task(name="briefing.rerun")
def rerun(run_id: str, send_unchanged: bool = False) -> str:
    """Begin a new revision of a run. Return its id, or the given one if that is still under way."""
    parsed_id = RunId.parse(run_id)
    group = stores.groups().group(parsed_id.group)
    refuse_unless_over(parsed_id.reporting_day, group.tz, clock())
    revised = services.run_starter().revise(
        parsed_id, asked_by="operator", source=group.source, send_unchanged=send_unchanged
    )
    return str(revised or parsed_id)
