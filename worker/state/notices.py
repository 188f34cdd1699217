"""Which runs wait for which job, and which "export finished" notices were accepted already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import cast

from redis import Redis

from worker.domain.runs import RunId
from worker.state import once

KEEP_SECONDS = 24 * 3600
"""No run waits longer than a day for its job."""

_MAX_ID_LENGTH = 200


class WaitingRuns:
    """The runs that wait for a job, by the job's id. ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def add(self, job_ids: Iterable[str], run_id: RunId) -> None:
        """Record that this run waits for these jobs."""
        with self._redis.pipeline() as pipe:
            for job_id in filter(is_job_id, job_ids):
                pipe.sadd(_waiting_key(job_id), str(run_id))
                pipe.expire(_waiting_key(job_id), KEEP_SECONDS)
            pipe.execute()

    def take(self, job_id: str) -> list[RunId]:
        """Return the runs that wait for a job and delete the record, so that only the first caller gets them."""
        with self._redis.pipeline() as pipe:
            pipe.smembers(_waiting_key(job_id))
            pipe.delete(_waiting_key(job_id))
            run_ids, _ = pipe.execute()
        return sorted(RunId.parse(run_id) for run_id in run_ids)

    def runs_of(self, job_id: str) -> list[RunId]:
        """Return the runs that wait for a job."""
        run_ids = cast("set[str]", self._redis.smembers(_waiting_key(job_id)))
        return sorted(RunId.parse(run_id) for run_id in run_ids)


class AcceptedNotices:
    """The signatures of accepted notices, for as long as their timestamp would let them in again."""

    def __init__(self, redis: Redis, keep_seconds: int) -> None:
        self._redis = redis
        self._keep_seconds = keep_seconds

    def claim(self, signature: bytes) -> bool:
        """Return True to the first caller with this signature."""
        key = f"standup:notice:{hashlib.sha256(signature).hexdigest()}"
        return once.claim(self._redis, key, self._keep_seconds)


def is_job_id(text: str) -> bool:
    """Tell whether this looks like an id: one printable word of a sensible length."""
    return 0 < len(text) <= _MAX_ID_LENGTH and text.isprintable() and " " not in text


def _waiting_key(job_id: str) -> str:
    return f"standup:waiting:{hashlib.sha256(job_id.encode('utf-8', 'replace')).hexdigest()}"
