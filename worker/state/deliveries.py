"""One record per run, channel and recipient, written before and after sending, with the receiver's proof.

planned → sending → sent | refused | unknown. ``sending`` is written just before the receiver could accept; a worker
that dies after it leaves a delivery whose outcome nobody knows, which becomes ``unknown`` and is never sent blindly
again. From ``planned`` a delivery may be tried for as long as patience lasts; from ``refused`` or ``unknown`` only an
operator's resend leads back to it, and nothing leads back from ``sent``.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal, cast

from redis import Redis

from worker.domain.runs import RunId
from worker.state import scripts
from worker.state.runs import KEEP_SECONDS

_MARK = "moved_by"

DeliveryState = Literal["planned", "sending", "sent", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one recipient. ``proof`` is the receiver's reply, ``why`` the reason of a refusal.

    ``test``: a copy that an operator asked for; it does not count for the run and gets no corrections. ``tries``: how
    often it was tried; ``again_at``, ``until``: when it is tried next, and when it is given up, in ISO 8601 and UTC,
    empty for "at once" and "not tried yet". ``unsure``: it was sent once without an answer, and is sent once more.
    """

    channel: str
    recipient: str
    state: DeliveryState
    proof: str = ""
    message_id: str = ""
    why: str = ""
    test: bool = False
    tries: int = 0
    again_at: str = ""
    until: str = ""
    unsure: bool = False

    def seconds_until_due(self, now: datetime) -> float:
        """How long it is to be left alone; 0 where it may be tried."""
        if not self.again_at:
            return 0.0
        return max(0.0, (datetime.fromisoformat(self.again_at) - now).total_seconds())

    def anew(self) -> Delivery:
        """Planned as if it had never been tried."""
        return replace(self, state="planned", tries=0, again_at="", until="", unsure=False)


class Deliveries:
    """The delivery records in Redis; ``redis`` decodes responses. ``on_settled`` is told of each one that has ended."""

    def __init__(self, redis: Redis, on_settled: Callable[[Delivery], None] = lambda _: None) -> None:
        self._redis = redis
        self._on_settled = on_settled

    def plan(self, run_id: RunId, recipients: Iterable[tuple[str, str]]) -> bool:
        """Say who (channel, recipient) is to get the run, all at once; False when that was said before.

        Where every delivery was refused, as in a failed run that is resumed, the refusals make room for a new plan.
        """
        planned = [Delivery(channel, recipient, "planned") for channel, recipient in recipients]
        args = [KEEP_SECONDS, *(part for each in planned for part in (_field(each), json.dumps(asdict(each))))]
        return bool(scripts.call(self._redis, "plan", [_key(run_id)], args))

    def move(self, run_id: RunId, to: Delivery, expected: tuple[str, ...]) -> bool:
        """Write the record if its state is one of the expected; False when it is not.

        True as well where the client asks again because the answer got lost: the record carries this call's own mark.
        """
        record = json.dumps(asdict(to) | {_MARK: uuid.uuid4().hex})
        args = [_field(to), ",".join(expected), record, KEEP_SECONDS]
        moved = bool(scripts.call(self._redis, "delivery", [_key(run_id)], args))
        if moved and to.state in ("sent", "refused", "unknown"):
            self._on_settled(to)
        return moved

    def of(self, run_id: RunId) -> list[Delivery]:
        """All records of a run, by channel and recipient."""
        records = cast(dict[str, str], self._redis.hgetall(_key(run_id)))
        return [_delivery(records[field]) for field in sorted(records)]


def _delivery(record: str) -> Delivery:
    values = json.loads(record)
    values.pop(_MARK, None)
    return Delivery(**values)


def _field(of: Delivery) -> str:
    return f"{of.channel}|{of.recipient}"


def _key(run_id: RunId) -> str:
    return f"standup:deliveries:{run_id}"
