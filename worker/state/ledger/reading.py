"""Read the ledger: single runs, revisions, timelines, and which runs are in which state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, islice
from typing import cast

from redis import Redis

from worker.domain.runs import Event, Run, RunId, RunState, Step
from worker.state.compressed import archive, timelines
from worker.state.index import building, listing
from worker.state.ledger import record

_PAGE = 500
"""How many runs are read at once where all open ones are looked at."""


class RunReader:
    """Everything that only reads the ledger in one Redis database. ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def get(self, run_id: RunId) -> Run | None:
        """Return the run, or None if it does not exist or was deleted."""
        values = cast(dict[str, str], self._redis.hgetall(record.key(run_id)))
        return record.run_of(run_id, values) if "state" in values else None

    def get_all(self, run_ids: Iterable[RunId]) -> dict[RunId, Run]:
        """Return those of the runs that exist, in one round trip."""
        run_ids = list(run_ids)
        with self._redis.pipeline(transaction=False) as pipe:
            for run_id in run_ids:
                pipe.hgetall(record.key(run_id))
            stored = cast("list[dict[str, str]]", pipe.execute())
        pairs = zip(run_ids, stored, strict=True)
        return {run_id: record.run_of(run_id, values) for run_id, values in pairs if "state" in values}

    def timeline(self, run_id: RunId) -> list[Event]:
        """Return the run's events, oldest first."""
        return self.timelines([run_id])[run_id]

    def timelines(self, run_ids: Sequence[RunId]) -> dict[RunId, list[Event]]:
        """Return the events of many runs, oldest first, in one round trip."""
        with self._redis.pipeline(transaction=False) as pipe:
            for run_id in run_ids:
                archive.get(pipe, run_id)
                pipe.lrange(record.timeline_key(run_id), 0, -1)
            answers = iter(pipe.execute())
        return {
            run_id: timelines.events([*archive.decode(run_id, archived).elements, *elements])
            for run_id, archived, elements in zip(run_ids, answers, answers, strict=True)
        }

    def revisions(self, run_id: RunId) -> Iterator[Run]:
        """Yield all revisions of the run's group and day, the oldest first."""
        for revision in count(1):
            run = self.get(run_id.revised(revision))
            if run is None:
                return
            yield run

    def latest_revision(self, run_id: RunId) -> Run | None:
        """Return the newest revision of the run's group and day."""
        return max(self.revisions(run_id), key=lambda run: run.id.revision, default=None)

    def latest_revisions(self, run_ids: Iterable[RunId]) -> dict[RunId, Run]:
        """Return the newest revision of each of these groups and days, by its first revision's id.

        It takes two round trips. Without an index it takes as many as the most corrected one of them has revisions, and
        two more.
        """
        first_ids = [run_id.revised(1) for run_id in run_ids]
        newest_ids = listing.newest_revisions(self._redis, first_ids)
        if newest_ids is not None:
            return {run_id.revised(1): run for run_id, run in self.get_all(newest_ids).items()}
        latest_runs: dict[RunId, Run] = {}
        remaining_ids = first_ids
        while remaining_ids:
            runs = self.get_all(remaining_ids)
            latest_runs |= {run_id.revised(1): run for run_id, run in runs.items()}
            remaining_ids = [run_id.revised(run_id.revision + 1) for run_id in runs]
        return latest_runs

    def newest(self, at_most: int = 50, *, group: str | None = None, state: RunState | None = None) -> list[Run]:
        """Return the runs that were claimed last, newest first: of this group, and in this state."""
        records = listing.newest_records(self._redis, group, state)
        runs = (record.run_of(RunId.parse(run_id), values) for run_id, values in records)
        matching_runs = (run for run in runs if group in (None, run.id.group) and state in (None, run.state))
        return list(islice(matching_runs, at_most))

    def newest_claim_ms(self) -> int:
        """Return when the newest run was claimed, in milliseconds of Unix time, 0 if there is none."""
        newest = cast("list[tuple[str, float]]", self._redis.zrevrange(building.RUNS, 0, 0, withscores=True))
        return int(newest[0][1]) if newest else 0

    def claimed_since(self, instant_ms: int) -> list[RunId]:
        """Return the runs that were claimed at or after this instant."""
        return [
            RunId.parse(run_id)
            for run_id in cast(list[str], self._redis.zrangebyscore(building.RUNS, instant_ms, "+inf"))
        ]

    def ever_claimed(self, run_ids: Sequence[RunId]) -> frozenset[RunId]:
        """Return those of the runs that were ever claimed in this ledger, also if their records are gone."""
        scores = self._redis.zmscore(building.RUNS, [str(run_id) for run_id in run_ids])
        return frozenset(run_id for run_id, score in zip(run_ids, scores, strict=True) if score is not None)

    def existing_count(self, run_ids: Iterable[RunId]) -> int:
        """Return how many of these runs exist."""
        return self._redis.exists(*map(record.key, run_ids))

    def endings(self, run_ids: Sequence[RunId]) -> list[record.Ending]:
        """Return the state of each run and whether its end was reported, in one round trip."""
        with self._redis.pipeline(transaction=False) as pipe:
            for run_id in run_ids:
                pipe.hmget(record.key(run_id), "state", "alerted")
            return [record.Ending(run_id, *values) for run_id, values in zip(run_ids, pipe.execute(), strict=True)]

    def any_claimed_since(self, instant_ms: int, states: Sequence[RunState]) -> bool:
        """Tell whether a run that was claimed at or after this instant is in one of these states, which end a run."""
        answer = listing.any_in_state(self._redis, states, instant_ms)
        if answer is None:
            return any(ending.state in states for ending in self.endings(self.claimed_since(instant_ms)))
        return answer

    def unreported(self, states: Sequence[RunState], since_ms: int) -> list[RunId]:
        """Return the runs claimed at or after this instant that ended in one of these states, and not yet reported."""
        run_ids = [RunId.parse(run_id) for run_id in listing.ids_in_states(self._redis, states, since_ms)]
        return [ending.run_id for ending in self.endings(run_ids) if ending.state in states and ending.alerted != "1"]

    def unfinished(self, run_ids: Sequence[RunId]) -> list[RunId]:
        """Return those of the runs that are open or do not exist."""
        if self.existing_count(run_ids) < len(run_ids):
            return [ending.run_id for ending in self.endings(run_ids) if ending.state in (None, RunState.OPEN)]
        scores = self._redis.zmscore(listing.OPEN, [str(run_id) for run_id in run_ids]) if run_ids else []
        return [run_id for run_id, score in zip(run_ids, scores, strict=True) if score is not None]

    def open_count(self) -> int:
        """Return how many runs are under way."""
        return int(self._redis.zcard(listing.OPEN))

    def open_at(self, step: Step) -> list[RunId]:
        """Return the open runs that are at this step."""
        open_ids = [RunId.parse(run_id) for run_id in cast(list[str], self._redis.zrange(listing.OPEN, 0, -1))]
        pages = (open_ids[start:][:_PAGE] for start in range(0, len(open_ids), _PAGE))
        return [run_id for page in pages for run_id, run in self.get_all(page).items() if run.step == step]

    def oldest_open_at(self) -> datetime | None:
        """Return when the oldest run that is under way was claimed, None if none is."""
        open_ids = cast(list[str], self._redis.zrange(listing.OPEN, 0, -1))
        claimed_ms = (
            [score for score in self._redis.zmscore(building.RUNS, open_ids) if score is not None] if open_ids else []
        )
        return datetime.fromtimestamp(min(claimed_ms) / 1000, UTC) if claimed_ms else None
