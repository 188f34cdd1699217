"""What a channel carries to one recipient, and the proof it comes back with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from worker.domain.briefing.summary import Summary
from worker.domain.groups.privacy import DataClass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A finished document: ASCII file name, media type, bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """Where a document can be fetched; ``ends_at`` (aware) is when the link stops working, None if it never does."""

    name: str
    url: str
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message with its documents, the same for every recipient of a run.

    ``personal`` are the classes that the documents carry, the message carries none; ``locked`` documents open with a
    password only.
    ``run_id`` and ``reporting_day`` make the Message-ID, ``sent_at`` (aware) the Date header: the same parcel to the
    same recipient is the same message to the byte. ``summary`` is what chats show; ``links`` lead to documents in a
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
    attachments: tuple[Attachment, ...] = ()
    personal: tuple[DataClass, ...] = ()
    locked: bool = False
    summary: Summary = field(default_factory=Summary)
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What the receiver said: e.g. ``250 2.0.0 Ok: queued as 4F2``, and the id under which it was sent."""

    reply: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Protection:
    """What a channel protects by itself; how documents are encrypted within is another matter.

    ``encrypted``: on its way from here to the service that hands it to the recipient. ``end_to_end``: nobody but the
    recipient can open it, that service included.
    """

    encrypted: bool
    end_to_end: bool = False


class Channel(Protocol):
    """Sends one parcel to one recipient."""

    @property
    def protection(self) -> Protection:
        """What this channel protects, with the settings that it has."""

    def deliver(self, parcel: Parcel, recipient: str, before_handover: Callable[[], None]) -> Proof:
        """Send; ``before_handover`` is called just before the receiver could accept, once, so that a crash after it
        is known to have an unknown outcome and a crash before it to have sent nothing.
        """
