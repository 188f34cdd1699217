"""Rows and documents of runs, as files under a folder or any fsspec URL (``s3://…``) that all workers share.

They hold names and figures, which is why they are not in Redis.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import PurePosixPath

import fsspec
from fsspec.implementations.local import LocalFileSystem

from worker.domain.runs import RunId
from worker.errors import PermanentError, SettingsError, TransientError


class ArtifactMissing(PermanentError):
    """A step's input is not where the step before it put it."""

    code = "artifact_missing"


class StoreUnavailable(TransientError):
    """Rows or documents cannot be kept or read just now: a full disk, a share that is away."""

    code = "store_unavailable"

    def __init__(self, error: OSError) -> None:
        at = f" at {error.filename}" if error.filename else ""
        super().__init__(
            f"{error.strerror or type(error).__name__}{at}.",
            way_out="Is STANDUP_ARTIFACTS there, writable and not full?",
            retry_after_seconds=_PATIENCE_SECONDS,
        )


_PATIENCE_SECONDS = 20.0


class Artifacts:
    """A store of named bytes. Writing replaces as a whole: a reader sees the old or the new, never half."""

    def __init__(self, url: str) -> None:
        local = {"auto_mkdir": True} if "://" not in url else {}
        try:
            self._fs, root = fsspec.core.url_to_fs(url, **local)
        except (ImportError, ValueError) as error:
            raise SettingsError(
                f"STANDUP_ARTIFACTS: {error}.",
                way_out="Expected a folder, or e.g. s3://bucket/standup with its driver: pip install "
                '"standup-briefings[s3]" (or [gcs], [azure]).',
            ) from None
        self._root = str(root)
        self._url = url

    def put(self, name: str, content: bytes) -> None:
        """Keep ``content`` under ``name``, e.g. ``runs/support/2026-11-20/r1/rows.json``."""
        path = self._path(name)
        draft = f"{path}.{uuid.uuid4().hex}"
        self._fs.pipe_file(draft, content)
        self._fs.mv(draft, path)

    def get(self, name: str) -> bytes:
        """The bytes under ``name``; ArtifactMissing when there are none."""
        try:
            return bytes(self._fs.cat_file(self._path(name)))
        except FileNotFoundError:
            raise ArtifactMissing(
                f"{name} is not in {self._url}.",
                way_out="All workers must share STANDUP_ARTIFACTS; rerun the briefing to make it anew.",
            ) from None

    def exists(self, name: str) -> bool:
        """Whether something is kept under ``name``."""
        return bool(self._fs.exists(self._path(name)))

    def names(self, folder: str) -> list[str]:
        """The names of all that is kept under a folder such as ``runs/support``."""
        self._fs.invalidate_cache()
        start = len(self._root) + 1
        return sorted(str(path)[start:] for path in self._fs.find(self._path(folder)))

    def delete(self, name: str) -> None:
        """Delete what is kept under ``name``, if it is there, and the folders that it leaves empty."""
        with suppress(FileNotFoundError):
            self._fs.rm_file(self._path(name))
        if isinstance(self._fs, LocalFileSystem):
            for folder in list(PurePosixPath(name).parents)[:-1]:
                with suppress(OSError):
                    self._fs.rmdir(self._path(str(folder)))

    def place(self, name: str) -> str:
        """Where ``name`` is kept, for an operator to open."""
        return str(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"


def of_run(run_id: RunId, name: str) -> str:
    """The artifact's name for a run's own file."""
    return f"runs/{run_id.group}/{run_id.reporting_day}/r{run_id.revision}/{name}"
