"""The guide's wire, as a gateway in front of the platform would speak it: reports, their exports, holiday calendars."""

from __future__ import annotations

from typing import Any

from sandbox import sheets
from sandbox.api import definitions
from sandbox.api.definitions import Definition
from sandbox.api.guide_rows import rows
from sandbox.errors import invalid, not_found
from sandbox.jobs import File
from sandbox.organisation import Queue
from sandbox.site import Site
from sandbox.wire import Answer, Asked, Endpoint


def start(site: Site, asked: Asked) -> Answer:
    """Start an export of a report. A definition without a queue filter is about the report's own queues."""
    report = asked.params["report_id"]
    if report not in site.organisation.reports:
        raise not_found("report", report)
    wanted = definitions.read(asked.require("reportingType", "columns"))
    queues = _queues(site, wanted, report)
    groups = tuple(group.key for group in site.groups_of(queues))
    job = site.start(asked.client, groups, {"kind": "guide"}, lambda partial: [_file(site, wanted, queues, partial)])
    return Answer({"exportId": job.id, "status": "processing"}, 202)


def look(site: Site, asked: Asked) -> Answer:
    """How an export stands."""
    job = site.jobs.get(asked.params["job_id"], asked.client.id)
    if job is None or job.detail["kind"] != "guide":
        raise not_found("export", asked.params["job_id"])
    answer: dict[str, Any] = {"exportId": job.id, "status": "processing"}
    if site.jobs.done(job) and job.failed:
        answer |= {"status": "failed", "error": job.failed}
    elif site.jobs.done(job):
        answer |= {"status": "completed", "downloadUrl": f"{asked.base}/_files/{job.files[0]}"}
        answer |= {"partial": True} if job.partial else {}
    return Answer(answer)


def calendar(site: Site, asked: Asked) -> Answer:
    """A holiday calendar."""
    found = site.organisation.calendars.get(asked.params["calendar_id"])
    if found is None:
        raise not_found("holiday calendar", asked.params["calendar_id"])
    holidays = [{"date": one.date.isoformat(), "name": one.name} for one in found.holidays]
    return Answer({"id": found.id, "name": found.name, "timeZone": found.zone, "holidays": holidays})


def _queues(site: Site, wanted: Definition, report: str) -> list[Queue]:
    names = wanted.filters.get("queueName")
    if not names:
        return [queue for group in site.organisation.reports[report] for queue in group.queues]
    known = {queue.name: queue for queue in site.organisation.queues.values()}
    for name in names:
        if name not in known:
            raise invalid("filters", f"There is no queue named {name}")
    return [known[name] for name in dict.fromkeys(names)]


def _file(site: Site, wanted: Definition, queues: list[Queue], partial: bool) -> File:
    style = site.scenario.files
    cells = rows(site, wanted, queues, style)
    if partial:
        cells = cells[: len(cells) // 2]
    header = [label for _, label in wanted.columns]
    if wanted.format == "XLSX":
        return sheets.as_xlsx("report", header, cells)
    return sheets.as_csv("report", header, cells, style)


ENDPOINTS = (
    Endpoint("POST", "/api/v2/reporting/reports/{report_id}/export", start, ("reports:export",), gateway=True),
    Endpoint("GET", "/api/v2/reporting/exports/{job_id}", look, ("reports:read",), gateway=True),
    Endpoint("GET", "/api/v2/reporting/holidaycalendars/{calendar_id}", calendar, ("reports:read",), gateway=True),
)
