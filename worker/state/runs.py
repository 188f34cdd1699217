"""The run ledger: the authoritative record of every run. The broker's messages are only hints to look here.

One worker at a time is in a step: `enter` gives it a lease, `renew` extends the lease during the work, and `settle`
writes the outcome, or refuses if another worker has the lease by then. `silent` returns runs whose lease has expired or
whose next step was not entered. All instants are by Redis' clock.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count, islice
from typing import Any, Literal, cast

from redis import Redis

from worker.domain.countdowns import MAX_COUNTDOWN_SECONDS
from worker.domain.runs import STEPS, Event, Finished, NextStep, Run, RunId, RunState, Step, StepOutcome
from worker.state import scripts, version
from worker.state.compressed import archive, timelines
from worker.state.compressed.timelines import event_json
from worker.state.files.artifacts import ArtifactDamaged, ArtifactMissing
from worker.state.index import building, listing
from worker.state.ledger import record

LEASE_SECONDS = 20.0
"""The length of a step's lease. Its holder renews it four times as often. After it, a killed worker's step is free."""

PICKUP_SECONDS = 45.0
"""A step that was sent and has not begun after this long counts as lost and is sent again."""

RESUME_SECONDS = 15.0
"""A begun step that was sent again, to the front of the queue, and has not begun after this long is sent once more. The
worker that took the message may have died too."""

MAX_RECOVERIES = 3
"""How often a step is begun again after a worker that never settled it. It may be the step that kills its workers."""

KEEP_SECONDS = 400 * 24 * 3600
"""The longest time that Redis keeps a run. The retention settings may delete it earlier."""

EARLY_SECONDS = 2.0
"""How much earlier than planned a waiting step may be entered. A worker's clock may run ahead of Redis'."""

_RESTARTED_AT_EXPORT = ("export_failed", ArtifactMissing.code, ArtifactDamaged.code)

_RUNS, _OPEN, _GROUPS = building.RUNS, listing.OPEN, "standup:groups"
_BIRTH = "standup:ledger"
_PAGE = 500

Entry = Literal["mine", "unknown", "closed", "done", "passed", "early", "held", "waiting", "worn_out", "newer"]


def holder_of(chain_id: str) -> str:
    """Return a new holder for a message of a chain. Another worker may receive the same message."""
    return f"{chain_id}/{uuid.uuid4().hex[:8]}"


class Runs:
    """The ledger in one Redis database. ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def claim(self, run_id: RunId, asked_by: str, **fields: str | int) -> bool:
        """Claim a run before any work. False if it exists. A run claimed with ``state="missed"`` has ended at once."""
        return self.claim_all(asked_by, [(run_id, fields)])[0]

    def claim_all(self, asked_by: str, claims: Iterable[tuple[RunId, Mapping[str, str | int]]]) -> list[bool]:
        """Claim many runs, each with its fields, in one round trip."""
        calls = [_claim(run_id, asked_by, fields) for run_id, fields in claims]
        return [bool(answer) for answer in scripts.call_many(self._redis, "claim", calls)]

    def enter(self, run_id: RunId, step: Step, holder: str) -> tuple[Entry, Run | None]:
        """Take the step's lease, and return the run with it.

        Every answer other than ``mine`` means that the caller must not do the step. Without a lease there is no run.

        ``holder`` is from `holder_of`. ``done``: the run is past the step, and the caller's chain of messages must go
        on. On a holiday it leaves out steps, and its worker may have died before it sent the next message.
        ``passed``: another chain continues the run. ``worn_out``: the caller has the lease and must end the run,
        because `MAX_RECOVERIES` workers began the step and never settled it. ``newer``: the state is of a newer
        program, whose workers do the step.
        """
        limits = [int(LEASE_SECONDS * 1000), int(EARLY_SECONDS * 1000), MAX_RECOVERIES, version.STATE_VERSION]
        args = [str(run_id), step, holder, *limits, int(MAX_COUNTDOWN_SECONDS * 1000), *STEPS]
        entry, *stored = scripts.call(self._redis, "enter", [record.key(run_id), _OPEN, version.KEY], args)
        fields = iter(stored[0] if stored else ())
        run = record.run_of(run_id, dict(zip(fields, fields, strict=True))) if stored else None
        return cast(Entry, entry), run

    def renew(self, leases: Iterable[tuple[RunId, str, float]]) -> list[bool]:
        """Extend many leases, each given by its run, holder and longest time in seconds, in one round trip.

        False for one that another worker has by now, or whose step takes longer than that. It runs out, and the step
        counts as recovered when another worker enters it.
        """
        lease_ms = int(LEASE_SECONDS * 1000)
        calls: list[tuple[list[str], list[Any]]] = [
            ([record.key(run_id), _OPEN], [str(run_id), holder, lease_ms, int(longest_seconds * 1000)])
            for run_id, holder, longest_seconds in leases
        ]
        return [bool(answer) for answer in scripts.call_many(self._redis, "renew", calls)]

    def settle(self, run_id: RunId, step: Step, holder: str, outcome: StepOutcome) -> bool:
        """Write the outcome of the step. False, and nothing is written, if the lease was lost."""
        silent_ms = -1 if isinstance(outcome, Finished) else int(PICKUP_SECONDS * 1000)
        next_ms = 0 if isinstance(outcome, NextStep | Finished) else _wait_ms(outcome.seconds)
        event = event_json(step, outcome.event, outcome.detail)
        args = [str(run_id), holder, silent_ms, next_ms, event, *record.flat(record.changes(outcome))]
        return bool(scripts.call(self._redis, "settle", [*_keys(run_id), _RUNS], args))

    def wake(self, run_id: RunId, reason: str, step: Step = Step.POLL) -> bool:
        """Make the run's waiting step due now. False if it does not wait, is being done or is due anyway.

        The message that was to arrive later then finds the step done, or planned for a later instant, and is ignored.
        One that has been due for `RESUME_SECONDS` counts as lost.
        """
        args = [str(run_id), step, int(EARLY_SECONDS * 1000), int(PICKUP_SECONDS * 1000)]
        args += [event_json(step, reason), int(RESUME_SECONDS * 1000)]
        return bool(scripts.call(self._redis, "wake", _keys(run_id), args))

    def open_count(self) -> int:
        """Return how many runs are under way."""
        return int(self._redis.zcard(_OPEN))

    def oldest_open_at(self) -> datetime | None:
        """Return when the oldest run that is under way was claimed, None if none is."""
        open_ids = cast(list[str], self._redis.zrange(_OPEN, 0, -1))
        claimed_ms = [score for score in self._redis.zmscore(_RUNS, open_ids) if score is not None] if open_ids else []
        return datetime.fromtimestamp(min(claimed_ms) / 1000, UTC) if claimed_ms else None

    def note(self, run_id: RunId, step: str, text: str, detail: str = "") -> None:
        """Add a line to the run's timeline."""
        self._redis.rpush(record.timeline_key(run_id), timelines.element(self._now_ms(), step, text, detail))

    def set(self, run_id: RunId, **fields: str | int) -> None:
        """Write fields that two workers never write at the same time, e.g. ``shared``."""
        self._redis.hset(record.key(run_id), mapping={key: str(value) for key, value in fields.items()})

    def mark_reported(self, run: Run) -> None:
        """Record that operations know of this end. An end since then has an alert of its own."""
        finished_ms = round(run.finished_at.timestamp() * 1000) if run.finished_at else ""
        scripts.call(self._redis, "reported", [record.key(run.id)], [run.state.value, finished_ms])

    def count_request(self, run_id: RunId) -> None:
        """Count a request that was sent for this run."""
        self._redis.hincrby(record.key(run_id), "requests", 1)

    def resume(self, run_id: RunId, asked_by: str) -> Step | None:
        """Reopen a failed run at the step that failed, or a missed one at its first step. None if it is neither.

        If the export job failed, or the step's input is gone or damaged, the run goes back to the export, which is
        where all inputs come from.
        """
        archive.restore(self._redis, run_id)
        code = self._redis.hget(record.key(run_id), "code")
        restart_at = Step.EXPORT.value if code in _RESTARTED_AT_EXPORT else ""
        args = [str(run_id), int(PICKUP_SECONDS * 1000), event_json("", f"resumed by {asked_by}"), restart_at]
        step = scripts.call(self._redis, "resume", [*_keys(run_id), _RUNS], args)
        return Step(step) if step else None

    def reopen(self, run_id: RunId, step: Step, asked_by: str) -> bool:
        """Reopen a run that has ended, at this step. False if it is open."""
        archive.restore(self._redis, run_id)
        args = [str(run_id), int(PICKUP_SECONDS * 1000), event_json("", f"sent again by {asked_by}"), step]
        return bool(scripts.call(self._redis, "reopen", [*_keys(run_id), _RUNS], args))

    def silent(self, at_most: int = 500) -> list[tuple[RunId, bool]]:
        """Return open runs without progress, each with whether a worker has begun its step.

        Each is returned once per `PICKUP_SECONDS`, or per `RESUME_SECONDS` if a worker has begun its step.
        """
        longest_seconds = MAX_COUNTDOWN_SECONDS + PICKUP_SECONDS
        graces = [int(RESUME_SECONDS * 1000), int(longest_seconds * 1000)]
        args = [int(PICKUP_SECONDS * 1000), at_most, record.key(""), *graces]
        answer = scripts.call(self._redis, "silent", [_OPEN], args)
        return [(RunId.parse(run_id), bool(is_begun)) for run_id, is_begun in zip(*[iter(answer)] * 2, strict=True)]

    def existing_count(self, run_ids: Iterable[RunId]) -> int:
        """Return how many of these runs exist."""
        return self._redis.exists(*map(record.key, run_ids))

    def newest_claim_ms(self) -> int:
        """Return when the newest run was claimed, in milliseconds of Unix time, 0 if there is none."""
        newest = cast("list[tuple[str, float]]", self._redis.zrevrange(_RUNS, 0, 0, withscores=True))
        return int(newest[0][1]) if newest else 0

    def claimed_since(self, instant_ms: int) -> list[RunId]:
        """Return the runs that were claimed at or after this instant."""
        return [RunId.parse(run_id) for run_id in cast(list[str], self._redis.zrangebyscore(_RUNS, instant_ms, "+inf"))]

    def born_at(self) -> datetime:
        """Return since when this ledger exists, 1970 for one that is older than this record.

        A later instant than expected means that Redis was emptied.
        """
        return datetime.fromtimestamp(scripts.call(self._redis, "ledger_birth", [_BIRTH, _RUNS], []) / 1000, UTC)

    def ever_claimed(self, run_ids: Sequence[RunId]) -> frozenset[RunId]:
        """Return those of the runs that were ever claimed in this ledger, also if their records are gone."""
        scores = self._redis.zmscore(_RUNS, [str(run_id) for run_id in run_ids])
        return frozenset(run_id for run_id, score in zip(run_ids, scores, strict=True) if score is not None)

    def open_at(self, step: Step) -> list[RunId]:
        """Return the open runs that are at this step."""
        open_ids = [RunId.parse(run_id) for run_id in cast(list[str], self._redis.zrange(_OPEN, 0, -1))]
        pages = (open_ids[start:][:_PAGE] for start in range(0, len(open_ids), _PAGE))
        return [run_id for page in pages for run_id, run in self.get_all(page).items() if run.step == step]

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
        scores = self._redis.zmscore(_OPEN, [str(run_id) for run_id in run_ids]) if run_ids else []
        return [run_id for run_id, score in zip(run_ids, scores, strict=True) if score is not None]

    def endings(self, run_ids: Sequence[RunId]) -> list[record.Ending]:
        """Return the state of each run and whether its end was reported, in one round trip."""
        with self._redis.pipeline(transaction=False) as pipe:
            for run_id in run_ids:
                pipe.hmget(record.key(run_id), "state", "alerted")
            return [record.Ending(run_id, *values) for run_id, values in zip(run_ids, pipe.execute(), strict=True)]

    def get(self, run_id: RunId) -> Run | None:
        """Return the run, or None if it does not exist or was deleted."""
        values = cast(dict[str, str], self._redis.hgetall(record.key(run_id)))
        return record.run_of(run_id, values) if "state" in values else None

    def latest_revision(self, run_id: RunId) -> Run | None:
        """Return the newest revision of the run's group and day."""
        return max(self.revisions(run_id), key=lambda run: run.id.revision, default=None)

    def get_all(self, run_ids: Iterable[RunId]) -> dict[RunId, Run]:
        """Return those of the runs that exist, in one round trip."""
        run_ids = list(run_ids)
        with self._redis.pipeline(transaction=False) as pipe:
            for run_id in run_ids:
                pipe.hgetall(record.key(run_id))
            stored = cast("list[dict[str, str]]", pipe.execute())
        pairs = zip(run_ids, stored, strict=True)
        return {run_id: record.run_of(run_id, values) for run_id, values in pairs if "state" in values}

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

    def newest(self, at_most: int = 50, *, group: str | None = None, state: RunState | None = None) -> list[Run]:
        """Return the runs that were claimed last, newest first: of this group, and in this state."""
        records = listing.newest_records(self._redis, group, state)
        runs = (record.run_of(RunId.parse(run_id), values) for run_id, values in records)
        matching_runs = (run for run in runs if group in (None, run.id.group) and state in (None, run.state))
        return list(islice(matching_runs, at_most))

    def timeline(self, run_id: RunId) -> list[Event]:
        """Return the run's events, oldest first."""
        return self.timelines([run_id])[run_id]

    def first_seen(self, group_key: str, now: datetime) -> datetime:
        """Return when beat first asked about this group. A group is never late for mornings before that."""
        self.see_groups([group_key], now)
        return datetime.fromisoformat(cast(str, self._redis.hget(_GROUPS, group_key)))

    def see_groups(self, group_keys: Iterable[str], now: datetime) -> None:
        """Record that beat has asked about these groups, for those that are new."""
        with self._redis.pipeline(transaction=False) as pipe:
            for key in group_keys:
                pipe.hsetnx(_GROUPS, key, now.isoformat())
            pipe.execute()

    def _now_ms(self) -> int:
        seconds, micros = self._redis.time()
        return seconds * 1000 + micros // 1000


def _wait_ms(seconds: float) -> int:
    """Return how long a step waits. `enter` takes a longer wait for one from before Redis' clock was set back."""
    return int(min(seconds, MAX_COUNTDOWN_SECONDS) * 1000)


def _keys(run_id: RunId) -> list[str]:
    return [record.key(run_id), _OPEN, record.timeline_key(run_id)]


def _claim(run_id: RunId, asked_by: str, fields: Mapping[str, str | int]) -> tuple[list[str], list[Any]]:
    """Return the keys and arguments of the script that claims a run."""
    values = record.new(run_id, asked_by, fields)
    silent_ms = int(PICKUP_SECONDS * 1000) if values["state"] == RunState.OPEN else 0
    event = event_json("", f"claimed by {asked_by}" if silent_ms else str(values["state"]))
    args = [str(run_id), silent_ms, KEEP_SECONDS, event, *record.flat(values)]
    keys = [
        record.key(run_id),
        _RUNS,
        _OPEN,
        record.timeline_key(run_id),
        _BIRTH,
        building.days_key(run_id.group),
        building.BUILT,
    ]
    return keys, args
