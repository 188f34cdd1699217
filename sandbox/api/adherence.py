"""Bulk historical adherence: a job, then files at signed addresses."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.adherence import AgentAdherence, adherence, user_result
from sandbox.errors import invalid, not_found
from sandbox.instants import bounds, read_instant, read_zone, utc_text
from sandbox.jobs import File, Job
from sandbox.organisation import Group
from sandbox.script import Immediate
from sandbox.site import Site
from sandbox.spans import Span
from sandbox.wire import Answer, Asked, Endpoint

_PATH = "/api/v2/workforcemanagement/adherence/historical/bulk"
_DAY_MS = timedelta(days=1) // timedelta(milliseconds=1)


def start(site: Site, asked: Asked) -> Answer:
    """202 with a job; 200 with the files' addresses where the script says "immediate"."""
    body = asked.require("items", "timeZone")
    zone = read_zone(body["timeZone"])
    items = [_item(site, item, f"items[{n}]") for n, item in enumerate(body["items"])]
    groups = tuple(dict.fromkeys(group.key for group, _, _ in items))

    def make(partial: bool) -> list[File]:
        return [_file(site, item, zone, partial) for item in items]

    job = site.start(asked.client, groups, {"kind": "adherence"}, make)
    at_once = site.troubles.find(Immediate, groups) is not None
    return Answer(_response(site, job, asked.base), 200 if at_once else 202)


def look(site: Site, asked: Asked) -> Answer:
    """How the job stands."""
    job = site.jobs.get(asked.params["job_id"], asked.client.id)
    if job is None or job.detail["kind"] != "adherence":
        raise not_found("job", asked.params["job_id"])
    return Answer(_response(site, job, asked.base))


Item = tuple[Group, Span, dict[str, Any]]


def _item(site: Site, item: Any, place: str) -> Item:
    if not isinstance(item, dict) or not item.get("managementUnitId"):
        raise invalid(f"{place}.managementUnitId", "managementUnitId is required")
    group = site.organisation.units.get(item["managementUnitId"])
    if group is None:
        raise not_found("management unit", item["managementUnitId"])
    span = (
        read_instant(item.get("startDate"), f"{place}.startDate"),
        read_instant(item.get("endDate"), f"{place}.endDate"),
    )
    longest = 7 if item.get("includeExceptions") else 31
    if not 0 < span[1] - span[0] <= longest * _DAY_MS + _DAY_MS // 24:
        raise invalid(f"{place}.endDate", f"the range must be longer than nothing and at most {longest} days")
    return group, span, item


def _response(site: Site, job: Job, base: str) -> dict[str, Any]:
    done = site.jobs.done(job)
    status = "Error" if done and job.failed else "Complete" if done else "Processing"
    urls = [f"{base}/_files/{signature}" for signature in job.files] if status == "Complete" else []
    return {"job": {"id": job.id, "status": status, "selfUri": f"{_PATH}/jobs/{job.id}"}, "downloadUrls": urls}


def _file(site: Site, item: Item, zone: ZoneInfo, partial: bool) -> File:
    group, span, wishes = item
    by_agent: dict[str, list[tuple[int, AgentAdherence]]] = {}
    marks = bounds(span, "P1D", zone)
    for day in pairwise(marks):
        shifts = [shift for one in site.days(group, day) for shift in one.shifts]
        for found in adherence(shifts, day):
            by_agent.setdefault(found.agent_id, []).append((day[0], found))
    users = set(wishes.get("userIds") or by_agent)
    options = {
        key: bool(wishes.get(name))
        for key, name in (("exceptions", "includeExceptions"), ("actuals", "includeActuals"))
    }
    results = [user_result(days, span[0], **options) for user, days in sorted(by_agent.items()) if user in users]
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
    Endpoint("GET", f"{_PATH}/jobs/{{job_id}}", look),
)
