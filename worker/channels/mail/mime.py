"""From a parcel to the bytes of one e-mail: the same parcel to the same recipient gives the same bytes.

``multipart/mixed( multipart/alternative( text, html ), attachments )``, its bodies pure ASCII by encoding, so that no
server on the way has a reason to change it. All that a mail library would draw at random is fixed here: date, id,
boundaries.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage

from worker.channels.mail import addresses
from worker.channels.parcel import Attachment, Parcel
from worker.domain.runs import RunId

# "=_" occurs neither in base64 nor in quoted-printable, so no content can close a part early
MIXED_BOUNDARY = "=_standup-mixed"
ALTERNATIVE_BOUNDARY = "=_standup-alternative"

_HEADERS = HeaderRegistry()
for _name in ("In-Reply-To", "References", "List-Id"):
    # read as free text, an id of more than a line would be written as an encoded word, which no mail client matches
    _HEADERS.map_to_type(_name, MessageIDHeader)  # type: ignore[arg-type]  # typeshed knows no mixin here
_ASCII = policy.SMTP.clone(header_factory=_HEADERS)
_UTF8 = policy.SMTPUTF8.clone(header_factory=_HEADERS)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in its envelope: ``content`` is RFC 5322 with CRLF, ``sender`` and ``recipient`` are bare addresses.

    ``needs_smtputf8``: a local part is beyond ASCII, which only servers with SMTPUTF8 (RFC 6531) take.
    """

    sender: str
    recipient: str
    message_id: str
    content: bytes
    needs_smtputf8: bool


def build(parcel: Parcel, recipient: str, sender: str) -> Letter:
    """Write the letter. ``sender`` is ``name@host`` or ``Name <name@host>``; ValueError for an impossible address."""
    to, origin = addresses.parse(recipient), addresses.parse(sender)
    needs_smtputf8 = not (to.username + origin.username).isascii()
    message = EmailMessage(policy=_UTF8 if needs_smtputf8 else _ASCII)
    headers = standing_headers(parcel, to, origin)
    addressed = {"From": origin, "To": to, "Subject": one_line(parcel.subject), "Date": parcel.sent_at}
    for name, value in (addressed | headers).items():
        message[name] = value
    _set_bodies(message, parcel)
    for attachment in parcel.attachments:
        _attach(message, attachment)
    message.set_boundary(MIXED_BOUNDARY)
    return Letter(origin.addr_spec, to.addr_spec, headers["Message-ID"], message.as_bytes(), needs_smtputf8)


def standing_headers(parcel: Parcel, to: Address, origin: Address) -> dict[str, str]:
    """What a message carries whoever transports it: its id, its thread, its list, and that a machine wrote it."""
    headers = {
        "Message-ID": _message_id(parcel, to, origin.domain, parcel.revision),
        "List-Id": f"<{parcel.group_key}.standup.{origin.domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if parcel.revision > 1:
        first = _message_id(parcel, to, origin.domain, 1)
        headers |= {"In-Reply-To": first, "References": first}
    return headers


def _message_id(parcel: Parcel, to: Address, host: str, revision: int) -> str:
    """Unique per run, revision and recipient: many mail systems drop a second message of one id by themselves."""
    run_id = RunId(parcel.group_key, parcel.reporting_day, revision)
    digest = hashlib.sha256(f"{run_id}|{revision}|{to.addr_spec}".encode()).hexdigest()[:24]
    return f"<standup.{parcel.reporting_day:%Y%m%d}.{digest}@{host}>"


def _set_bodies(message: EmailMessage, parcel: Parcel) -> None:
    message.set_content(encodable(parcel.text), cte="quoted-printable")
    message.add_alternative(encodable(parcel.html), subtype="html", cte="quoted-printable")
    message.set_boundary(ALTERNATIVE_BOUNDARY)
    message.make_mixed()


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, _, sub = attachment.media_type.partition("/")
    message.add_attachment(attachment.content, main, sub, filename=one_line(attachment.name))


def one_line(text: str) -> str:
    """Control characters and line ends of any kind become spaces: a header cannot be closed from inside its value."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in encodable(text))
    return " ".join(plain.split())


def encodable(text: str) -> str:
    """Halves of surrogate pairs, which JSON can carry and UTF-8 cannot, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
