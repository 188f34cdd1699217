"""Deletes rows, documents and records by their age, and stored answers that have expired. Makes old records small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice

from worker.domain.clock import Clock
from worker.state.ageing.compaction import Compaction
from worker.state.ageing.retention import Kind, Retention
from worker.state.index.building import RunIndex

COMPACT_AFTER = timedelta(days=2)
"""How long after its claim a run keeps the records that only a run under way needs."""

BATCH = 500
"""How many items are held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """Deletes what is older than the settings allow. ``days``: how many days each kind of data is kept."""

    retention: Retention
    compaction: Compaction
    run_index: RunIndex
    days: Mapping[Kind, int]
    clock: Clock

    def expire(self) -> Counter[str]:
        """Delete it, and return how many items of each kind that were."""
        now = self.clock()
        self.run_index.complete()
        self.compaction.compact(int((now - COMPACT_AFTER).timestamp() * 1000))
        limits = {kind: (now - timedelta(days=days)).date() for kind, days in self.days.items()}
        items = chain(self.retention.each_older(limits), self.retention.answers(None, ended_before=now.timestamp()))
        counts: Counter[str] = Counter()
        while batch := list(islice(items, BATCH)):
            self.retention.delete(batch)
            counts.update(str(item.kind) for item in batch)
        return counts
