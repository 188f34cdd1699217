"""Hands a parcel to every recipient once, over the recipient's channel, each recorded before and after.

A turn touches only what was not settled and is due. A receiver that is busy is tried again in a later turn, for as long
as patience lasts; each delivery has tries and instants of its own, so that none waits for another.

A worker that died between handing a message over and writing the receiver's reply down leaves ``sending``: nobody
knows whether it arrived. Then the channel's policy counts: the bucket is looked into, mail may be sent once more with
the same id if the settings say so, all others become ``unknown`` and operations are told.
"""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog
from redis.exceptions import RedisError

from worker.channels.parcel import Channel, Link, Parcel
from worker.domain.backoff import Patience, next_try_at
from worker.domain.runs import RunId
from worker.errors import OutcomeUnknown, StandupError, TransientError
from worker.state.deliveries import Deliveries, Delivery
from worker.wiring.channels import Channels

BUCKET = "bucket"

TURN_SECONDS = 30.0
"""After this long no further delivery is begun in a turn: the step comes back for the rest, and others get theirs."""

log = structlog.get_logger("standup.handover")

ParcelFor = Callable[[Delivery, Channel], Parcel]
"""The parcel for one delivery, by what its channel may carry; `DeliveryRefused` where it may carry none."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How a run's deliveries stand after a turn.

    ``busy`` says in the receivers' words why some are to be tried again, ``wait_seconds`` when; None: all have ended.
    """

    deliveries: tuple[Delivery, ...]
    busy: str = ""
    wait_seconds: float | None = None

    @property
    def counted(self) -> tuple[Delivery, ...]:
        """All but the operator's test copies."""
        return tuple(each for each in self.deliveries if not each.test)

    def count(self, state: str) -> int:
        """How many deliveries are in this state."""
        return sum(delivery.state == state for delivery in self.counted)

    @property
    def troubles(self) -> str:
        """One clause for each recipient who got nothing for sure, for the operator."""
        return "; ".join(
            f"{each.recipient}: {each.why}" for each in self.deliveries if each.why and each.state != "sent"
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn at handing over a run: the clock, the patience, and how long the turn may begin further deliveries."""

    now: Callable[[], datetime]
    patience: Patience
    seconds: float = TURN_SECONDS


def hand_over(
    channels: Channels,
    deliveries: Deliveries,
    run_id: RunId,
    wanted: Iterable[tuple[str, str]],
    parcel_for: ParcelFor,
    turn: Turn,
) -> Tally:
    """Send to all who have not got it yet and are due: to ``wanted`` (channel, recipient) when the run is handed over
    first, and later to those who were planned then.
    """
    deliveries.plan(run_id, wanted)
    work = _Handover(channels, deliveries, run_id, parcel_for, turn)
    for each in deliveries.of(run_id):
        if each.state == "sending" and not each.seconds_until_due(turn.now()):
            work.settle(each)
    busy = work.send_in_turn(_in_turn(deliveries.of(run_id), turn.now()))
    return _tally(deliveries.of(run_id), busy, turn.now())


def _in_turn(deliveries: list[Delivery], now: datetime) -> list[Delivery]:
    """Buckets first, so that chats can link to what lies there; then whoever was tried least."""
    due = [each for each in deliveries if each.state == "planned" and not each.seconds_until_due(now)]
    return sorted(due, key=lambda each: (each.channel != BUCKET, each.tries))


def _tally(deliveries: list[Delivery], busy: list[str], now: datetime) -> Tally:
    waits = [each.seconds_until_due(now) for each in deliveries if each.state in ("planned", "sending")]
    return Tally(tuple(deliveries), " ".join(dict.fromkeys(busy)), min(waits, default=None))


@dataclass(frozen=True, slots=True)
class _Handover:
    channels: Channels
    deliveries: Deliveries
    run_id: RunId
    parcel_for: ParcelFor
    turn: Turn

    def settle(self, left: Delivery) -> None:
        """A delivery that was begun and never confirmed, by its channel's policy."""
        policy = self.channels.when_unknown(left.channel)
        died = not left.again_at
        if policy == "look":
            settled = self._looked_up(left)
        elif policy == "again" and not (died and left.unsure):
            settled = replace(left, state="planned", unsure=True)
        else:
            why = left.why or "the worker died while the message was handed over: ask whether it arrived"
            settled = replace(left, state="unknown", why=why)
        self.deliveries.move(self.run_id, settled, expected=("sending",))

    def send_in_turn(self, due: list[Delivery]) -> list[str]:
        """As many as the turn has time for, one at least; what those said who are to be tried again."""
        over_at = time.monotonic() + self.turn.seconds
        busy: list[str] = []
        for number, each in enumerate(due):
            if number and time.monotonic() >= over_at:
                break
            busy += filter(None, [self._send(each)])
        return busy

    def _send(self, planned: Delivery) -> str:
        """One delivery; what the receiver said where it is to be tried again."""
        now = self.turn.now()
        until = planned.until or self.turn.patience.ends_at(now).astimezone(UTC).isoformat()
        to = replace(planned, tries=planned.tries + 1, until=until, again_at="", why="")

        def before_handover() -> None:
            if not self.deliveries.move(self.run_id, replace(to, state="sending"), expected=("planned",)):
                raise _Taken

        try:
            channel = self.channels.of(to.channel, to.recipient)
            parcel = self._parcel(to, channel)
            with self.channels.turnstile(to.channel).entered():
                proof = channel.deliver(parcel, to.recipient, before_handover)
        except _Taken:
            return ""  # its record is the other worker's to settle
        except StandupError as error:
            return self._not_sent(to, error)
        except RedisError:
            raise
        except Exception as error:
            return self._at_fault(to, error)
        self._write(replace(to, state="sent", proof=proof.reply, message_id=proof.message_id, why=""))
        return ""

    def _not_sent(self, to: Delivery, error: StandupError) -> str:
        """Write down why, and when it is tried again if it is."""
        why = str(error)
        if isinstance(error, OutcomeUnknown):
            policy = self.channels.when_unknown(to.channel)
            once_more = policy == "look" or (policy == "again" and not to.unsure)
            again_at = self._again_at(to) if once_more else ""
            waiting, ended = replace(to, state="sending", unsure=True), replace(to, state="unknown")
        else:
            again_at = self._again_at(to, error) if isinstance(error, TransientError) else ""
            waiting, ended = replace(to, state="planned"), replace(to, state="refused")
            if isinstance(error, TransientError) and not again_at:
                why = f"{why} {_given_up(to, error)}"
        self._write(replace(waiting if again_at else ended, why=why, again_at=again_at))
        return why if again_at else ""

    def _at_fault(self, to: Delivery, error: Exception) -> str:
        """What nobody thought of costs this recipient alone. Its words may hold an address, the frames never do."""
        log.error("unexpected", error=type(error).__name__, frames=traceback.format_tb(error.__traceback__)[-3:])
        why = f"{type(error).__name__}: this is a fault in the system; please report it."
        begun = any(
            each.state == "sending" and (each.channel, each.recipient) == (to.channel, to.recipient)
            for each in self.deliveries.of(self.run_id)
        )
        self._write(replace(to, state="unknown" if begun else "refused", why=why))
        return ""

    def _again_at(self, to: Delivery, error: TransientError | None = None) -> str:
        until = datetime.fromisoformat(to.until)
        asked = error.retry_after_seconds if error else None
        found = next_try_at(self.turn.now(), until, to.tries, random.random(), asked)  # noqa: S311 - jitter
        return found.isoformat() if found else ""

    def _write(self, settled: Delivery) -> None:
        self.deliveries.move(self.run_id, settled, expected=("planned", "sending"))

    def _parcel(self, to: Delivery, channel: Channel) -> Parcel:
        parcel = self.parcel_for(to, channel)
        return parcel if to.channel == BUCKET else replace(parcel, links=parcel.links + self._links())

    def _links(self) -> tuple[Link, ...]:
        """To the documents in those buckets that have them."""
        found: list[Link] = []
        for each in self.deliveries.of(self.run_id):
            if each.channel == BUCKET and each.state == "sent":
                found += self._links_into(each)
        return tuple(found)

    def _links_into(self, stored: Delivery) -> tuple[Link, ...]:
        try:
            bucket = self.channels.bucket(stored.recipient)
            return bucket.links(self.parcel_for(stored, bucket))
        except StandupError:
            return ()  # it has left the settings since, or does not sign them now; the message is whole without links

    def _looked_up(self, left: Delivery) -> Delivery:
        """In the receiver's own store."""
        try:
            bucket = self.channels.bucket(left.recipient)
            proof = bucket.find(self.parcel_for(left, bucket), left.recipient)
        except StandupError as error:
            return replace(left, state="unknown", why=str(error))
        if proof is None:
            return replace(left, state="planned")
        return replace(left, state="sent", proof=proof.reply, message_id=proof.message_id, why="")


def _given_up(to: Delivery, error: TransientError) -> str:
    asked = error.retry_after_seconds
    wish = f"It wants to be asked again in {asked:.0f} s only. " if asked else ""
    times = f"{to.tries} {'try' if to.tries == 1 else 'tries'}"
    return f"{wish}Given up after {times}; STANDUP_DELIVERY_PATIENCE_MINUTES says how long to go on."


class _Taken(Exception):
    """Another worker has taken this delivery in the meantime; nothing was handed over."""
