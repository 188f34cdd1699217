"""The bytes of one e-mail: the same message to the same recipient gives the same bytes.

The structure is ``multipart/mixed( multipart/alternative( text, html ), attachments )``. Its bodies are encoded as pure
ASCII, so that no server on the way has a reason to change them. Date, Message-ID and boundaries, which a mail library
would choose at random, are fixed here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from email import policy
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage

from worker.channels.channel import OutgoingMessage
from worker.domain import addresses
from worker.domain.documents import Document
from worker.domain.runs import RunId

# "=_" occurs neither in base64 nor in quoted-printable (RFC 2045, 6.7), so no content can close a part early
MIXED_BOUNDARY = "=_standup-mixed"
ALTERNATIVE_BOUNDARY = "=_standup-alternative"

_HEADERS = HeaderRegistry()
for _name in ("In-Reply-To", "References", "List-Id"):
    # as free text, an id longer than a line would become an encoded word, which no mail client matches
    _HEADERS.map_to_type(_name, MessageIDHeader)  # type: ignore[arg-type]  # typeshed knows no mixin here
# "none": headers that are folded here stay as they are, because Python's own folding changes them
_ASCII = policy.SMTP.clone(header_factory=_HEADERS, refold_source="none")
_UTF8 = policy.SMTPUTF8.clone(header_factory=_HEADERS, refold_source="none")

_LONGEST_QUOTED_NAME = 60
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_PLAIN_NAME = re.compile(rf"{_ATOM}(?: {_ATOM})*")
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message with its envelope. ``content`` is RFC 5322 with CRLF; both addresses are bare.

    ``needs_smtputf8``: a local part is beyond ASCII, which only servers with SMTPUTF8 (RFC 6531) accept.
    """

    sender: str
    recipient: str
    message_id: str
    content: bytes
    needs_smtputf8: bool


def build(outgoing: OutgoingMessage, recipient: str, sender: str) -> Letter:
    """Build the letter. ``sender`` is ``name@host`` or ``Name <name@host>``. Raises ValueError for a bad address."""
    addressee, origin = addresses.parse(recipient), addresses.parse(sender)
    needs_smtputf8 = not (addressee.username + origin.username).isascii()
    message = EmailMessage(policy=_UTF8 if needs_smtputf8 else _ASCII)
    headers = common_headers(outgoing, addressee, origin)
    message.set_raw("From", _mailbox(origin, "From"))
    message.set_raw("To", _mailbox(addressee, "To"))
    _set_subject(message, one_line(outgoing.subject))
    message["Date"] = outgoing.sent_at
    for name, value in headers.items():
        message[name] = value
    _set_bodies(message, outgoing)
    for attachment in outgoing.documents:
        _attach(message, attachment)
    message.set_boundary(MIXED_BOUNDARY)
    return Letter(origin.addr_spec, addressee.addr_spec, headers["Message-ID"], message.as_bytes(), needs_smtputf8)


def _mailbox(address: Address, header: str) -> str:
    """Return the header's value, folded so that every reader sees exactly one address.

    Python folds a long quoted name at its commas and drops the quotes, so that its parts become addresses of their own
    (python/cpython#80222). So a name that needs more than one line is written in encoded words (RFC 2047).
    """
    local, host = address.username, address.domain
    if not _DOT_ATOM.fullmatch(local):
        local = _quoted(local)
    name = one_line(address.display_name)
    if not name:
        return f"{local}@{host}"
    fold = "\n " if len(name) + len(local) + len(host) > _LONGEST_QUOTED_NAME else " "
    return f"{_phrase(name, header)}{fold}<{local}@{host}>"


def _phrase(name: str, header: str) -> str:
    # "=?" inside quotes is text, but some readers decode it
    if not name.isascii() or len(name) > _LONGEST_QUOTED_NAME or "=?" in name:
        return Header(name, "utf-8", header_name=header).encode()
    return name if _PLAIN_NAME.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'


def _set_subject(message: EmailMessage, subject: str) -> None:
    """Set the subject, encoded here if it is beyond ASCII: Python's own folding can lose a space between two words."""
    if subject.isascii():
        message["Subject"] = subject
    else:
        message.set_raw("Subject", Header(subject, "utf-8", header_name="Subject").encode())


def common_headers(outgoing: OutgoingMessage, addressee: Address, origin: Address) -> dict[str, str]:
    """Return the headers that every mail channel sets: id, thread, list, and the mark of an automatic message."""
    headers = {
        "Message-ID": _message_id(outgoing, addressee, origin.domain, outgoing.revision),
        "List-Id": f"<{outgoing.group_key}.standup.{origin.domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if outgoing.revision > 1:
        first = _message_id(outgoing, addressee, origin.domain, 1)
        headers |= {"In-Reply-To": first, "References": first}
    return headers


def _message_id(outgoing: OutgoingMessage, addressee: Address, host: str, revision: int) -> str:
    """Return an id for run, revision and recipient: many mail systems drop a second message with the same id."""
    run_id = RunId(outgoing.group_key, outgoing.reporting_day, revision)
    digest = hashlib.sha256(f"{run_id}|{revision}|{addressee.addr_spec}".encode()).hexdigest()[:24]
    return f"<standup.{outgoing.reporting_day:%Y%m%d}.{digest}@{host}>"


def _set_bodies(message: EmailMessage, outgoing: OutgoingMessage) -> None:
    message.set_content(encodable(outgoing.text), cte="quoted-printable")
    message.add_alternative(encodable(outgoing.html), subtype="html", cte="quoted-printable")
    message.set_boundary(ALTERNATIVE_BOUNDARY)
    message.make_mixed()


def _attach(message: EmailMessage, attachment: Document) -> None:
    main, _, sub = attachment.media_type.partition("/")
    message.add_attachment(attachment.content, main, sub, filename=one_line(attachment.name))


def one_line(text: str) -> str:
    """Replace control characters and line ends by spaces, so that no value can end its header."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in encodable(text))
    return " ".join(plain.split())


def encodable(text: str) -> str:
    """Replace lone surrogates, which JSON can carry and UTF-8 cannot, by question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
