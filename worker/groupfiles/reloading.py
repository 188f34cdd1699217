"""The groups of a process: the group files, read again when one of them has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from worker.domain.groups import Group
from worker.errors import SettingsError
from worker.groupfiles import reading
from worker.groupfiles.folder import files_of, subfolders_of
from worker.groupfiles.problems import Problem, dotted, nearest, path_text
from worker.groupfiles.reading import GroupFile

SETTLE_SECONDS = 2.0
"""Ignore errors in a changed file for this long, because the editor may still be writing it.

An editor empties a file before it fills it. A step that reads it at that moment would otherwise end its run.
"""

_Stamp = tuple[float, ...]

_MOST_GROUPS_NAMED = 12
_MOST_PROBLEMS_NAMED = 3


class Groups:
    """Read group files when asked. ``clock`` returns the seconds of a clock that only goes forward."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._read: tuple[_Stamp, GroupFile] | None = None
        self._unsettled: tuple[_Stamp, float] | None = None

    def file(self) -> GroupFile:
        """Return all groups and all problems of the group files."""
        stamp = _stamp(self._path)
        if self._read and self._read[0] == stamp:
            return self._read[1]
        group_file = reading.read(self._path)
        if self._read and group_file.problems and self._is_unsettled(stamp):
            return self._read[1]
        self._read = (stamp, group_file)
        return group_file

    def group(self, key: str) -> Group:
        """Return the group of this key. Raise `SettingsError` with its mistake, or with the groups that exist."""
        group_file = self.file()
        for group in group_file.groups:
            if group.key == key:
                return group
        problems = [problem for problem in group_file.problems if _stops(problem, key)]
        if not problems and not group_file.groups:
            problems = list(group_file.problems)
        raise SettingsError(
            f"The group files in {path_text(self._path)} have no group {key!r} that can run.",
            way_out=_first(problems) or _existing_groups(key, [group.key for group in group_file.groups]),
        )

    def _is_unsettled(self, stamp: _Stamp) -> bool:
        now = self._clock()
        if self._unsettled is None or self._unsettled[0] != stamp:
            self._unsettled = (stamp, now)
        return now - self._unsettled[1] < SETTLE_SECONDS


def _stops(problem: Problem, key: str) -> bool:
    """Tell whether the problem is of this group, in the file perhaps with capitals, or of a file without groups."""
    if not problem.key:
        return not problem.groups or key in problem.groups
    path, group_path = problem.key.lower(), dotted(("groups", key)).lower()
    return key in problem.groups or path == group_path or path.startswith(f"{group_path}.")


def _first(problems: Sequence[Problem]) -> str:
    """Return the first problems, a sentence each, and how many more there are. "" for none."""
    sentences = [f"{problem}." for problem in problems[:_MOST_PROBLEMS_NAMED]]
    rest = len(problems) - _MOST_PROBLEMS_NAMED
    return " ".join([*sentences, f"`standup groups` lists {rest} more."] if rest > 0 else sentences)


def _existing_groups(key: str, keys: list[str]) -> str:
    """Name the group that was probably meant, and all groups if there are few."""
    near = nearest(key, keys)
    hint = f"Did you mean {near}? " if near else ""
    if len(keys) <= _MOST_GROUPS_NAMED:
        return f"{hint}The groups are: {', '.join(keys) or 'none'}."
    return f"{hint}`standup groups` lists all {len(keys)}."


def _stamp(path: Path) -> _Stamp:
    """Return when the files were changed, and the folders: another name does not change a file."""
    files = [*files_of(path), *subfolders_of(path), path]
    return tuple(file.stat().st_mtime_ns for file in files if file.exists())
