"""Jobs that take their time, and the files that they leave."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple


class File(NamedTuple):
    """A finished file, as it is served; ``groups`` are those whose job made it."""

    name: str
    media_type: str
    content: bytes
    groups: tuple[str, ...] = ()


@dataclass(slots=True)
class Job:
    """Something that was started: by whom, for which groups, when it will be done (seconds of the clock).

    ``failed`` is the reason with which it will end. ``detail`` is what its kind keeps with it. ``asked`` counts the
    status requests so far.
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
    asked: int = 0
    files: tuple[str, ...] = ()


class Jobs:
    """All jobs, and all files under the signatures by which they can be fetched. Used from several threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._files: dict[str, File] = {}

    def keep(self, job: Job) -> Job:
        """Remember a job that was started."""
        with self._lock:
            self._jobs[job.id] = job
        return job

    def get(self, job_id: str, client: str) -> Job | None:
        """A client's own job."""
        job = self._jobs.get(job_id)
        return job if job and job.client == client else None

    def all_of(self, client: str, kind: str) -> list[Job]:
        """A client's jobs of a kind (``detail["kind"]``), newest first."""
        with self._lock:
            return [job for job in reversed(self._jobs.values()) if (job.client, job.detail["kind"]) == (client, kind)]

    def done(self, job: Job) -> bool:
        """Whether its time is over; its files are there from then on."""
        if self.clock() < job.done_at:
            return False
        with self._lock:
            if not job.files and not job.failed:
                job.files = tuple(self._sign(file._replace(groups=job.groups)) for file in job.make())
        return True

    def _sign(self, file: File) -> str:
        signature = secrets.token_urlsafe(24)
        self._files[signature] = file
        return signature

    def file(self, signature: str) -> File | None:
        """The file of that signature."""
        return self._files.get(signature)
