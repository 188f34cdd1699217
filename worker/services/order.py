"""What a group's day needs from its source, and how an export job is stored between steps."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

from worker.domain.calendar.business_day import window_of
from worker.domain.groups import Group
from worker.errors import SettingsError
from worker.genesys.source import ExportJob, Order


def order_for(group: Group, day: date, revision: int) -> Order:
    """Return the order for a group's day. Raises SettingsError if its report definition cannot be read.

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
    )


def _report(group: Group) -> str | None:
    if group.report is None:
        return None
    try:
        return Path(group.report).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The report definition {group.report} of group {group.key} cannot be read: {type(error).__name__}.",
            way_out=f"Correct groups.{group.key}.report in the group file.",
        ) from None


def encode_job(job: ExportJob) -> str:
    """Return the job as one JSON line, as the ledger stores it."""
    return json.dumps(asdict(job), sort_keys=True)


def decode_job(text: str) -> ExportJob:
    """Read what `encode_job` wrote."""
    return ExportJob(**json.loads(text))
