"""Reporting exports: a client starts one, finds it in its own list, and downloads it in two steps."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.api.exports.rows import ExportOrder, rows
from sandbox.api.exports.views import VIEWS, Column, View
from sandbox.api.people import division_json
from sandbox.figures import tables
from sandbox.organisation.model import Agent, Queue
from sandbox.scenario.troubles import NotYet
from sandbox.site import Site
from sandbox.wire import files
from sandbox.wire.errors import invalid, unavailable
from sandbox.wire.jobs import File, Job
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint, page
from sandbox.wire.times import bucket_edges, read_interval, read_zone, utc_text

_PATH = "/api/v2/analytics/reporting/exports"
_REQUIRED = ("name", "timeZone", "exportFormat", "interval", "period", "viewType", "locale")
_ECHOED = (
    *(*_REQUIRED, "filter", "hasFormatDurations", "hasSplitFilters", "excludeEmptyRows", "hasSplitByMedia"),
    *("hasSummaryRow", "csvDelimiter", "selectedColumns", "durationFormat", "includeDurationFormatInHeader"),
)
_FORMATS = ("CSV", "PDF")
_VENDOR_FORM = {"percent": "fraction", "blank_zeros": ("count", "time", "share")}
"""The form of the platform's files.

The vendor documents none of it. Programs in public repositories that read or imitate such files have fractions in
percentage columns, and empty cells for counts of 0 and their percentages. They write an average whenever there are
contacts to average. That fits the queries, where a metric without events is absent (developer centre, "Aggregates")
and ``oServiceLevel`` has the ratio 0 for a queue that answered late only. So an average of 0 ms and a service level of
0 are zeros, not empty cells.
"""


def start(site: Site, request: ApiRequest) -> ApiResponse:
    """Start an export. A view that the sandbox does not serve is accepted and fails, as on the platform."""
    body = request.require(*_REQUIRED)
    _check(body)
    if body["viewType"] not in VIEWS:
        return ApiResponse(_job_json(site, _start_job(site, request, body, (), None), request.base))
    order = _read(site, request, body)
    named_groups = site.organisation.owning((), body["name"])
    subjects = order.agents if order.view.subject == "agent" else order.queues
    groups = tuple(dict.fromkeys([*named_groups, *(subject.group for subject in subjects)]))
    job = _start_job(site, request, body, groups, order)
    return ApiResponse(_job_json(site, job, request.base))


def listing(site: Site, request: ApiRequest) -> ApiResponse:
    """List the client's exports, newest first. "Not yet" trouble leaves an export out at first, then gives a 503."""
    entities, is_away = [], False
    for job in site.jobs.all_of(request.client.id, "export"):
        trouble = site.troubles.find(NotYet, job.groups)
        job.status_requests += 1
        times_listed = job.status_requests - (trouble.not_found if trouble else 0)
        is_away |= trouble is not None and 0 < times_listed <= trouble.unavailable
        if times_listed > 0:
            entities.append(_job_json(site, job, request.base))
    if is_away:
        raise unavailable()
    return ApiResponse(page(request, entities))


def metadata(site: Site, request: ApiRequest) -> ApiResponse:
    """List what each view supports."""
    entities = [
        {
            "id": view_type,
            "name": view_type,
            "viewType": view_type,
            "requiredFilters": [],
            "supportedFilters": list(view.filters),
            "requiredColumnIds": [],
            "dependentColumnIds": {},
            "availableColumnIds": [column.id for column in view.columns],
        }
        for view_type, view in VIEWS.items()
    ]
    return ApiResponse(page(request, entities))


def _check(body: Mapping[str, Any]) -> None:
    if not isinstance(body.get("filter"), dict):
        raise invalid("filter", "filter is required")
    if body["exportFormat"] not in _FORMATS:
        raise invalid("exportFormat", f"expected CSV or PDF; found {body['exportFormat']}")
    if body.get("csvDelimiter", "COMMA") not in ("COMMA", "SEMICOLON"):
        raise invalid("csvDelimiter", f"expected COMMA or SEMICOLON; found {body['csvDelimiter']}")
    bucket_edges(read_interval(body["interval"]), body["period"], read_zone(body["timeZone"]))


def _read(site: Site, request: ApiRequest, body: dict[str, Any]) -> ExportOrder:
    view = VIEWS[body["viewType"]]
    for name in body["filter"]:
        if name not in view.filters:
            raise invalid(f"filter.{name}", f"{body['viewType']} supports {', '.join(view.filters)}")
    queues = _queues(site, request, body["filter"])
    agents = _agents(site, body["filter"], queues) if view.subject == "agent" else []
    return ExportOrder(body, view, _columns(view, body), read_interval(body["interval"]), queues, agents)


def _queues(site: Site, request: ApiRequest, view_filter: Mapping[str, Any]) -> list[Queue]:
    ids = view_filter.get("queueIds") or view_filter.get("filterUsersByQueueIds")
    divisions = view_filter.get("divisionIds")
    return [
        queue
        for queue in site.organisation.queues.values()
        if (not ids or queue.id in ids)
        and (not divisions or division_json(queue.division)["id"] in divisions)
        and request.client.sees(queue.division)
    ]


def _agents(site: Site, view_filter: Mapping[str, Any], queues: list[Queue]) -> list[Agent]:
    ids, units = view_filter.get("userIds"), view_filter.get("managementUnitIds")
    groups = site.organisation.groups
    return [
        agent
        for agent in tables.agents_of(site, queues)
        if (not ids or agent.id in ids) and (not units or groups[agent.group].unit_id in units)
    ]


def _columns(view: View, body: Mapping[str, Any]) -> tuple[Column, ...]:
    columns = {column.id: column for column in view.columns}
    selection = sorted(body.get("selectedColumns") or (), key=lambda entry: int(entry.get("columnOrder", 0)))
    for entry in selection:
        if entry.get("columnName") not in columns:
            raise invalid("selectedColumns", f"Unknown column {entry.get('columnName')}")
    return tuple(columns[entry["columnName"]] for entry in selection) or view.columns[: view.default_columns]


def _start_job(
    site: Site, request: ApiRequest, body: dict[str, Any], groups: tuple[str, ...], order: ExportOrder | None
) -> Job:
    def make(partial: bool) -> list[File]:
        return [_file(site, order, groups, partial)] if order else []

    job = site.start_job(request.client, groups, {"kind": "export", "body": body, "run": str(uuid.uuid4())}, make)
    if order is None:
        job.failed = "EXPORT_TYPE_NOT_IMPLEMENTED"
    return job


def _file(site: Site, order: ExportOrder, groups: tuple[str, ...], partial: bool) -> File:
    delimiter = ";" if order.body.get("csvDelimiter") == "SEMICOLON" else ","
    options = site.file_options(groups, **_VENDOR_FORM).model_copy(update={"delimiter": delimiter})
    cells = rows(site, order, options)
    if partial:
        cells = cells[: len(cells) // 2]
    if order.body["exportFormat"] == "PDF":
        return files.as_pdf("export", order.header(), cells)
    return files.as_csv("export", order.header(), cells, options)


def _job_json(site: Site, job: Job, base: str) -> dict[str, Any]:
    """Return a ``ReportingExportJobResponse``."""
    status = _status(site, job)
    start_time, end_time = job.started, min(site.clock(), job.done_at)
    duration = job.done_at - start_time
    share = 1.0 if duration <= 0 else min(1.0, (site.clock() - start_time) / duration)
    body = job.detail["body"]
    entity = {
        "id": job.id,
        "runId": job.detail["run"],
        "status": status,
        **{name: body[name] for name in _ECHOED if name in body},
        "read": bool(body.get("read")),
        "createdDateTime": utc_text(round(start_time * 1000)),
        "modifiedDateTime": utc_text(round(end_time * 1000)),
        "percentageComplete": round(share * 100, 1),
        "enabled": True,
    }
    if status.startswith("COMPLETED"):
        entity["downloadUrl"] = f"{base}/platform/api/v2/downloads/{job.id}"
    if status == "FAILED":
        entity["exportErrorMessagesType"] = job.failed
    return entity


def _status(site: Site, job: Job) -> str:
    if not site.jobs.is_done(job):
        return "SUBMITTED" if site.clock() - job.started < (job.done_at - job.started) / 4 else "RUNNING"
    if job.failed:
        return "FAILED"
    return "COMPLETED_WITH_PARTIAL_RESULTS" if job.partial else "COMPLETED"


ENDPOINTS = (
    Endpoint("POST", _PATH, start, ("analytics:dataExport:add",)),
    Endpoint("GET", _PATH, listing, ("analytics:dataExport:view",)),
    Endpoint("GET", f"{_PATH}/metadata", metadata, ("analytics:dataExport:view",)),
)
