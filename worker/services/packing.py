"""From a briefing to a message that may be sent: names masked, documents locked, all of it small enough.

The render step stores the message and the deliver step reads it again. Its JSON form is here too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

import structlog

from renderers import Message, fit, protect
from renderers.font_files import SHIPPED_ONLY, Fonts
from worker.channels.bucket import BucketChannel
from worker.channels.channel import Link, OutgoingMessage
from worker.channels.guards import check
from worker.channels.mail import mime, smime
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.briefing.summary import Summary
from worker.domain.documents import Document
from worker.domain.groups import Group, privacy
from worker.domain.groups.privacy import DataClass, Secrecy, Verdict, classes_in
from worker.errors import StandupError

log = structlog.get_logger("standup.packing")

_PART_BYTES = 8_192
"""More than the headers of a part of a mail take, with its name."""

_NO_MESSAGE = Message("", "", "", "")

PLACEHOLDER_ADDRESS = "somebody@example.invalid"
"""Used to measure the message of a group without an e-mail address. Other channels have limits of their own."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How to pack a group's message. ``password`` locks the documents, "" leaves them open.

    ``certified`` tells whether mail to an address is encrypted, which makes it a third larger. ``publish`` stores a
    message's documents in a place that a link leads to. ``fonts`` are for names that no shipped font can draw.
    """

    limit_bytes: int
    sender: str
    fonts: Fonts = SHIPPED_ONLY
    password: str = ""
    certified: Callable[[str], bool] = lambda _: False
    publish: Callable[[OutgoingMessage], fit.Place | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class PackedMessage:
    """The message, what was left out to make it fit (``rungs``), and each document's SHA-256 before it was locked.

    ``remarks`` are for operators: what is wrong with the pages.
    """

    outgoing: OutgoingMessage
    rungs: tuple[str, ...] = ()
    hashes: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Packer:
    """Packs messages by the installation's settings and the group's file."""

    limit_bytes: int
    sender: str
    fonts: Fonts
    password_for: Callable[[str], str]
    certified: Callable[[str], bool]
    bucket: Callable[[str], BucketChannel]

    def packing_of(self, group: Group) -> Packing:
        """Return how this group's messages are packed."""
        return Packing(
            limit_bytes=group.max_message_bytes or self.limit_bytes,
            sender=self.sender,
            fonts=self.fonts,
            password=self.password_for(group.key),
            certified=self.certified,
            publish=lambda outgoing: self._publish(group, outgoing),
        )

    def _publish(self, group: Group, outgoing: OutgoingMessage) -> fit.Place | None:
        """Store the message's one document in the first of the group's buckets that may and does accept it."""
        for name in group.deliver.bucket:
            try:
                bucket = self.bucket(name)
                check(outgoing, group.personal_data, bucket.protection, f"bucket {name}")
                (link,) = bucket.store(outgoing)
            except StandupError as error:
                log.warning("the workbook is not in the bucket", bucket=name, code=error.code)
            else:
                return fit.Place(link.url, link.ends_at)
        return None


def pack(content: Briefing | Notice, group: Group, packing: Packing, source_pdf: bytes | None = None) -> PackedMessage:
    """Mask what the group's policy masks, render with all that the group wants behind the pages, lock, and fit."""
    masked = [data for data in DataClass if privacy.decide(data, Secrecy.SEALED, group.personal_data) is Verdict.MASK]
    visible = privacy.mask(content, masked)
    personal = classes_in(visible).difference(masked)
    hashes: dict[str, str] = {}

    def message_with(documents: tuple[Document, ...], message: Message) -> OutgoingMessage:
        return replace(outgoing_message(visible, documents, message, personal), locked=bool(packing.password))

    def finish(document: Document) -> Document:
        hashes[document.name] = hashlib.sha256(document.content).hexdigest()
        return protect.seal(document, packing.password) if packing.password else document

    fitted = fit.fit(
        visible,
        packing.limit_bytes,
        lambda documents, message: size_to_fit(message_with(documents, message), group, packing),
        pages=group.pages,
        fonts=packing.fonts,
        finish=finish,
        appendix_parts=group.appendix_parts,
        source_pdf=source_pdf,
        publish=lambda document: packing.publish(message_with((document,), _NO_MESSAGE)),
    )
    remarks = tuple(remark for document in fitted.documents for remark in document.remarks)
    links = tuple(Link(name, place.url, place.ends_at) for name, place in fitted.links)
    return PackedMessage(
        replace(message_with(fitted.documents, fitted.message), links=links),
        fitted.rungs,
        {document.name: hashes[document.name] for document in fitted.documents},
        remarks,
    )


def size_to_fit(outgoing: OutgoingMessage, group: Group, packing: Packing) -> int:
    """Return a size that is enough to tell whether the message fits. It is exact if the message is close to the limit.

    Building a mail takes a fifth of the time of rendering it, and most mails are far smaller than any limit.
    """
    bound = largest_size(outgoing, group, packing)
    return bound if bound <= packing.limit_bytes else encoded_size(outgoing, group, packing)


def largest_size(outgoing: OutgoingMessage, group: Group, packing: Packing) -> int:
    """Return a size in bytes that no mail of this message exceeds, without building one.

    Documents are in base 64, which has 78 bytes for 57 (RFC 2045, section 6.8). Text has at most three bytes for one,
    and a line break for 73 (section 6.7).
    """
    documents = sum(len(document.content) * 78 // 57 + _PART_BYTES for document in outgoing.documents)
    texts = (len(outgoing.text.encode()) + len(outgoing.html.encode())) * 13 // 4
    size = documents + texts + _PART_BYTES
    return smime.sealed_size(size) if any(map(packing.certified, group.deliver.email)) else size


def encoded_size(outgoing: OutgoingMessage, group: Group, packing: Packing) -> int:
    """Return the size in bytes of the largest of the group's mails as it is sent over the wire."""
    longest = max((*group.deliver.email, *group.deliver.sendgrid), key=len, default=PLACEHOLDER_ADDRESS)
    size = len(mime.build(outgoing, longest, packing.sender).content)
    return smime.sealed_size(size) if any(map(packing.certified, group.deliver.email)) else size


def outgoing_message(
    content: Briefing | Notice, documents: tuple[Document, ...], message: Message, personal: Collection[DataClass]
) -> OutgoingMessage:
    """Return what was rendered as one message. Its documents count as containing all ``personal`` data."""
    return OutgoingMessage(
        run_id=content.run_id,
        group_key=content.group_key,
        reporting_day=content.reporting_day,
        revision=content.revision,
        sent_at=content.generated_at,
        subject=message.subject,
        text=message.text,
        html=message.html,
        documents=documents,
        personal=tuple(sorted(personal)) if documents else (),
        summary=message.summary,
    )


def encode(outgoing: OutgoingMessage) -> bytes:
    """Return the message without its documents' bytes, as JSON."""
    values = asdict(replace(outgoing, documents=()))
    del values["documents"]
    values |= {
        "reporting_day": outgoing.reporting_day.isoformat(),
        "sent_at": outgoing.sent_at.isoformat(),
        "attachments": [{"name": document.name, "media_type": document.media_type} for document in outgoing.documents],
        "links": [
            {"name": link.name, "url": link.url, "ends_at": link.ends_at.isoformat() if link.ends_at else None}
            for link in outgoing.links
        ],
    }
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode()


def decode(data: bytes, fetch: Callable[[str], bytes]) -> OutgoingMessage:
    """Read what `encode` wrote. ``fetch`` returns a document's bytes by name."""
    values = json.loads(data)
    stored = values.pop("attachments")
    documents = (Document(entry["name"], entry["media_type"], fetch(entry["name"])) for entry in stored)
    values |= {
        "reporting_day": date.fromisoformat(values["reporting_day"]),
        "sent_at": datetime.fromisoformat(values["sent_at"]),
        "documents": tuple(documents),
        "personal": tuple(DataClass(name) for name in values["personal"]),
        "summary": Summary.from_plain(values["summary"]),
        "links": tuple(map(_link, values["links"])),
    }
    return OutgoingMessage(**values)


def _link(values: Mapping[str, str | None]) -> Link:
    ends_at = values["ends_at"]
    return Link(str(values["name"]), str(values["url"]), datetime.fromisoformat(ends_at) if ends_at else None)
