"""Deletes rows, documents and records by their age, and stored answers that have expired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from worker.domain.clock import Clock
from worker.state.retention import Kind, Retention


@dataclass(frozen=True, slots=True)
class Expiry:
    """Deletes what is older than the settings allow. ``days``: how many days each kind of data is kept."""

    retention: Retention
    days: Mapping[Kind, int]
    clock: Clock

    def expire(self) -> Counter[str]:
        """Delete it, and return how many items of each kind that were."""
        now = self.clock()
        items = self.retention.older({kind: (now - timedelta(days=days)).date() for kind, days in self.days.items()})
        items += self.retention.answers(None, ended_before=now.timestamp())
        self.retention.delete(items)
        return Counter(str(item.kind) for item in items)
