"""Bounds for files from outside, checked while they are read, so that no file can hold a worker or fill its memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from worker import step_time
from worker.errors import MalformedAnswer
from worker.genesys.api.wire import MEGABYTE

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The largest row and column numbers of a worksheet (ECMA-376, and Excel's specifications and limits)."""

EXPORT_AGAIN = "Have the report exported again."
"""The way out for a file that is damaged or cut off."""

SHOWN_CHARACTERS = 60
"""How much of a cell or a header an error shows."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one file is read. ``part_bytes`` is for each part of a workbook other than its sheets."""

    unpacked_bytes: int = 512 * MEGABYTE
    part_bytes: int = 64 * MEGABYTE
    directory_bytes: int = MEGABYTE
    style_bytes: int = 4 * MEGABYTE
    line_characters: int = 1024 * 1024
    rows: int = 2_000_000
    cells: int = 40_000_000
    depth: int = 32
    tabs: int = 256
    seconds: float = 120.0


class Budget:
    """What may still be read of one file. ``label`` is what errors call it, ``clock`` counts seconds."""

    def __init__(self, label: str, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits or Limits()
        self._label = label
        self._clock = clock
        self._deadline = clock() + self.limits.seconds
        self._bytes = self._rows = self._cells = 0

    def take_bytes(self, count: int) -> None:
        """Count unpacked bytes, and check the time."""
        self._bytes += count
        if self._bytes > self.limits.unpacked_bytes:
            raise self.exceeded(f"unpacks to more than {self.limits.unpacked_bytes // MEGABYTE} MB")
        self.check_time()

    def take_row(self, cells: int) -> None:
        """Count a row and its cells."""
        self._rows += 1
        self._cells += cells
        if self._rows > self.limits.rows:
            raise self.exceeded(f"has more than {self.limits.rows} rows")
        if self._cells > self.limits.cells:
            raise self.exceeded(f"has more than {self.limits.cells} cells")
        if self._rows % 1024 == 0:
            self.check_time()

    def check_time(self) -> None:
        """Raise `MalformedAnswer` if reading takes too long, `StepTooLong` if the step does."""
        step_time.check(f"it read {self._label}")
        if self._clock() > self._deadline:
            raise self.exceeded(f"takes longer than {self.limits.seconds:.0f} s to read")

    def exceeded(self, problem: str) -> MalformedAnswer:
        """Return the error for a file beyond its bounds."""
        return MalformedAnswer(
            f"{self._label} {problem}. The rest was not read.",
            way_out="Give the report fewer queues, columns or days, and check who made the file.",
        )


class ZipBytes:
    """A packed file as `zipfile` may read it: with a directory of at most ``budget.limits.directory_bytes``.

    `zipfile` reads the whole directory by one call, whose size the file states, and makes an object of each entry.
    """

    def __init__(self, file: IO[bytes], budget: Budget) -> None:
        self._file = file
        self._budget = budget

    def read(self, size: int = -1) -> bytes:
        """Read some bytes. Raises `MalformedAnswer` for more than a directory may have."""
        most = self._budget.limits.directory_bytes
        if size > most:
            raise self._budget.exceeded(f"is a zip file or workbook whose list of files has more than {most >> 20} MB")
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def shorten(text: str, characters: int = SHOWN_CHARACTERS) -> str:
    """Cut a text from outside for an error message."""
    stripped = text.strip()
    return stripped if len(stripped) <= characters else stripped[: characters - 1] + "…"
