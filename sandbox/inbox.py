"""A folder that things arrive in: numbered in their order, each file whole from the moment that it is seen."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

_NUMBERED = re.compile(r"(\d+)-")


class Inbox:
    """Counts on from what lies there already, so that a restart overwrites nothing."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._lock = threading.Lock()
        found = (_NUMBERED.match(path.name) for path in directory.iterdir())
        self._last = max((int(match[1]) for match in found if match), default=0)

    def put(self, name: str, suffix: str, content: bytes) -> str:
        """Write ``0001-name.suffix`` at once and return that file name."""
        with self._lock:
            self._last += 1
            file_name = f"{self._last:04}-{name}{suffix}"
        unfinished = self._directory / f".{file_name}.part"
        unfinished.write_bytes(content)
        os.replace(unfinished, self._directory / file_name)
        return file_name
