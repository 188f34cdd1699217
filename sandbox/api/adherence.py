"""Bulk historical adherence: a job, then files at signed addresses."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.figures.adherence import AgentAdherence, adherence, user_result
from sandbox.organisation.model import Group
from sandbox.records.instants import Span
from sandbox.scenario.troubles import Immediate
from sandbox.site import Site
from sandbox.wire.errors import invalid, not_found
from sandbox.wire.jobs import File, Job
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint
from sandbox.wire.times import bucket_edges, read_instant, read_zone, utc_text

_PATH = "/api/v2/workforcemanagement/adherence/historical/bulk"
_DAY_MS = timedelta(days=1) // timedelta(milliseconds=1)


def start(site: Site, request: ApiRequest) -> ApiResponse:
    """Answer 202 with a job. With "immediate" trouble, answer 200 with the addresses of the files."""
    body = request.require("items", "timeZone")
    zone = read_zone(body["timeZone"])
    items = [_item(site, item, f"items[{n}]") for n, item in enumerate(body["items"])]
    groups = tuple(dict.fromkeys(group.key for group, _, _ in items))

    def make(partial: bool) -> list[File]:
        return [_file(site, item, zone, partial) for item in items]

    job = site.start_job(request.client, groups, {"kind": "adherence"}, make)
    immediate = site.troubles.find(Immediate, groups) is not None
    return ApiResponse(_job_json(site, job, request.base), 200 if immediate else 202)


def status(site: Site, request: ApiRequest) -> ApiResponse:
    """Return the status of a job."""
    job = site.jobs.get(request.params["job_id"], request.client.id)
    if job is None or job.detail["kind"] != "adherence":
        raise not_found("job", request.params["job_id"])
    return ApiResponse(_job_json(site, job, request.base))


Item = tuple[Group, Span, dict[str, Any]]


def _item(site: Site, item: Any, path: str) -> Item:
    if not isinstance(item, dict) or not item.get("managementUnitId"):
        raise invalid(f"{path}.managementUnitId", "managementUnitId is required")
    group = site.organisation.units.get(item["managementUnitId"])
    if group is None:
        raise not_found("management unit", item["managementUnitId"])
    span = (
        read_instant(item.get("startDate"), f"{path}.startDate"),
        read_instant(item.get("endDate"), f"{path}.endDate"),
    )
    longest = 7 if item.get("includeExceptions") else 31
    if not 0 < span[1] - span[0] <= longest * _DAY_MS + _DAY_MS // 24:
        raise invalid(f"{path}.endDate", f"the range must not be empty and must last at most {longest} days")
    return group, span, item


def _job_json(site: Site, job: Job, base: str) -> dict[str, Any]:
    is_done = site.jobs.is_done(job)
    state = "Error" if is_done and job.failed else "Complete" if is_done else "Processing"
    urls = [f"{base}/_files/{signature}" for signature in job.files] if state == "Complete" else []
    return {"job": {"id": job.id, "status": state, "selfUri": f"{_PATH}/jobs/{job.id}"}, "downloadUrls": urls}


def _file(site: Site, item: Item, zone: ZoneInfo, partial: bool) -> File:
    group, span, options = item
    days_by_agent: dict[str, list[tuple[int, AgentAdherence]]] = {}
    for day in pairwise(bucket_edges(span, "P1D", zone)):
        shifts = [shift for records in site.days(group, day) for shift in records.shifts]
        for result in adherence(shifts, day):
            days_by_agent.setdefault(result.agent_id, []).append((day[0], result))
    users = set(options.get("userIds") or days_by_agent)
    exceptions, actuals = bool(options.get("includeExceptions")), bool(options.get("includeActuals"))
    results = [
        user_result(days, span[0], exceptions=exceptions, actuals=actuals)
        for user, days in sorted(days_by_agent.items())
        if user in users
    ]
    body: dict[str, Any] = {
        "startDate": utc_text(span[0]),
        "endDate": utc_text(span[1]),
        "managementUnitId": group.unit_id,
        "lookupIdToSecondaryPresenceId": {},
        "userResults": results[: len(results) // 2] if partial else results,
    }
    return File(f"adherence-{group.key}.json", "application/json", json.dumps(body).encode())


ENDPOINTS = (
    Endpoint("POST", _PATH, start, ("wfm:historicalAdherence:view",)),
    Endpoint("GET", f"{_PATH}/jobs/{{job_id}}", status),
)
