"""The groups of a process: the group files, read again when one of them has changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from worker.domain.groups import Group
from worker.errors import SettingsError
from worker.groupfiles import reading as groupfile
from worker.groupfiles.problems import nearest
from worker.groupfiles.reading import GroupFile

SETTLE_SECONDS = 2.0
"""So long a changed file that has mistakes is taken for one that is still being written: what it said before counts.

An editor empties a file before it fills it: a step that looked just then would end its run.
"""

_Stamp = tuple[float, ...]

_NAMED = 12


class Groups:
    """Reads when asked; ``clock`` in seconds of any clock that only goes forward."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._read: tuple[_Stamp, GroupFile] | None = None
        self._doubted: tuple[_Stamp, float] | None = None

    def file(self) -> GroupFile:
        """All groups and all problems of the group files."""
        stamp = _stamp(self._path)
        if self._read and self._read[0] == stamp:
            return self._read[1]
        found = groupfile.read(self._path)
        if self._read and found.problems and self._is_unsettled(stamp):
            return self._read[1]
        self._read = (stamp, found)
        return found

    def group(self, key: str) -> Group:
        """The group of this key; SettingsError with its mistake, or with those there are."""
        found = self.file()
        for group in found.groups:
            if group.key == key:
                return group
        problems = [str(problem) for problem in found.problems if key in str(problem)]
        raise SettingsError(
            f"There is no healthy group {key!r} in {self._path}.",
            way_out=" ".join(problems) or _those_there_are(key, [group.key for group in found.groups]),
        )

    def _is_unsettled(self, stamp: _Stamp) -> bool:
        now = self._clock()
        if self._doubted is None or self._doubted[0] != stamp:
            self._doubted = (stamp, now)
        return now - self._doubted[1] < SETTLE_SECONDS


def _those_there_are(key: str, known: list[str]) -> str:
    """All of a few; of many the one that was probably meant."""
    if len(known) <= _NAMED:
        return f"The groups are: {', '.join(known) or 'none'}."
    near = nearest(key, known)
    return (f"Did you mean {near}? " if near else "") + f"`standup groups` lists all {len(known)}."


def _stamp(path: Path) -> _Stamp:
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return tuple(file.stat().st_mtime_ns for file in files if file.exists())
