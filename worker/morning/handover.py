"""Hands a parcel to every recipient once, each recorded before and after.

A repeated step touches only what was not settled. A worker that died between handing a message over and writing the
receiver's reply down leaves ``sending``: nobody knows whether it arrived, so it becomes ``unknown`` and is told to
operations, never blindly sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from worker.channels.parcel import Channel, Parcel
from worker.domain.runs import RunId
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown
from worker.state.deliveries import Deliveries, Delivery

EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Tally:
    """How a run's deliveries stand. ``busy`` says why some are to be tried again, in the receiver's words."""

    deliveries: tuple[Delivery, ...]
    busy: str = ""
    retry_after_seconds: float | None = None

    def count(self, state: str) -> int:
        """How many deliveries are in this state."""
        return sum(delivery.state == state for delivery in self.deliveries)

    @property
    def troubles(self) -> str:
        """One clause for each recipient who got nothing for sure, for the operator."""
        return "; ".join(
            f"{each.recipient}: {each.why}" for each in self.deliveries if each.why and each.state != "sent"
        )


def hand_over(
    channel: Channel, deliveries: Deliveries, run_id: RunId, parcel: Parcel, recipients: tuple[str, ...], *, last: bool
) -> Tally:
    """Send to all who have not got it yet. On the ``last`` attempt a busy receiver counts as a refusal."""
    for recipient in recipients:
        deliveries.plan(run_id, EMAIL, recipient)
    _settle_unknown(deliveries, run_id)
    busy = [
        error
        for each in deliveries.of(run_id)
        if each.state == "planned" and (error := _send(channel, deliveries, run_id, parcel, each, last))
    ]
    waits = [error.retry_after_seconds for error in busy if error.retry_after_seconds]
    return Tally(tuple(deliveries.of(run_id)), "; ".join(map(str, busy)), max(waits, default=None))


def _settle_unknown(deliveries: Deliveries, run_id: RunId) -> None:
    for each in deliveries.of(run_id):
        if each.state == "sending":
            why = "the worker died while the message was handed over: ask the recipient, then rerun if it is missing"
            deliveries.move(run_id, replace(each, state="unknown", why=why), expected=("sending",))


def _send(
    channel: Channel, deliveries: Deliveries, run_id: RunId, parcel: Parcel, to: Delivery, last: bool
) -> ChannelBusy | None:
    """One delivery; returns the error when it is worth another attempt."""

    def before_handover() -> None:
        if not deliveries.move(run_id, replace(to, state="sending"), expected=("planned",)):
            raise _Taken

    try:
        proof = channel.deliver(parcel, to.recipient, before_handover)
        settled = replace(to, state="sent", proof=proof.reply, message_id=proof.message_id)
    except _Taken:
        return None  # its record is the other worker's to settle
    except OutcomeUnknown as error:
        settled = replace(to, state="unknown", why=str(error))
    except DeliveryRefused as error:
        settled = replace(to, state="refused", why=str(error))
    except ChannelBusy as error:
        settled = replace(to, state="refused" if last else "planned", why=str(error))
        deliveries.move(run_id, settled, expected=("planned", "sending"))
        return None if last else error
    deliveries.move(run_id, settled, expected=("planned", "sending"))
    return None


class _Taken(Exception):
    """Another worker has taken this delivery in the meantime; nothing was handed over."""
