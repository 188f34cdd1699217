"""Makes the records of old runs small. They are kept for more than a year, and read rarely."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from redis import Redis

from worker.domain.runs import RunId
from worker.state import scripts
from worker.state.compressed import archive
from worker.state.compressed.archive import ArchivedRun
from worker.state.index import building
from worker.state.runs import KEEP_SECONDS

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
                pipe.hgetall(_deliveries(run_id))
                archive.get(pipe, RunId.parse(run_id))
            answers = iter(pipe.execute())
        building.index(self._redis, run_ids)  # a worker of a release without an index may have ended one of them
        stored = zip(run_ids, answers, answers, answers, strict=True)
        calls = [_call(RunId.parse(run_id), *answers_of_run) for run_id, *answers_of_run in stored]
        yield from scripts.call_many(self._redis, "compact", calls)


def _call(
    run_id: RunId, elements: list[str], deliveries: dict[str, str], archived: bytes | None
) -> tuple[list[str], list[Any]]:
    """Return the keys and arguments of the script that compacts a run. It may have been archived and sent again."""
    earlier = archive.decode(run_id, archived)
    whole_run = ArchivedRun([*earlier.elements, *elements], _without_calls(deliveries) or earlier.deliveries)
    keys = [f"standup:run:{run_id}", _timeline(run_id), _deliveries(run_id), archive.key(run_id)]
    stored = [archive.field_of(run_id), archive.encode(run_id, whole_run), KEEP_SECONDS]
    return keys, [len(elements), _digest(deliveries), *stored, run_id.reporting_day.isoformat(), *_LEFT_OUT]


def _without_calls(deliveries: Mapping[str, str]) -> dict[str, str]:
    """Return the records without the mark of the call that moved them, which needs it only to repeat itself."""
    records = {field: json.loads(record) for field, record in deliveries.items()}
    for record in records.values():
        record.pop("moved_by", None)
    return {field: json.dumps(record, separators=(",", ":")) for field, record in records.items()}


def _digest(deliveries: Mapping[str, str]) -> str:
    """Return the hash that the script compares: of the sorted hashes of all records."""
    return _sha1("".join(sorted(_sha1(f"{field}\n{record}") for field, record in deliveries.items())))


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _deliveries(run_id: RunId | str) -> str:
    return f"standup:deliveries:{run_id}"


def _timeline(run_id: RunId | str) -> str:
    return f"standup:timeline:{run_id}"
