"""From a briefing to a parcel that may leave: names masked, documents locked, all of it small enough."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from renderers import Document, Message, fit, protect
from worker.channels import mime, smime
from worker.channels.parcel import Parcel
from worker.domain import privacy
from worker.domain.briefing import Briefing, Notice
from worker.domain.groups import Group
from worker.domain.privacy import DataClass, Secrecy, Verdict
from worker.morning import parcel
from worker.wiring import Parts

STRANGER = "somebody@example.invalid"
"""Stands in where a group has no e-mail address: other channels have limits of their own."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How a group's parcels are packed. ``password`` locks the documents, "" leaves them open.

    ``certified`` tells whether letters to an address are encrypted, which makes them a third larger.
    """

    limit_bytes: int
    sender: str
    password: str = ""
    certified: Callable[[str], bool] = lambda _: False
    publish: fit.Publish = lambda _: None


@dataclass(frozen=True, slots=True)
class Packed:
    """The parcel, the rungs that were taken to make it fit, and each document's SHA-256 before it was locked."""

    parcel: Parcel
    rungs: tuple[str, ...] = ()
    hashes: dict[str, str] = field(default_factory=dict)


def pack(matter: Briefing | Notice, group: Group, how: Packing) -> Packed:
    """Mask what the group's policy masks, render, lock, and fit."""
    masked = [of for of in DataClass if privacy.decide(of, Secrecy.SEALED, group.personal_data) is Verdict.MASK]
    shown = privacy.mask(matter, masked)
    hashes: dict[str, str] = {}

    def finish(document: Document) -> Document:
        hashes[document.name] = hashlib.sha256(document.content).hexdigest()
        return protect.seal(document, how.password) if how.password else document

    def measure(documents: tuple[Document, ...], message: Message) -> int:
        return encoded_size(parcel.of(shown, documents, message), group.deliver.email, how)

    fitted = fit.fit(shown, how.limit_bytes, measure, pages=group.pages, finish=finish, publish=how.publish)
    made = parcel.of(shown, fitted.documents, fitted.message)
    personal = tuple(of for of in made.personal if of not in masked)
    made = replace(made, personal=personal, locked=bool(how.password))
    return Packed(made, fitted.rungs, {each.name: hashes[each.name] for each in made.attachments})


def encoded_size(made: Parcel, recipients: tuple[str, ...], how: Packing) -> int:
    """The bytes of the largest of a parcel's messages as they go over the wire."""
    longest = max(recipients, key=len, default=STRANGER)
    size = len(mime.build(made, longest, how.sender).content)
    return smime.sealed_size(size) if any(map(how.certified, recipients)) else size


def packing_of(parts: Parts, group: Group) -> Packing:
    """How the settings and the group file have this group's parcels packed."""
    smtp = parts.settings.smtp
    return Packing(
        limit_bytes=group.max_message_bytes or parts.settings.max_message_bytes,
        sender=smtp.sender if smtp else STRANGER,
        password=parts.settings.password_for(group.key),
        certified=parts.certificates.has,
    )
