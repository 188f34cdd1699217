"""Reporting exports: started, found again in the caller's list, downloaded in two hops."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox import sheets, tables
from sandbox.api.export_rows import Wanted, rows
from sandbox.api.people import division
from sandbox.api.views import VIEWS, Column, View
from sandbox.errors import invalid
from sandbox.instants import bounds, read_interval, read_zone, utc_text
from sandbox.jobs import File, Job
from sandbox.organisation import Agent, Queue
from sandbox.script import NotYet
from sandbox.site import Site
from sandbox.wire import Answer, Asked, Endpoint, page

_PATH = "/api/v2/analytics/reporting/exports"
_REQUIRED = ("name", "timeZone", "exportFormat", "interval", "period", "viewType", "locale")
_ECHOED = (
    *(*_REQUIRED, "filter", "hasFormatDurations", "hasSplitFilters", "excludeEmptyRows", "hasSplitByMedia"),
    *("hasSummaryRow", "csvDelimiter", "selectedColumns", "durationFormat", "includeDurationFormatInHeader"),
)
_FORMATS = ("CSV", "PDF")


def start(site: Site, asked: Asked) -> Answer:
    """Start an export. A view that is not served here is accepted and fails, as on the platform."""
    body = asked.require(*_REQUIRED)
    _check(body)
    if body["viewType"] not in VIEWS:
        return Answer(_entity(site, _start(site, asked, body, (), None), asked.base))
    wanted = _read(site, asked, body)
    named = site.organisation.owning((), body["name"])
    subjects = wanted.agents if wanted.view.about == "agent" else wanted.queues
    owners = [subject.group for subject in subjects]
    job = _start(site, asked, body, tuple(dict.fromkeys([*named, *owners])), wanted)
    return Answer(_entity(site, job, asked.base))


def listing(site: Site, asked: Asked) -> Answer:
    """The caller's exports, newest first; one that "not yet" trouble holds back is not among them at first."""
    found = []
    for job in site.jobs.all_of(asked.client.id, "export"):
        early = site.troubles.find(NotYet, job.groups)
        job.asked += 1
        if early is None or job.asked > early.not_found:
            found.append(_entity(site, job, asked.base))
    return Answer(page(asked, found))


def metadata(site: Site, asked: Asked) -> Answer:
    """What each view can be asked for."""
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
    return Answer(page(asked, entities))


def _check(body: Mapping[str, Any]) -> None:
    if not isinstance(body.get("filter"), dict):
        raise invalid("filter", "filter is required")
    if body["exportFormat"] not in _FORMATS:
        raise invalid("exportFormat", f"expected CSV or PDF; found {body['exportFormat']}")
    if body.get("csvDelimiter", "COMMA") not in ("COMMA", "SEMICOLON"):
        raise invalid("csvDelimiter", f"expected COMMA or SEMICOLON; found {body['csvDelimiter']}")
    bounds(read_interval(body["interval"]), body["period"], read_zone(body["timeZone"]))


def _read(site: Site, asked: Asked, body: dict[str, Any]) -> Wanted:
    view = VIEWS[body["viewType"]]
    for name in body["filter"]:
        if name not in view.filters:
            raise invalid(f"filter.{name}", f"{body['viewType']} supports {', '.join(view.filters)}")
    queues = _queues(site, asked, body["filter"])
    agents = _agents(site, body["filter"], queues) if view.about == "agent" else []
    return Wanted(body, view, _columns(view, body), read_interval(body["interval"]), queues, agents)


def _queues(site: Site, asked: Asked, wishes: Mapping[str, Any]) -> list[Queue]:
    ids, seen = wishes.get("queueIds") or wishes.get("filterUsersByQueueIds"), set(asked.client.divisions)
    divisions = wishes.get("divisionIds")
    return [
        queue
        for queue in site.organisation.queues.values()
        if (not ids or queue.id in ids)
        and (not divisions or division(queue.division)["id"] in divisions)
        and {"*", queue.division} & seen
    ]


def _agents(site: Site, wishes: Mapping[str, Any], queues: list[Queue]) -> list[Agent]:
    ids, units = wishes.get("userIds"), wishes.get("managementUnitIds")
    groups = site.organisation.groups
    return [
        agent
        for agent in tables.serving(site, queues)
        if (not ids or agent.id in ids) and (not units or groups[agent.group].unit_id in units)
    ]


def _columns(view: View, body: Mapping[str, Any]) -> tuple[Column, ...]:
    by_id = {column.id: column for column in view.columns}
    selected = sorted(body.get("selectedColumns") or (), key=lambda one: int(one.get("columnOrder", 0)))
    for one in selected:
        if one.get("columnName") not in by_id:
            raise invalid("selectedColumns", f"Unknown column {one.get('columnName')}")
    return tuple(by_id[one["columnName"]] for one in selected) or view.columns[: view.usual]


def _start(site: Site, asked: Asked, body: dict[str, Any], groups: tuple[str, ...], wanted: Wanted | None) -> Job:
    def make(partial: bool) -> list[File]:
        return [_file(site, wanted, partial)] if wanted else []

    job = site.start(asked.client, groups, {"kind": "export", "body": body, "run": str(uuid.uuid4())}, make)
    if wanted is None:
        job.failed = "EXPORT_TYPE_NOT_IMPLEMENTED"
    return job


def _file(site: Site, wanted: Wanted, partial: bool) -> File:
    delimiter = ";" if wanted.body.get("csvDelimiter") == "SEMICOLON" else ","
    style = site.scenario.files.model_copy(update={"delimiter": delimiter})
    cells = rows(site, wanted, style)
    if partial:
        cells = cells[: len(cells) // 2]
    if wanted.body["exportFormat"] == "PDF":
        return sheets.as_pdf("export", wanted.header(), cells)
    return sheets.as_csv("export", wanted.header(), cells, style)


def _entity(site: Site, job: Job, base: str) -> dict[str, Any]:
    """A ``ReportingExportJobResponse``."""
    status = _status(site, job)
    began, done = job.started, min(site.clock(), job.done_at)
    share = 1.0 if job.done_at <= began else min(1.0, (site.clock() - began) / (job.done_at - began))
    entity = {
        "id": job.id,
        "runId": job.detail["run"],
        "status": status,
        **{name: job.detail["body"][name] for name in _ECHOED if name in job.detail["body"]},
        "read": bool(job.detail["body"].get("read")),
        "createdDateTime": utc_text(round(began * 1000)),
        "modifiedDateTime": utc_text(round(done * 1000)),
        "percentageComplete": round(share * 100, 1),
        "enabled": True,
    }
    if status.startswith("COMPLETED"):
        entity["downloadUrl"] = f"{base}/platform/api/v2/downloads/{job.id}"
    if status == "FAILED":
        entity["exportErrorMessagesType"] = job.failed
    return entity


def _status(site: Site, job: Job) -> str:
    if not site.jobs.done(job):
        return "SUBMITTED" if site.clock() - job.started < (job.done_at - job.started) / 4 else "RUNNING"
    if job.failed:
        return "FAILED"
    return "COMPLETED_WITH_PARTIAL_RESULTS" if job.partial else "COMPLETED"


ENDPOINTS = (
    Endpoint("POST", _PATH, start, ("analytics:dataExport:add",)),
    Endpoint("GET", _PATH, listing, ("analytics:dataExport:view",)),
    Endpoint("GET", f"{_PATH}/metadata", metadata, ("analytics:dataExport:view",)),
)
