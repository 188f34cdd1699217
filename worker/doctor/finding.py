"""What a check has to say."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from worker.errors import PermissionMissing, StandupError


class Level(enum.StrEnum):
    """``ok`` · ``warning`` it works, but not as one would wish · ``wrong`` somebody will get no briefing."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. ``what`` is a fact, ``way_out`` the sentence that mends it; neither holds a secret."""

    area: str
    level: Level
    what: str
    way_out: str = ""
    permission: str = ""


def ok(area: str, what: str) -> Finding:
    """All is well."""
    return Finding(area, Level.OK, what)


def warning(area: str, what: str, way_out: str) -> Finding:
    """It works, but."""
    return Finding(area, Level.WARNING, what, way_out)


def wrong(area: str, what: str, way_out: str, permission: str = "") -> Finding:
    """It does not work."""
    return Finding(area, Level.WRONG, what, way_out, permission)


def of_error(area: str, error: StandupError, level: Level = Level.WRONG) -> Finding:
    """An error of ours, which brings its own way out."""
    permission = error.permission if isinstance(error, PermissionMissing) else ""
    return Finding(area, level, error.what, error.way_out, permission)
