"""The delivery records: one per run, channel and recipient, written before and after sending.

The states and what leads from one to another: see `worker.domain.deliveries`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any, cast

from redis import Redis

from worker.domain.deliveries import Delivery, DeliveryState, Recipient
from worker.domain.runs import RunId
from worker.state import scripts
from worker.state.compressed import archive
from worker.state.runs import KEEP_SECONDS

_CALL_ID = "moved_by"
_CALL_ID_DIGITS = 12
"""Enough to tell two attempts at one delivery apart."""

_IDENTITY = ("channel", "recipient", "state")
_FINAL_STATES = ("sent", "refused", "unknown")


class Deliveries:
    """The delivery records in Redis. ``redis`` decodes responses. ``on_settled`` is called with each that has ended."""

    def __init__(self, redis: Redis, on_settled: Callable[[Delivery], None] = lambda _: None) -> None:
        self._redis = redis
        self._on_settled = on_settled

    def plan(self, run_id: RunId, recipients: Iterable[Recipient]) -> bool:
        """Record at once all who must get the run. False if that was done before.

        If every delivery was refused, as in a failed run that is resumed, the new plan replaces them.
        """
        planned = [Delivery(channel, address, "planned") for channel, address in recipients]
        fields = (part for delivery in planned for part in (_field(delivery), _json(_stored(delivery))))
        return self._write("plan", run_id, [KEEP_SECONDS, archive.field_of(run_id), *fields])

    def move(self, run_id: RunId, delivery: Delivery, expected: tuple[DeliveryState | str, ...]) -> bool:
        """Write the record if its present state is one of the expected ("" for no record). False if it is not.

        Also True if the client repeats the call because the answer was lost: the record carries an id of this call.
        """
        record = _json(_stored(delivery) | {_CALL_ID: uuid.uuid4().hex[:_CALL_ID_DIGITS]})
        args = [_field(delivery), ",".join(expected), record, KEEP_SECONDS, archive.field_of(run_id)]
        is_written = self._write("delivery", run_id, args)
        if is_written and delivery.state in _FINAL_STATES:
            self._on_settled(delivery)
        return is_written

    def _write(self, script: str, run_id: RunId, args: list[Any]) -> bool:
        """Call a script that writes deliveries, after taking them out of the archive if they are there."""
        keys = [_key(run_id), archive.key(run_id)]
        while (answer := scripts.call(self._redis, script, keys, args)) == archive.ARCHIVED:
            archive.restore(self._redis, run_id)
        return bool(answer)

    def records(self, run_id: RunId) -> list[Delivery]:
        """Return all records of a run, by channel and recipient."""
        return self.records_of([run_id])[run_id]

    def records_of(self, run_ids: Sequence[RunId]) -> dict[RunId, list[Delivery]]:
        """Return the same for many runs, in one round trip, and one more if some of them have none or are archived."""
        with self._redis.pipeline(transaction=False) as pipe:
            for run_id in run_ids:
                pipe.hgetall(_key(run_id))
            stored = dict(zip(run_ids, cast("list[dict[str, str]]", pipe.execute()), strict=True))
        empty_ids = [run_id for run_id, records in stored.items() if not records]
        if empty_ids:
            archived = zip(empty_ids, archive.read(self._redis, empty_ids), strict=True)
            stored |= {run_id: dict(archive.decode(run_id, text).deliveries) for run_id, text in archived}
        return {run_id: [_delivery(records[field]) for field in sorted(records)] for run_id, records in stored.items()}


def _delivery(record: str) -> Delivery:
    values = json.loads(record)
    values.pop(_CALL_ID, None)
    return Delivery(**values)


def _stored(delivery: Delivery) -> dict[str, Any]:
    """Return the record without the values that a new one has. Redis keeps it for more than a year."""
    return {name: value for name, value in asdict(delivery).items() if name in _IDENTITY or value}


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, separators=(",", ":"))


def _field(delivery: Delivery) -> str:
    return f"{delivery.channel}|{delivery.recipient}"


def _key(run_id: RunId) -> str:
    return f"standup:deliveries:{run_id}"
