"""Indexes the runs of a release that had no index, once. Its workers end when a newer one starts (`version`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from redis import Redis

from worker.domain.runs import RunState
from worker.state import scripts

RUNS = "standup:runs"
BUILT = "standup:indexed"
"""Exists if the index has all runs. The first claim in an empty database writes it."""

PAGE = 500


def days_key(group: str) -> str:
    """Return the key of a group's days."""
    return f"standup:days:{group}"


def state_key(state: RunState) -> str:
    """Return the key of the runs in a state."""
    return f"{RUNS}:{state}"


def index(redis: Redis, run_ids: Sequence[str]) -> None:
    """Index these runs. Runs that are in the index stay as they are."""
    calls = [([f"standup:run:{run_id}", RUNS, days_key(run_id.partition(":")[0])], [run_id]) for run_id in run_ids]
    scripts.call_many(redis, "index", calls)


@dataclass(frozen=True, slots=True)
class RunIndex:
    """The index of one Redis database. ``redis`` decodes responses."""

    redis: Redis

    def complete(self) -> int:
        """Index all runs unless that was done. Return how many were looked at."""
        if self.redis.exists(BUILT):
            return 0
        count = 0
        for run_ids in self._pages():
            index(self.redis, run_ids)
            count += len(run_ids)
        self.redis.set(BUILT, 1)
        return count

    def _pages(self) -> Iterator[list[str]]:
        start = 0
        while page := cast("list[str]", self.redis.zrange(RUNS, start, start + PAGE - 1)):
            yield page
            start += len(page)
