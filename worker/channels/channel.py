"""The interface of a channel: the message that it sends to one recipient, and the proof that it returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from worker.domain.briefing.summary import Summary
from worker.domain.deliveries import WhenUnknown
from worker.domain.documents import Document
from worker.domain.groups.privacy import DataClass


@dataclass(frozen=True, slots=True)
class Link:
    """Where a document can be fetched. ``ends_at`` (aware) is when the link stops working, None if it never does."""

    name: str
    url: str
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message with its documents, the same for every recipient of a run.

    ``personal`` are the classes of personal data in the documents. The message itself contains none. ``locked``
    documents open only with a password.

    ``run_id`` and ``reporting_day`` make the Message-ID, ``sent_at`` (aware) the Date header. So the same message to
    the same recipient has the same bytes each time. Chats show the ``summary``. ``links`` lead to documents in a
    bucket.
    """

    run_id: str
    group_key: str
    reporting_day: date
    revision: int
    sent_at: datetime
    subject: str
    text: str
    html: str
    documents: tuple[Document, ...] = ()
    personal: tuple[DataClass, ...] = ()
    locked: bool = False
    summary: Summary = field(default_factory=Summary)
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """The receiver's reply, e.g. ``250 2.0.0 Ok: queued as 4F2``, and the id under which the message was sent."""

    reply: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Protection:
    """How a channel itself protects what it carries. A document's own password is not its concern.

    ``encrypted``: on the way from here to the service that delivers to the recipient. ``end_to_end``: only the
    recipient can open it, not even that service.
    """

    encrypted: bool
    end_to_end: bool = False


class Channel(Protocol):
    """Sends one message to one recipient."""

    @property
    def protection(self) -> Protection:
        """How this channel, with its settings, protects what it carries."""

    @property
    def when_unknown(self) -> WhenUnknown:
        """What to do with a delivery by this channel if it is unknown whether it arrived."""

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        """Send the message. Call ``before_acceptance`` once, just before the receiver could accept it.

        A crash before that call has sent nothing. A crash after it leaves a delivery with an unknown outcome.
        """
