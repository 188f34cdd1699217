"""What a check reports."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from worker.errors import PermissionMissing, StandupError

PlaceOf = Callable[[str, str], str]
"""Returns file and line of a value of a group, from its key, such as ``deliver.email``, and the value."""


class Level(enum.StrEnum):
    """``ok``; ``warning``: it works, with a drawback; ``wrong``: someone will get no briefing."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. ``fact`` states what is, ``way_out`` how to fix it. Neither contains a secret.

    ``place`` is file and line in the group files, "" if the finding is about no value there.
    """

    area: str
    level: Level
    fact: str
    way_out: str = ""
    permission: str = ""
    place: str = ""


def ok(area: str, fact: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(area, Level.OK, fact)


def warning(area: str, fact: str, way_out: str, *, place: str = "") -> Finding:
    """Return a finding about something that works with a drawback."""
    return Finding(area, Level.WARNING, fact, way_out, place=place)


def wrong(area: str, fact: str, way_out: str, permission: str = "", *, place: str = "") -> Finding:
    """Return a finding about something that does not work."""
    return Finding(area, Level.WRONG, fact, way_out, permission, place)


def of_error(area: str, error: StandupError, level: Level = Level.WRONG, *, place: str = "") -> Finding:
    """An error of ours, which brings its own way out."""
    permission = error.permission if isinstance(error, PermissionMissing) else ""
    return Finding(area, level, error.problem, error.way_out, permission, place)
