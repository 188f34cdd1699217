"""Rows and documents of runs, as files in a folder or at any fsspec URL (``s3://…``) that all workers share.

They contain names and figures, so they are not in Redis.
"""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

import fsspec
from fsspec.implementations.local import LocalFileSystem

from worker.domain.runs import RunId
from worker.errors import PermanentError, SettingsError, StandupError, TransientError
from worker.state.files import private_files

ROWS = "rows.json"
"""The rows that the source returned."""

TODAY = "today.json"
"""The plan of the stand-up's day, with what is not known of it. It exists only if the group wants one."""

SOURCE_PDF = "source.pdf"
"""The source's own PDF. It exists only if the group wants one and the source made it in time."""

FIGURES = "figures.json"
"""The sums of a run's rows, with which a later revision is compared."""

DELIVERIES = "deliveries.json"
"""Who got the run, as far as it is known outside of Redis."""

MESSAGE = "parcel.json"
"""The message as it is sent, without the bytes of its documents."""


PROBE = "checks/doctor.txt"
"""What the doctor stores to see whether the store works."""

PROBE_QUESTION = "artifact_probe"
"""The remote control command that asks every worker for its content."""


class ArtifactMissing(PermanentError):
    """The input of a step is not where the step before should have stored it."""

    code = "artifact_missing"


class ArtifactDamaged(PermanentError):
    """The input of a step cannot be read. A machine that lost power may have stored a part of it."""

    code = "artifact_damaged"

    def __init__(self, name: str, error: Exception) -> None:
        super().__init__(
            f"{name} is damaged ({type(error).__name__}).", way_out="`standup run` fetches the figures again."
        )


class StoreUnavailable(TransientError):
    """Rows or documents cannot be written or read at the moment, e.g. because a disk is full."""

    code = "store_unavailable"

    def __init__(self, error: OSError) -> None:
        path = f" at {error.filename}" if error.filename else ""
        super().__init__(
            f"{error.strerror or type(error).__name__}{path}.",
            way_out="Is STANDUP_ARTIFACTS there, writable and not full?",
            retry_after_seconds=_RETRY_SECONDS,
        )


_RETRY_SECONDS = 20.0


class Artifacts:
    """A store of named bytes. A reader sees the old or the new content, never a part of it.

    A store that is away or full raises OSError. A driver's own errors become one.
    """

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
        self._is_local = isinstance(self._fs, LocalFileSystem)
        self._url = url

    def put(self, name: str, content: bytes, *, is_synced: bool = True) -> None:
        """Store ``content`` under ``name``, e.g. ``runs/support/2026-11-20/r1/rows.json``.

        What can be made again need not be synced to a disk of this machine. A loss of power may then damage it.
        """
        path = self._path(name)
        if self._is_local:
            private_files.replace(Path(path), content, is_synced=is_synced)
        else:
            draft = f"{path}.{uuid.uuid4().hex}"
            with self._driver_errors(path):
                self._fs.pipe_file(draft, content)
                self._fs.mv(draft, path)

    def get(self, name: str) -> bytes:
        """Return the bytes under ``name``. Raises ArtifactMissing if there are none."""
        path = self._path(name)
        try:
            # fsspec opens a file of this machine through several layers, which takes four times as long
            if self._is_local:
                return Path(path).read_bytes()
            with self._driver_errors(path):
                return bytes(self._fs.cat_file(path))
        except FileNotFoundError:
            raise ArtifactMissing(
                f"{name} is not in {self._url}.",
                way_out="All workers must share STANDUP_ARTIFACTS; rerun the briefing to make it again.",
            ) from None

    def version(self, name: str) -> object:
        """Return what differs between any two contents that ``name`` has had: `put` makes a new file each time.

        None if nothing has this name, or if the store cannot tell without sending the content too.
        """
        if not self._is_local:
            return None
        with suppress(OSError):
            file = os.stat(self._path(name))
            return file.st_ino, file.st_mtime_ns, file.st_size
        return None

    def exists(self, name: str) -> bool:
        """Tell whether something is stored under ``name``."""
        path = self._path(name)
        if self._is_local:
            return os.path.exists(path)
        with self._driver_errors(path):
            return bool(self._fs.exists(path))

    def names(self, folder: str) -> list[str]:
        """Return the names of all artifacts in a folder such as ``runs/support``."""
        self._fs.invalidate_cache()
        start = len(self._root) + 1
        with self._driver_errors(folder):
            return sorted(str(path)[start:] for path in self._fs.find(self._path(folder)))

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders in a folder such as ``runs``."""
        self._fs.invalidate_cache()
        start = len(self._root) + 1
        with suppress(FileNotFoundError), self._driver_errors(folder):
            entries = self._fs.ls(self._path(folder), detail=True)
            return sorted(str(entry["name"])[start:] for entry in entries if entry["type"] == "directory")
        return []

    def delete(self, name: str) -> None:
        """Delete the artifact of this name, if it exists, and the folders that are then empty."""
        with suppress(FileNotFoundError), self._driver_errors(name):
            self._fs.rm_file(self._path(name))
        if self._is_local:
            for folder in list(PurePosixPath(name).parents)[:-1]:
                with suppress(OSError):
                    self._fs.rmdir(self._path(str(folder)))

    def place(self, name: str) -> str:
        """Return the path or URL of ``name``, for an operator to open."""
        return str(self._path(name))

    @contextmanager
    def _driver_errors(self, path: str) -> Iterator[None]:
        """Turn any other error of a driver into an OSError. Each has its own tree, such as ``BotoCoreError`` of S3."""
        try:
            yield
        except (OSError, StandupError):
            raise
        except Exception as error:
            raise OSError(errno.EIO, f"{self._url} failed: {type(error).__name__}", path) from error

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"


def of_run(run_id: RunId, name: str) -> str:
    """Return the artifact name of a run's own file."""
    return f"{folder_of(run_id)}/r{run_id.revision}/{name}"


def folder_of(run_id: RunId) -> str:
    """Return the folder of all revisions of the run's group and day."""
    return f"runs/{run_id.group}/{run_id.reporting_day}"


def stored_revisions(artifacts: Artifacts, run_id: RunId, name: str) -> list[int]:
    """Return the revisions of the run's group and day that have an artifact of this name."""
    folder = folder_of(run_id)
    places = (place.removeprefix(f"{folder}/").split("/") for place in artifacts.names(folder))
    return sorted(int(place[0][1:]) for place in places if place[1:] == [name] and place[0][1:].isdigit())


_COUNTS_FOR = timedelta(hours=1)
"""A mark that is never cleared nor renewed counts for so long."""

_RENEWED_AFTER = timedelta(minutes=20)


class OutageMark:
    """Says that operations know of an outage of a Redis server. It is an artifact, because Redis is away.

    A store that is away too must not keep the alert back: no error of it is raised.
    """

    def __init__(self, artifacts: Artifacts, server: str) -> None:
        self._artifacts = artifacts
        self._name = f"outages/{server}"

    def set(self, now: datetime) -> None:
        """Record that operations know."""
        with suppress(Exception):
            self._artifacts.put(self._name, now.isoformat().encode())

    def clear(self) -> None:
        """Forget it, because the outage is over."""
        with suppress(Exception):
            self._artifacts.delete(self._name)

    def renew(self, now: datetime) -> None:
        """Let a mark that is set count for longer, because the outage lasts."""
        with suppress(ArtifactMissing):
            set_at = self._set_at()
            if set_at is not None and _RENEWED_AFTER <= now - set_at < _COUNTS_FOR:
                self.set(now)

    def is_set(self, now: datetime) -> bool | None:
        """Tell whether a worker has set it. None if that cannot be told: it is unreadable, or was not renewed."""
        try:
            set_at = self._set_at()
        except ArtifactMissing:
            return False
        return True if set_at is not None and now - set_at < _COUNTS_FOR else None

    def _set_at(self) -> datetime | None:
        """Return when it was set, None if it cannot be read. Raises ArtifactMissing if it is not set."""
        try:
            return datetime.fromisoformat(self._artifacts.get(self._name).decode())
        except ArtifactMissing:
            raise
        except Exception:
            return None
