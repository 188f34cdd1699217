"""Report exports and holiday calendars of the guide's API."""

from __future__ import annotations

from typing import Any

from sandbox.api.guide import definitions
from sandbox.api.guide.definitions import Definition
from sandbox.api.guide.rows import rows
from sandbox.organisation.model import Queue
from sandbox.site import Site
from sandbox.wire import files
from sandbox.wire.errors import invalid, not_found
from sandbox.wire.jobs import File
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint


def start(site: Site, request: ApiRequest) -> ApiResponse:
    """Start an export of a report. A definition without a queue filter covers the report's own queues."""
    report = request.params["report_id"]
    if report not in site.organisation.reports:
        raise not_found("report", report)
    definition = definitions.read(request.require("reportingType", "columns"))
    queues = _queues(site, definition, report)
    groups = tuple(group.key for group in site.groups_of(queues))

    def make(partial: bool) -> list[File]:
        return [_file(site, definition, queues, groups, partial)]

    job = site.start_job(request.client, groups, {"kind": "guide"}, make)
    return ApiResponse({"exportId": job.id, "status": "processing"}, 202)


def status(site: Site, request: ApiRequest) -> ApiResponse:
    """Return the status of an export."""
    job = site.jobs.get(request.params["job_id"], request.client.id)
    if job is None or job.detail["kind"] != "guide":
        raise not_found("export", request.params["job_id"])
    body: dict[str, Any] = {"exportId": job.id, "status": "processing"}
    if site.jobs.is_done(job) and job.failed:
        body |= {"status": "failed", "error": job.failed}
    elif site.jobs.is_done(job):
        body |= {"status": "completed", "downloadUrl": f"{request.base}/_files/{job.files[0]}"}
        body |= {"partial": True} if job.partial else {}
    return ApiResponse(body)


def calendar(site: Site, request: ApiRequest) -> ApiResponse:
    """Return a holiday calendar."""
    entry = site.organisation.calendars.get(request.params["calendar_id"])
    if entry is None:
        raise not_found("holiday calendar", request.params["calendar_id"])
    holidays = [{"date": holiday.date.isoformat(), "name": holiday.name} for holiday in entry.holidays]
    return ApiResponse({"id": entry.id, "name": entry.name, "timeZone": entry.zone, "holidays": holidays})


def _queues(site: Site, definition: Definition, report: str) -> list[Queue]:
    names = definition.filters.get("queueName")
    if not names:
        return [queue for group in site.organisation.reports[report] for queue in group.queues]
    queues = {queue.name: queue for queue in site.organisation.queues.values()}
    for name in names:
        if name not in queues:
            raise invalid("filters", f"There is no queue named {name}")
    return [queues[name] for name in dict.fromkeys(names)]


def _file(site: Site, definition: Definition, queues: list[Queue], groups: tuple[str, ...], partial: bool) -> File:
    """Return the file. The guide shows none, so zeros are zeros and percentages are 0 to 100 by default."""
    options = site.file_options(groups)
    cells = rows(site, definition, queues, options)
    if partial:
        cells = cells[: len(cells) // 2]
    header = [label for _, label in definition.columns]
    if definition.format == "XLSX":
        return files.as_xlsx("report", header, cells, options)
    return files.as_csv("report", header, cells, options)


ENDPOINTS = (
    Endpoint("POST", "/api/v2/reporting/reports/{report_id}/export", start, ("reports:export",), gateway=True),
    Endpoint("GET", "/api/v2/reporting/exports/{job_id}", status, ("reports:read",), gateway=True),
    Endpoint("GET", "/api/v2/reporting/holidaycalendars/{calendar_id}", calendar, ("reports:read",), gateway=True),
)
