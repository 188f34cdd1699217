"""A folder of numbered files. A file is complete as soon as it appears."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

_NUMBER = re.compile(r"(\d+)-")


class Inbox:
    """Numbers files in order of arrival. It continues after the files in the folder, so a restart overwrites none."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._lock = threading.Lock()
        matches = (_NUMBER.match(path.name) for path in directory.iterdir())
        self._last = max((int(match[1]) for match in matches if match), default=0)

    def put(self, name: str, suffix: str, content: bytes) -> str:
        """Write ``0001-name.suffix`` and return that file name."""
        with self._lock:
            self._last += 1
            file_name = f"{self._last:04}-{name}{suffix}"
        unfinished = self._directory / f".{file_name}.part"
        unfinished.write_bytes(content)
        os.replace(unfinished, self._directory / file_name)
        return file_name
