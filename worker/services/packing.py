"""From a briefing to a parcel that may leave: names masked, documents locked, all of it small enough."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import structlog

from renderers import Document, Message, fit, protect
from renderers.font_files import SHIPPED_ONLY, Fonts
from worker.channels.guards import check
from worker.channels.mail import mime, smime
from worker.channels.parcel import Parcel
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.groups import Group, privacy
from worker.domain.groups.privacy import DataClass, Secrecy, Verdict
from worker.errors import StandupError
from worker.services import parcel
from worker.wiring import Parts

log = structlog.get_logger("standup.packing")

_NO_MESSAGE = Message("", "", "", "")

STRANGER = "somebody@example.invalid"
"""Stands in where a group has no e-mail address: other channels have limits of their own."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How a group's parcels are packed. ``password`` locks the documents, "" leaves them open.

    ``certified`` tells whether letters to an address are encrypted, which makes them a third larger; ``publish`` puts
    a parcel's documents where a link leads to them; ``fonts`` are for names that no shipped face can draw.
    """

    limit_bytes: int
    sender: str
    fonts: Fonts = SHIPPED_ONLY
    password: str = ""
    certified: Callable[[str], bool] = lambda _: False
    publish: Callable[[Parcel], fit.Place | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Packed:
    """The parcel, the rungs that were taken to make it fit, and each document's SHA-256 before it was locked.

    ``remarks`` are what operations should know of how the documents came out.
    """

    parcel: Parcel
    rungs: tuple[str, ...] = ()
    hashes: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def pack(matter: Briefing | Notice, group: Group, how: Packing, source_pdf: bytes | None = None) -> Packed:
    """Mask what the group's policy masks, render with all that the group wants behind the pages, lock, and fit."""
    masked = [of for of in DataClass if privacy.decide(of, Secrecy.SEALED, group.personal_data) is Verdict.MASK]
    shown = privacy.mask(matter, masked)
    hashes: dict[str, str] = {}

    def made_of(documents: tuple[Document, ...], message: Message) -> Parcel:
        made = parcel.of(shown, documents, message)
        return replace(made, personal=tuple(of for of in made.personal if of not in masked), locked=bool(how.password))

    def finish(document: Document) -> Document:
        hashes[document.name] = hashlib.sha256(document.content).hexdigest()
        return protect.seal(document, how.password) if how.password else document

    fitted = fit.fit(
        shown,
        how.limit_bytes,
        lambda documents, message: encoded_size(made_of(documents, message), group, how),
        pages=group.pages,
        fonts=how.fonts,
        finish=finish,
        behind_pages=group.behind_pages,
        source_pdf=source_pdf,
        publish=lambda document: how.publish(made_of((document,), _NO_MESSAGE)),
    )
    made = made_of(fitted.documents, fitted.message)
    remarks = tuple(remark for document in fitted.documents for remark in document.remarks)
    return Packed(made, fitted.rungs, {each.name: hashes[each.name] for each in made.attachments}, remarks)


def encoded_size(made: Parcel, group: Group, how: Packing) -> int:
    """The bytes of the largest of a group's messages as they go over the wire."""
    longest = max((*group.deliver.email, *group.deliver.sendgrid), key=len, default=STRANGER)
    size = len(mime.build(made, longest, how.sender).content)
    return smime.sealed_size(size) if any(map(how.certified, group.deliver.email)) else size


def packing_of(parts: Parts, group: Group) -> Packing:
    """How the settings and the group file have this group's parcels packed."""
    smtp = parts.settings.smtp
    return Packing(
        limit_bytes=group.max_message_bytes or parts.settings.max_message_bytes,
        sender=smtp.sender if smtp else STRANGER,
        fonts=parts.fonts,
        password=parts.settings.password_for(group.key),
        certified=parts.certificates.covers,
        publish=lambda made: _published(parts, group, made),
    )


def _published(parts: Parts, group: Group, made: Parcel) -> fit.Place | None:
    """Put a parcel's one document into the first of the group's buckets that may and does take it."""
    for name in group.deliver.bucket:
        try:
            bucket = parts.bucket(name)
            check(made, group.personal_data, bucket.protection, f"bucket {name}")
            (link,) = bucket.store(made)
        except StandupError as error:
            log.warning("the workbook is not in the bucket", bucket=name, code=error.code)
        else:
            return fit.Place(link.url, link.ends_at)
    return None
