"""What a group's day needs from its source, and how an export job is stored between steps."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date

from worker.domain.calendar.business_day import NoSuchDay, next_workday, window_of
from worker.domain.countdowns import MAX_ATTEMPTS
from worker.domain.groups import Group
from worker.domain.rows import Window
from worker.domain.runs import Run
from worker.genesys.reporting.definitions import definition_text
from worker.genesys.source import ExportJob, Order


def order_for(group: Group, day: date, revision: int, reporting_day: date | None = None) -> Order:
    """Return the order for a group's day. Raises SettingsError if its report definition cannot be read.

    ``reporting_day`` is another day if the run briefs the last business day before a holiday. The stand-up follows it.
    The name contains the revision, so that a rerun sends new requests instead of reading the answers of an earlier one.
    """
    return Order(
        name=f"standup-{group.key}-{day.isoformat()}-r{revision}",
        window=window_of(day, group.tz),
        zone=group.zone,
        queues=group.queues,
        media=group.media,
        management_units=group.management_units,
        report=_report(group),
        report_path=group.report,
        source_pdf=group.wants_source_pdf,
        today=standup_window(group, reporting_day or day) if group.plans_today else None,
    )


def order_of_run(group: Group, run: Run) -> Order:
    """Return the order of a run."""
    order = order_for(group, run.briefed_day, run.id.revision, run.id.reporting_day)
    return replace(order, is_last_attempt=run.attempts + 1 >= MAX_ATTEMPTS)


def standup_window(group: Group, reporting_day: date) -> Window | None:
    """Return the day of the stand-up that a reporting day belongs to, None at the end of the calendar."""
    try:
        return window_of(next_workday(reporting_day, group.tz, group.workdays), group.tz)
    except (NoSuchDay, OverflowError):
        return None


def _report(group: Group) -> str | None:
    return None if group.report is None else definition_text(group.report)


def encode_job(job: ExportJob) -> str:
    """Return the job as one JSON line, as the ledger stores it."""
    return json.dumps(asdict(job), sort_keys=True)


def decode_job(text: str) -> ExportJob:
    """Read what `encode_job` wrote."""
    return ExportJob(**json.loads(text))
