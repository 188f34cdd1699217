"""Reads the newest runs of a group, in a state, or of a day from the index. Without one it reads all runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from redis import Redis

from worker.domain.runs import RunId, RunState
from worker.state.index.building import BUILT, RUNS, days_key, state_key

OPEN = "standup:open"
PAGE = 100
_SCORES = 1_000

Record = tuple[str, dict[str, str]]
"""A run's id and its stored fields."""


def newest_records(redis: Redis, group: str | None = None, state: RunState | None = None) -> Iterator[Record]:
    """Yield the runs that may match, the newest claim first. Runs of other groups or states may be among them.

    Ids of deleted runs that it comes across are removed.
    """
    if state == RunState.OPEN:
        yield from _records_of(redis, cast("list[str]", redis.zrange(OPEN, 0, -1)))
    elif (group is None and state in (None, RunState.DELIVERED)) or not redis.exists(BUILT):
        yield from _records_in(redis, RUNS)
    elif group is not None:
        yield from _records_of(redis, _ids_of_group(redis, group))
    else:
        yield from _records_in(redis, state_key(cast(RunState, state)))


def any_in_state(redis: Redis, states: Sequence[RunState], since_ms: int) -> bool | None:
    """Tell whether a run that was claimed since then is in one of these states. None if there is no index."""
    with redis.pipeline(transaction=False) as pipe:
        pipe.exists(BUILT)
        for state in states:
            pipe.zcount(state_key(state), since_ms, "+inf")
        is_built, *counts = cast("list[int]", pipe.execute())
    return any(counts) if is_built else None


def ids_in_states(redis: Redis, states: Sequence[RunState], since_ms: int) -> list[str]:
    """Return the ids of runs that were claimed since then and are in one of these states. It takes one round trip.

    Without an index, runs that ended before this release are missing.
    """
    with redis.pipeline(transaction=False) as pipe:
        for state in states:
            pipe.zrangebyscore(state_key(state), since_ms, "+inf")
        return [run_id for run_ids in cast("list[list[str]]", pipe.execute()) for run_id in run_ids]


def newest_revisions(redis: Redis, run_ids: Sequence[RunId]) -> list[RunId] | None:
    """Return the newest revision of each of these groups and days, without those that have no run.

    It takes one round trip. None if there is no index.
    """
    if not run_ids:
        return []
    with redis.pipeline(transaction=False) as pipe:
        pipe.exists(BUILT)
        for run_id in run_ids:
            pipe.hget(days_key(run_id.group), str(run_id.reporting_day))
        is_built, *revisions = cast("list[str | None]", pipe.execute())
    if not is_built:
        return None
    pairs = zip(run_ids, revisions, strict=True)
    return [run_id.revised(int(revision)) for run_id, revision in pairs if revision]


def _ids_of_group(redis: Redis, group: str) -> list[str]:
    days = cast("dict[str, str]", redis.hgetall(days_key(group)))
    return [
        f"{group}:{day}" if revision == 1 else f"{group}:{day}.r{revision}"
        for day, newest_revision in days.items()
        for revision in range(1, int(newest_revision) + 1)
    ]


def _records_of(redis: Redis, run_ids: list[str]) -> Iterator[Record]:
    """Yield the records of these runs, the newest claim first."""
    claims: list[tuple[float, str]] = []
    for start in range(0, len(run_ids), _SCORES):
        batch = run_ids[start : start + _SCORES]
        scores = redis.zmscore(RUNS, batch)
        claims += [(score, run_id) for score, run_id in zip(scores, batch, strict=True) if score is not None]
    claims.sort(reverse=True)
    for start in range(0, len(claims), PAGE):
        page = [run_id for _, run_id in claims[start : start + PAGE]]
        yield from _read(redis, page)[0]


def _records_in(redis: Redis, key: str) -> Iterator[Record]:
    """Yield the records of a sorted set of runs."""
    start = 0
    while page := cast("list[str]", redis.zrevrange(key, start, start + PAGE - 1)):
        records, deleted_ids = _read(redis, page)
        if deleted_ids:
            with redis.pipeline(transaction=False) as pipe:
                for listing_key in {key, RUNS}:
                    pipe.zrem(listing_key, *deleted_ids)
                pipe.execute()
        start += len(records)
        yield from records


def _read(redis: Redis, run_ids: Sequence[str]) -> tuple[list[Record], list[str]]:
    """Return the records of those runs that exist, and the ids of the others."""
    with redis.pipeline(transaction=False) as pipe:
        for run_id in run_ids:
            pipe.hgetall(f"standup:run:{run_id}")
        stored = cast("list[dict[str, str]]", pipe.execute())
    records = list(zip(run_ids, stored, strict=True))
    deleted_ids = [run_id for run_id, values in records if "state" not in values]
    return [record for record in records if "state" in record[1]], deleted_ids
