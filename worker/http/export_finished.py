"""Signed notices that an export has finished: check the signature, read the job ids, wake the waiting runs.

The sender signs ``<timestamp>.<body>`` by HMAC-SHA256 with the shared secret and sends the hexadecimal digest, with
``sha256=`` before it, as ``X-Standup-Signature``, and the timestamp (seconds since 1970) as ``X-Standup-Timestamp``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from worker.domain.clock import Clock
from worker.domain.runs import RunId, Step
from worker.services.runs import SendChain
from worker.state.notices import AcceptedNotices, WaitingRuns, is_job_id
from worker.state.runs import Runs

MAX_JOBS = 100

_EXPECTED = 'expected JSON such as {"jobs": ["<id of the export or job>"]}, or a Genesys Cloud event with eventBody.id'


def jobs_of(body: bytes) -> list[str]:
    """Return the job ids of a notice. Raises `NoticeRefused` (400) for none or too many.

    Our own form is ``{"jobs": ["<id>", …]}``. An event as Genesys Cloud sends it works too: the ``id`` and ``runId``
    of its ``eventBody``, by itself or inside an EventBridge ``detail``.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise NoticeRefused(400, _EXPECTED) from None
    job_ids = list(dict.fromkeys(_jobs(value)))
    if not job_ids or len(job_ids) > MAX_JOBS:
        raise NoticeRefused(400, f"{_EXPECTED}; 1 to {MAX_JOBS} of them")
    return job_ids


def _jobs(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    jobs = value.get("jobs")
    event = _event(value)
    for candidate in (*(jobs if isinstance(jobs, list) else ()), event.get("id"), event.get("runId")):
        if isinstance(candidate, str) and is_job_id(candidate):
            yield candidate


def _event(value: dict[str, object]) -> dict[str, object]:
    detail = value.get("detail")
    event = (detail if isinstance(detail, dict) else value).get("eventBody")
    return event if isinstance(event, dict) else {}


@dataclass(frozen=True, slots=True)
class NoticeIntake:
    """Accepts signed notices and wakes the runs that wait for the jobs in them."""

    secret: bytes
    accepted: AcceptedNotices
    waiting: WaitingRuns
    runs: Runs
    send_chain: SendChain
    clock: Clock

    def accept(self, headers: Mapping[str, str], body: bytes) -> list[RunId]:
        """Return the runs that were woken. Raises `NoticeRefused` if the notice is not accepted."""
        timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
        checked = check(self.secret, timestamp, signature, body, self.clock())
        job_ids = jobs_of(body)
        if not self.accepted.claim(checked):
            raise NoticeRefused(409, "this notice was accepted before")
        return self._wake(job_ids)

    def _wake(self, job_ids: Iterable[str]) -> list[RunId]:
        """Wake every run that waits for one of the jobs.

        Its chain is sent once more from the poll on. The message that waits meanwhile finds the poll done, or the next
        one planned, and is ignored: see ``worker/state/lua/enter.lua``.
        """
        waiting = {run_id for job_id in job_ids for run_id in self.waiting.runs_of(job_id)}
        woken = [run_id for run_id in sorted(waiting) if self.runs.wake(run_id, "notice: the job has ended")]
        for run_id in woken:
            self.send_chain(run_id, Step.POLL)
        return woken


SIGNATURE = "X-Standup-Signature"
TIMESTAMP = "X-Standup-Timestamp"

TOLERANCE_SECONDS = 300
"""The largest difference between the timestamp and this machine's clock."""

_SECONDS = re.compile(r"[0-9]{1,12}")


class NoticeRefused(Exception):
    """The notice is not accepted. The reason helps its sender and tells a stranger nothing."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def digest(secret: bytes, timestamp: str, body: bytes) -> bytes:
    """Return the signature of a body at a timestamp."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest().encode()


def check(secret: bytes, timestamp: str, signature: str, body: bytes, now: datetime) -> bytes:
    """Return the signature if it is right and fresh, or raise `NoticeRefused`. Compares in constant time."""
    sent_digest = signature.removeprefix("sha256=").lower().encode("utf-8", "replace")
    if not _SECONDS.fullmatch(timestamp) or not hmac.compare_digest(digest(secret, timestamp, body), sent_digest):
        raise NoticeRefused(401, f"expected {TIMESTAMP} and {SIGNATURE}: sha256=HMAC(secret, timestamp.body)")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise NoticeRefused(401, f"the timestamp is more than {TOLERANCE_SECONDS} s away from this machine's clock")
    return sent_digest
