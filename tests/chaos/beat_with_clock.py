"""Beat's app with a clock that a fault can move: the file named by CHAOS_BEAT_OFFSET has the seconds it is ahead."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from beat_schedule import app

__all__ = ["app"]

_offset = Path(os.environ["CHAOS_BEAT_OFFSET"])
_now = app.now


def _shifted_now() -> datetime:
    seconds = 0.0
    with suppress(FileNotFoundError, ValueError):  # not moved, or just being written
        seconds = float(_offset.read_text())
    shifted: datetime = _now() + timedelta(seconds=seconds)
    return shifted


app.now = _shifted_now
