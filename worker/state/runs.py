"""The run ledger: the truth about every run. The broker's messages are only hints to look here.

A step is entered by one worker at a time: `enter` hands out a lease, `renew` prolongs it while the work goes on,
`settle` writes the outcome and is refused when the lease has gone elsewhere. Runs whose lease lapsed, or whose next
step never came, turn up in `silent`. All clocks are Redis'.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import count, islice
from typing import Any, Literal, cast

from redis import Redis

from worker.domain.runs import STEPS, Event, Onward, Over, Run, RunId, RunState, Settlement, Step
from worker.state import scripts

LEASE_SECONDS = 20.0
"""A step's lease; its holder renews it every quarter of that. A killed worker's step is free again after it."""

PICKUP_SECONDS = 45.0
"""A step that was sent and not begun after this long is taken for lost and sent again."""

KEEP_SECONDS = 400 * 24 * 3600
"""Runs are remembered for so long at most; the settings' retention may delete them sooner."""

EARLY_SECONDS = 2.0
"""Clocks of workers may differ from Redis' by this much before a poll counts as a stray one."""

_RUNS, _OPEN = "standup:runs", "standup:open"
_PAGE = 100

Entry = Literal["mine", "unknown", "closed", "done", "early", "held", "waiting"]


def _key(run_id: RunId | str) -> str:
    return f"standup:run:{run_id}"


def _timeline(run_id: RunId | str) -> str:
    return f"standup:timeline:{run_id}"


class Runs:
    """The ledger in one Redis database; ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def claim(self, run_id: RunId, asked_by: str, **fields: str | int) -> bool:
        """Claim a run before any work; False when it exists. A run claimed as ``state="missed"`` is over at once."""
        values = {"state": RunState.OPEN, "step": Step.HOLIDAY_CHECK, "asked_by": asked_by} | fields
        values.setdefault("briefed_day", run_id.reporting_day.isoformat())
        silent_ms = int(PICKUP_SECONDS * 1000) if values["state"] == RunState.OPEN else 0
        event = _event("", f"claimed by {asked_by}" if silent_ms else str(values["state"]))
        args = [str(run_id), silent_ms, KEEP_SECONDS, event, *_flat({"claim": uuid.uuid4().hex} | values)]
        return bool(scripts.call(self._redis, "claim", [_key(run_id), _RUNS, _OPEN, _timeline(run_id)], args))

    def enter(self, run_id: RunId, step: Step, holder: str) -> Entry:
        """Take the step's lease; anything but ``mine`` means: leave it alone."""
        args = [str(run_id), step, holder, int(LEASE_SECONDS * 1000), int(EARLY_SECONDS * 1000), *STEPS]
        return cast(Entry, scripts.call(self._redis, "enter", [_key(run_id), _OPEN], args))

    def renew(self, run_id: RunId, holder: str) -> bool:
        """Prolong the lease; False when it is somebody else's by now."""
        args = [str(run_id), holder, int(LEASE_SECONDS * 1000)]
        return bool(scripts.call(self._redis, "renew", [_key(run_id), _OPEN], args))

    def settle(self, run_id: RunId, step: Step, holder: str, how: Settlement) -> bool:
        """Write down how the step went; False when the lease was lost, and nothing is written."""
        silent_ms = -1 if isinstance(how, Over) else int(PICKUP_SECONDS * 1000)
        next_ms = 0 if isinstance(how, Onward | Over) else int(how.seconds * 1000)
        args = [str(run_id), holder, silent_ms, next_ms, _event(step, how.what, how.detail), *_flat(_changes(how))]
        return bool(scripts.call(self._redis, "settle", [_key(run_id), _OPEN, _timeline(run_id)], args))

    def wake(self, run_id: RunId, because: str, step: Step = Step.POLL) -> bool:
        """Make the run's waiting step due now; False when it does not wait, is being done or is due anyway.

        The message that would have come later then finds the step done, or arranged for later still, and steps aside.
        """
        args = [str(run_id), step, int(EARLY_SECONDS * 1000), int(PICKUP_SECONDS * 1000)]
        event = _event(step, because)
        return bool(scripts.call(self._redis, "wake", [_key(run_id), _OPEN, _timeline(run_id)], [*args, event]))

    def open_count(self) -> int:
        """How many runs are under way."""
        return int(self._redis.zcard(_OPEN))

    def note(self, run_id: RunId, step: str, what: str, detail: str = "") -> None:
        """Add a line to the run's story."""
        self._redis.rpush(_timeline(run_id), f"{self._now_ms()} {_event(step, what, detail)}")

    def set(self, run_id: RunId, **fields: str | int) -> None:
        """Write fields that no two workers write at once, e.g. ``alerted``."""
        self._redis.hset(_key(run_id), mapping={key: str(value) for key, value in fields.items()})

    def count_request(self, run_id: RunId) -> None:
        """One more request was sent for this run."""
        self._redis.hincrby(_key(run_id), "requests", 1)

    def resume(self, run_id: RunId, asked_by: str) -> Step | None:
        """Open a failed run again where it failed, or a missed one at its beginning; None when it is neither.

        A job that ended badly, or rows that are gone, send it back to the export.
        """
        code = self._redis.hget(_key(run_id), "code")
        back_to = Step.EXPORT.value if code in ("export_failed", "artifact_missing") else ""
        args = [str(run_id), int(PICKUP_SECONDS * 1000), _event("", f"resumed by {asked_by}"), back_to]
        step = scripts.call(self._redis, "resume", [_key(run_id), _OPEN, _timeline(run_id)], args)
        return Step(step) if step else None

    def reopen(self, run_id: RunId, step: Step, asked_by: str) -> bool:
        """Open a run that has ended again, at this step; False when it is open."""
        args = [str(run_id), int(PICKUP_SECONDS * 1000), _event("", f"sent again by {asked_by}"), step]
        return bool(scripts.call(self._redis, "reopen", [_key(run_id), _OPEN, _timeline(run_id)], args))

    def silent(self, at_most: int = 500) -> list[RunId]:
        """Open runs that should have moved by now; each is named once per grace period."""
        found = scripts.call(self._redis, "silent", [_OPEN], [int(PICKUP_SECONDS * 1000), at_most])
        return [RunId.parse(run_id) for run_id in found]

    def get(self, run_id: RunId) -> Run | None:
        """The run, or None when there is none (any more)."""
        values = cast(dict[str, str], self._redis.hgetall(_key(run_id)))
        return _run(run_id, values) if "state" in values else None

    def latest_revision(self, run_id: RunId) -> Run | None:
        """The newest revision of the run's group and day."""
        return max(self.revisions(run_id), key=lambda run: run.id.revision, default=None)

    def revisions(self, run_id: RunId) -> Iterator[Run]:
        """All revisions of the run's group and day, the oldest first."""
        for revision in count(1):
            found = self.get(run_id.revised(revision))
            if found is None:
                return
            yield found

    def newest(self, at_most: int = 50, wanted: Callable[[Run], bool] = lambda _: True) -> list[Run]:
        """Of the wanted runs those that were claimed last, newest first."""
        return list(islice(filter(wanted, self._all()), at_most))

    def _all(self) -> Iterator[Run]:
        """All runs, newest first; forgotten ones are dropped from the list on the way."""
        ids = cast(list[str], self._redis.zrevrange(_RUNS, 0, -1))
        for start in range(0, len(ids), _PAGE):
            page = ids[start : start + _PAGE]
            with self._redis.pipeline(transaction=False) as pipe:
                for run_id in page:
                    pipe.hgetall(_key(run_id))
                found = dict(zip(page, pipe.execute(), strict=True))
            gone = [run_id for run_id, values in found.items() if "state" not in values]
            if gone:
                self._redis.zrem(_RUNS, *gone)
            yield from (_run(RunId.parse(run_id), values) for run_id, values in found.items() if "state" in values)

    def timeline(self, run_id: RunId) -> list[Event]:
        """The run's story, oldest first."""
        lines = cast(list[str], self._redis.lrange(_timeline(run_id), 0, -1))
        return [_parse_event(line) for line in lines]

    def first_seen(self, group_key: str, now: datetime) -> datetime:
        """When this group was first asked about; a group is never late for mornings before that."""
        self._redis.hsetnx("standup:groups", group_key, now.isoformat())
        return datetime.fromisoformat(cast(str, self._redis.hget("standup:groups", group_key)))

    def _now_ms(self) -> int:
        seconds, micros = self._redis.time()
        return seconds * 1000 + micros // 1000


def _changes(how: Settlement) -> dict[str, str | int]:
    changes: dict[str, str | int] = dict(how.changes)
    if isinstance(how, Onward):
        fresh: dict[str, str | int] = {"step": how.to, "attempts": 0, "polls": 0}
        changes = fresh | changes
    elif isinstance(how, Over):
        changes["state"] = how.state
    return changes


def _flat(values: Mapping[str, str | int]) -> Iterable[str]:
    for key, value in values.items():
        yield from (key, str(value))


def _event(step: str, what: str, detail: str = "") -> str:
    return json.dumps([step, what, detail], ensure_ascii=False)


def _parse_event(line: str) -> Event:
    millis, _, body = line.partition(" ")
    return Event(_instant(millis) or datetime.fromtimestamp(0, UTC), *json.loads(body))


def _instant(millis: str) -> datetime | None:
    return datetime.fromtimestamp(int(millis) / 1000, UTC) if millis else None


def _run(run_id: RunId, values: dict[str, str]) -> Run:
    get = values.get
    standup_at, last_day = get("standup_at"), get("last_business_day")
    more: dict[str, Any] = {
        name: get(name, "") for name in ("holiday_name", "assumed_open", "job", "source", "code", "sentence")
    }
    more |= {name: int(get(name, "0")) for name in ("polls", "attempts", "requests", "shared")}
    return Run(
        id=run_id,
        state=RunState(values["state"]),
        step=Step(values["step"]),
        asked_by=get("asked_by", ""),
        created_at=_instant(values["created_ms"]) or datetime.fromtimestamp(0, UTC),
        briefed_day=date.fromisoformat(values["briefed_day"]),
        outcome=cast(Literal["briefing", "notice"], get("outcome", "briefing")),
        standup_at=datetime.fromisoformat(standup_at) if standup_at else None,
        finished_at=_instant(get("finished_ms", "")),
        last_business_day=date.fromisoformat(last_day) if last_day else None,
        job_started_at=datetime.fromisoformat(values["job_started_at"]) if get("job_started_at") else None,
        alerted=get("alerted") == "1",
        **more,
    )
