"""The run ledger: the authoritative record of every run. The broker's messages are only hints to look here.

One worker at a time is in a step: `enter` gives it a lease, `renew` extends the lease during the work, and `settle`
writes the outcome, or refuses if another worker has the lease by then. `silent` returns runs whose lease has expired or
whose next step was not entered. All instants are by Redis' clock.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, cast

from worker.domain.countdowns import MAX_COUNTDOWN_SECONDS
from worker.domain.runs import STEPS, Finished, NextStep, Run, RunId, RunState, Step, StepOutcome
from worker.state import scripts, version
from worker.state.compressed import archive, timelines
from worker.state.compressed.timelines import event_json
from worker.state.files.artifacts import ArtifactDamaged, ArtifactMissing
from worker.state.index import building, listing
from worker.state.ledger import record
from worker.state.ledger.reading import RunReader

LEASE_SECONDS = 20.0
"""The length of a step's lease. Its holder renews it four times as often. After it, a killed worker's step is free."""

PICKUP_SECONDS = 45.0
"""A step that was sent and has not begun after this long counts as lost and is sent again."""

RESUME_SECONDS = 15.0
"""A begun step that was sent again, to the front of the queue, and has not begun after this long is sent once more. The
worker that took the message may have died too."""

MAX_RECOVERIES = 3
"""How many workers may begin a step and never settle it. It may be the step that kills its workers."""

KEEP_SECONDS = 400 * 24 * 3600
"""The longest time that Redis keeps a run. The retention settings may delete it earlier."""

EARLY_SECONDS = 2.0
"""How much earlier than planned a waiting step may be entered. A worker's clock may run ahead of Redis'."""

_RESTARTED_AT_EXPORT = ("export_failed", ArtifactMissing.code, ArtifactDamaged.code)

_RUNS, _OPEN, _GROUPS = building.RUNS, listing.OPEN, "standup:groups"
_BIRTH = "standup:ledger"

Entry = Literal["mine", "unknown", "closed", "done", "passed", "early", "held", "waiting", "worn_out", "newer"]


def holder_of(chain_id: str) -> str:
    """Return a new holder for a message of a chain. Another worker may receive the same message."""
    return f"{chain_id}/{uuid.uuid4().hex[:8]}"


class Runs(RunReader):
    """The ledger in one Redis database. ``redis`` decodes responses."""

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

    def born_at(self) -> datetime:
        """Return since when this ledger exists, 1970 for one that is older than this record.

        A later instant than expected means that Redis was emptied.
        """
        return datetime.fromtimestamp(scripts.call(self._redis, "ledger_birth", [_BIRTH, _RUNS], []) / 1000, UTC)

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
