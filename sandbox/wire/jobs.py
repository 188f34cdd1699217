"""Asynchronous jobs, and the files they produce."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple


class File(NamedTuple):
    """A finished file as it is served. ``groups`` are those of its job."""

    name: str
    media_type: str
    content: bytes
    groups: tuple[str, ...] = ()


@dataclass(slots=True)
class Job:
    """A job of a client for some groups, which ends at ``done_at`` (seconds of the clock).

    ``failed`` is the reason with which the job will fail, None if it will not. ``detail`` holds what its kind needs.
    """

    id: str
    client: str
    groups: tuple[str, ...]
    started: float
    done_at: float
    partial: bool
    failed: str | None
    detail: dict[str, Any]
    make: Callable[[], list[File]]
    status_requests: int = 0
    files: tuple[str, ...] = ()


class Jobs:
    """All jobs, and all files by the signatures of their addresses. Thread-safe."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._files: dict[str, File] = {}

    def add(self, job: Job) -> Job:
        """Add a job that was started."""
        with self._lock:
            self._jobs[job.id] = job
        return job

    def get(self, job_id: str, client: str) -> Job | None:
        """Return a client's own job."""
        job = self._jobs.get(job_id)
        return job if job and job.client == client else None

    def all_of(self, client: str, kind: str) -> list[Job]:
        """Return a client's jobs of a kind (``detail["kind"]``), newest first."""
        with self._lock:
            return [job for job in reversed(self._jobs.values()) if (job.client, job.detail["kind"]) == (client, kind)]

    def is_done(self, job: Job) -> bool:
        """Tell whether the job has ended. Make its files when it has."""
        if self.clock() < job.done_at:
            return False
        with self._lock:
            if not job.files and not job.failed:
                job.files = tuple(self._sign(file._replace(groups=job.groups)) for file in job.make())
        return True

    def publish(self, file: File) -> str:
        """Serve a file that is ready, and return the signature of its address."""
        with self._lock:
            return self._sign(file)

    def _sign(self, file: File) -> str:
        signature = secrets.token_urlsafe(24)
        self._files[signature] = file
        return signature

    def file(self, signature: str) -> File | None:
        """Return the file with that signature."""
        return self._files.get(signature)
