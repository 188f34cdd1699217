"""Makes the records of old runs small. They are kept for more than a year, and read rarely."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from redis import Redis

from worker.domain.runs import RunId
from worker.state import scripts
from worker.state.compressed import timelines
from worker.state.index import building

_RUNS, _MARK = "standup:runs", "standup:compacted"
_PAGE = 200
_LEFT_OUT = (
    "holder",
    "lease_until_ms",
    "entered_ms",
    "next_at_ms",
    "settled_by",
    "claim",
    "polls",
    "attempts",
    "job",
    "job_started_at",
)
"""Fields that only a run under way needs."""


class Compaction:
    """Compacts the runs of one Redis database, each once. ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def compact(self, claimed_before_ms: int) -> int:
        """Compact the runs that were claimed before this instant (Unix time). Return how many that were.

        A run that is still open is left as it is.
        """
        return sum(sum(self._compact(page)) for page in self._pages(claimed_before_ms))

    def _pages(self, claimed_before_ms: int) -> Iterator[list[str]]:
        """Yield the ids of runs that were not looked at before, and record how far the pages have come."""
        while True:
            mark = cast("str | None", self._redis.get(_MARK)) or "-inf"
            page = cast(
                "list[tuple[str, float]]",
                self._redis.zrangebyscore(_RUNS, f"({mark}", f"({claimed_before_ms}", 0, _PAGE, withscores=True),
            )
            if not page:
                return
            last = page[-1][1]
            # all that were claimed in the same millisecond as the last one, because the next page begins after it
            of_last_instant = cast("list[str]", self._redis.zrangebyscore(_RUNS, last, last))
            yield list(dict.fromkeys([*(run_id for run_id, _ in page), *of_last_instant]))
            self._redis.set(_MARK, int(last))

    def _compact(self, run_ids: list[str]) -> Iterator[int]:
        with self._redis.pipeline(transaction=False) as pipe:
            for run_id in run_ids:
                pipe.lrange(_timeline(run_id), 0, -1)
            stored = cast("list[list[str]]", pipe.execute())
        building.index(self._redis, run_ids)  # a worker of a release without an index may have ended one of them
        calls = [_call(run_id, elements) for run_id, elements in zip(run_ids, stored, strict=True)]
        yield from scripts.call_many(self._redis, "compact", calls)


def _call(run_id: str, elements: list[str]) -> tuple[list[str], list[Any]]:
    """Return the keys and arguments of the script that compacts a run."""
    keys = [f"standup:run:{run_id}", _timeline(run_id), f"standup:deliveries:{run_id}"]
    day = RunId.parse(run_id).reporting_day.isoformat()
    return keys, [len(elements), timelines.compacted(elements), day, *_LEFT_OUT]


def _timeline(run_id: str) -> str:
    return f"standup:timeline:{run_id}"
