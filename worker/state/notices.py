"""What notices of finished jobs need: which runs wait for which job, and which notices were taken already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import cast

from redis import Redis

from worker.domain.runs import RunId
from worker.state import once

KEEP_SECONDS = 24 * 3600
"""A job that nobody has fetched a day later is nobody's any more."""

_LONGEST_ID = 200


class WaitingRuns:
    """Job id → the runs that wait for it; ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def add(self, job_ids: Iterable[str], run_id: RunId) -> None:
        """Remember that this run waits for these jobs."""
        with self._redis.pipeline() as pipe:
            for job_id in filter(is_job_id, job_ids):
                pipe.sadd(_waiting(job_id), str(run_id))
                pipe.expire(_waiting(job_id), KEEP_SECONDS)
            pipe.execute()

    def take(self, job_id: str) -> list[RunId]:
        """The runs that wait for a job, for the one caller who learns first that it has ended; then nobody waits."""
        with self._redis.pipeline() as pipe:
            pipe.smembers(_waiting(job_id))
            pipe.delete(_waiting(job_id))
            found, _ = pipe.execute()
        return sorted(RunId.parse(run_id) for run_id in found)

    def of(self, job_id: str) -> list[RunId]:
        """The runs that wait, or waited, for a job."""
        found = cast("set[str]", self._redis.smembers(_waiting(job_id)))
        return sorted(RunId.parse(run_id) for run_id in found)


class TakenNotices:
    """Signatures of notices that were taken, for as long as their timestamp would let them in again."""

    def __init__(self, redis: Redis, keep_seconds: int) -> None:
        self._redis = redis
        self._keep_seconds = keep_seconds

    def take(self, signature: bytes) -> bool:
        """True for the first who brings this signature."""
        key = f"standup:notice:{hashlib.sha256(signature).hexdigest()}"
        return once.first(self._redis, key, self._keep_seconds)


def is_job_id(text: str) -> bool:
    """Whether this looks like an id: one printable word of a sensible length."""
    return 0 < len(text) <= _LONGEST_ID and text.isprintable() and " " not in text


def _waiting(job_id: str) -> str:
    return f"standup:waiting:{hashlib.sha256(job_id.encode('utf-8', 'replace')).hexdigest()}"
