"""A row of one of the order's queues, with its place: queue, medium and start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from worker.genesys.tables.table import Row

Place = tuple[str, str, datetime | None]
"""Queue id, medium, start."""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row of one of the order's queues."""

    row: Row
    queue_id: str
    medium: str
    start: datetime | None
