"""Which jobs a notice is about. Pure.

Our own form is ``{"jobs": ["<id>", …]}``. An event as Genesys Cloud sends it is taken as well: the ``id`` (and
``runId``) of its ``eventBody``, whether it comes by itself or inside an EventBridge ``detail``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from worker.notices.signature import NoticeRefused
from worker.state.notices import is_job_id

MAX_JOBS = 100

_EXPECTED = 'expected JSON such as {"jobs": ["<id of the export or job>"]}, or a Genesys Cloud event with eventBody.id'


def jobs_of(body: bytes) -> list[str]:
    """The job ids; `NoticeRefused` (400) where there are none or too many."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise NoticeRefused(400, _EXPECTED) from None
    found = list(dict.fromkeys(_jobs(value)))
    if not found or len(found) > MAX_JOBS:
        raise NoticeRefused(400, f"{_EXPECTED}; 1 to {MAX_JOBS} of them")
    return found


def _jobs(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    jobs = value.get("jobs")
    event = _event(value)
    for one in (*(jobs if isinstance(jobs, list) else ()), event.get("id"), event.get("runId")):
        if isinstance(one, str) and is_job_id(one):
            yield one


def _event(value: dict[str, object]) -> dict[str, object]:
    detail = value.get("detail")
    event = (detail if isinstance(detail, dict) else value).get("eventBody")
    return event if isinstance(event, dict) else {}
