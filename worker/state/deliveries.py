"""One record per run, channel and recipient, written before and after sending, with the receiver's proof.

planned → sending → sent | refused | unknown. ``sending`` is written just before the receiver could accept; a worker
that dies after it leaves a delivery whose outcome nobody knows, which becomes ``unknown`` and is never sent blindly
again. From ``planned`` a delivery may be tried as often as the run's attempts allow.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal, cast

from redis import Redis

from worker.domain.runs import RunId
from worker.state import scripts
from worker.state.runs import KEEP_SECONDS

DeliveryState = Literal["planned", "sending", "sent", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one recipient. ``proof`` is the receiver's reply, ``why`` the reason of a refusal."""

    channel: str
    recipient: str
    state: DeliveryState
    proof: str = ""
    message_id: str = ""
    why: str = ""


class Deliveries:
    """The delivery records in Redis; ``redis`` decodes responses. ``on_settled`` is told of each one that has ended."""

    def __init__(self, redis: Redis, on_settled: Callable[[Delivery], None] = lambda _: None) -> None:
        self._redis = redis
        self._on_settled = on_settled

    def plan(self, run_id: RunId, channel: str, recipient: str) -> None:
        """Say that this recipient is to get the run; does nothing when a record stands already."""
        self.move(run_id, Delivery(channel, recipient, "planned"), expected=("",))

    def move(self, run_id: RunId, to: Delivery, expected: tuple[str, ...]) -> bool:
        """Write the record if its state is one of the expected; False when it is not."""
        args = [f"{to.channel}|{to.recipient}", ",".join(expected), json.dumps(asdict(to)), KEEP_SECONDS]
        moved = bool(scripts.call(self._redis, "delivery", [_key(run_id)], args))
        if moved and to.state in ("sent", "refused", "unknown"):
            self._on_settled(to)
        return moved

    def of(self, run_id: RunId) -> list[Delivery]:
        """All records of a run, by channel and recipient."""
        records = cast(dict[str, str], self._redis.hgetall(_key(run_id)))
        return [Delivery(**json.loads(records[field])) for field in sorted(records)]


def _key(run_id: RunId) -> str:
    return f"standup:deliveries:{run_id}"
