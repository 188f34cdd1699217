"""The bytes of an e-mail: the same every time, complete, and safe against hostile titles and names."""

import email
import email.policy
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.channels.channel import OutgoingMessage
from worker.channels.mail import mime
from worker.domain.documents import Document

SENDER = "Standup <standup@example.com>"
OUTGOING = OutgoingMessage(
    run_id="support-emea:2026-10-21",
    group_key="support-emea",
    reporting_day=date(2026, 10, 21),
    revision=1,
    sent_at=datetime(2026, 10, 22, 7, 15, tzinfo=timezone(timedelta(hours=2))),
    subject="Daily Standup Report - 2026-10-21",
    text="Service level 83 % — ✓\n.\n.dot\n",
    html="<p>Größe &amp; Ziel</p>",
    documents=(
        Document("daily-standup-2026-10-21.pdf", "application/pdf", b"%PDF-1.7\r\n.\r\n\x00\xff"),
        Document("daily-standup-2026-10-21.xlsx", "application/vnd.ms-excel", bytes(range(256)) * 40),
    ),
)
SECOND = replace(OUTGOING, run_id="support-emea:2026-10-21.r2", revision=2)


def read(letter: mime.Letter) -> EmailMessage:
    message = email.message_from_bytes(letter.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def build_message(
    outgoing: OutgoingMessage = OUTGOING, recipient: str = "ann@example.org", sender: str = SENDER
) -> EmailMessage:
    return read(mime.build(outgoing, recipient, sender))


def text_of(message: EmailMessage, subtype: str = "plain") -> str:
    return message.get_body((subtype,)).get_content().replace("\r\n", "\n")


def test_the_same_message_to_the_same_recipient_has_the_same_bytes() -> None:
    assert mime.build(OUTGOING, "ann@example.org", SENDER) == mime.build(OUTGOING, "ann@example.org", SENDER)


def test_the_message_holds_text_html_and_every_document_unchanged() -> None:
    message = build_message()
    assert message.get_content_type() == "multipart/mixed"
    alternative, pdf, xlsx = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    assert text_of(message) == OUTGOING.text
    assert text_of(message, "html").strip() == OUTGOING.html
    for part, attachment in zip((pdf, xlsx), OUTGOING.documents, strict=True):
        assert part.get_filename() == attachment.name
        assert part.get_content_type() == attachment.media_type
        assert part.get_content() == attachment.content


def test_headers_say_who_when_what_and_that_a_machine_wrote_it() -> None:
    message = build_message()
    assert message["From"] == SENDER
    assert message["To"] == "ann@example.org"
    assert message["Subject"] == "Daily Standup Report - 2026-10-21"
    assert message["Date"].datetime == OUTGOING.sent_at
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"] == "<support-emea.standup.example.com>"
    assert message["Cc"] is message["Bcc"] is message["In-Reply-To"] is message["References"] is None


def test_the_message_id_depends_on_run_recipient_revision_and_group() -> None:
    first = mime.build(OUTGOING, "ann@example.org", SENDER).message_id
    # python3 -c 'import hashlib; print(hashlib.sha256(b"support-emea:2026-10-21|1|ann@example.org").hexdigest()[:24])'
    assert first == "<standup.20261021.367cdc1b5eb27b04e4dd711f@example.com>"
    other_message_ids = [
        mime.build(OUTGOING, "bob@example.org", SENDER).message_id,
        mime.build(SECOND, "ann@example.org", SENDER).message_id,
        mime.build(replace(OUTGOING, group_key="sales"), "ann@example.org", SENDER).message_id,
    ]
    assert len({first, *other_message_ids}) == 4


def test_a_correction_replies_to_the_first_revision_to_stay_in_its_thread() -> None:
    first = mime.build(OUTGOING, "ann@example.org", SENDER).message_id
    third = build_message(replace(OUTGOING, run_id="support-emea:2026-10-21.r3", revision=3))
    assert third["In-Reply-To"] == third["References"] == first
    assert third["Message-ID"] != first


def test_ids_with_a_long_sender_domain_are_not_folded() -> None:
    domain = ".".join(["a-rather-long-label"] * 8) + ".example"
    letter = mime.build(SECOND, "ann@example.org", f"standup@{domain}")
    head = letter.content.partition(b"\r\n\r\n")[0].decode()
    assert "=?" not in head
    assert head.count(f"@{domain}>") == 3


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b", "\x00"])
def test_no_line_end_in_a_subject_or_file_name_opens_another_header(end: str) -> None:
    hostile = replace(
        OUTGOING,
        subject=f"Report{end}Bcc: thief@example.net",
        documents=(Document(f"a{end}Bcc: thief@example.net{end}{end}x.pdf", "application/pdf", b"%PDF"),),
    )
    message = build_message(hostile)
    assert message["Bcc"] is None
    assert message["Subject"] == "Report Bcc: thief@example.net"
    (attached,) = message.iter_attachments()
    assert attached["Bcc"] is None
    assert attached.get_content() == b"%PDF"


@given(subject=st.text(max_size=300), body=st.text(max_size=300))
def test_any_text_arrives_as_it_was_written(subject: str, body: str) -> None:
    letter = mime.build(replace(OUTGOING, subject=subject, text=body), "ann@example.org", SENDER)
    message = read(letter)
    assert letter.content.isascii()
    assert all(len(line) <= 998 for line in letter.content.split(b"\r\n"))
    assert message["To"] == "ann@example.org"
    assert len(list(message.iter_attachments())) == 2
    assert text_of(message).rstrip("\n") == re.sub("\r\n?", "\n", body).rstrip("\n")
    without_controls = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in subject)
    assert str(message["Subject"]) == " ".join(without_controls.split())


WORD = r"""(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+|"(?:[^"\\\r\n]|\\[ -~])*")"""
FOLD = r"(?:(?:\r\n)?[ ])"
DOT_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
MAILBOX = re.compile(rf"{WORD}(?:{FOLD}{WORD})*{FOLD}<{DOT_ATOM}@{DOT_ATOM}>")
"""A mailbox with a display name by RFC 5322, 3.4, without its obsolete forms and comments."""

NAMES = [
    "Standup, Operations " * 3 + "and Everyone",
    "Support EMEA, Billing, Repairs, Returns, Complaints, Payments, Contracts",
    '"Ana" the \\ "Boss", of <everything> @ home; and: (more) ' * 2,
    "Größe, Ämter und Straßen, für Übersichten, Öffnungszeiten und Äußerungen",
    "💥 Ops, 👩‍💻 team, " * 6,
    "=?utf-8?q?thief=40example=2Enet?=",
    "a" * 200,
    "J. R. Smith",
    "Ünï, x",
    "'",
]


def value_of(letter: mime.Letter, header: str) -> str:
    head = letter.content.partition(b"\r\n\r\n")[0].decode("ascii")
    (value,) = re.findall(rf"^{header}: ([^\r\n]*(?:\r\n[ ][^\r\n]*)*)", head, flags=re.MULTILINE)
    return str(value)


def name_in(value: str) -> str:
    """Return the display name. Python's newer reader adds a space between encoded words, the older one does not."""
    phrase = value.rpartition("<")[0].strip()
    if phrase.startswith('"'):
        return re.sub(r"\\(.)", r"\1", phrase[1:-1])
    return str(make_header(decode_header(phrase)))


def assert_one_address(name: str, local: str) -> None:
    """Both headers hold exactly this address, for Python's reader and for a strict one."""
    address = f"{local}@example.com"
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    letter = mime.build(OUTGOING, f'"{escaped}" <{address}>', f'"{escaped}" <{address}>')
    message = read(letter)
    for header in ("From", "To"):
        (mailbox,) = message[header].addresses
        assert mailbox.addr_spec == address
        assert not message[header].defects
        value = value_of(letter, header)
        assert name_in(value) == name
        assert MAILBOX.fullmatch(value), value
        assert all(len(line) <= 78 or f"<{address}>" in line for line in f"{header}: {value}".split("\r\n"))
    assert (letter.sender, letter.recipient) == (address, address)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("local", ["standup", "a.local-part.of-the-greatest-length-that-is-allowed.1234567890123"])
def test_a_long_display_name_is_part_of_exactly_one_address(name: str, local: str) -> None:
    assert_one_address(" ".join(name.split()), local)


@given(name=st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=120))
def test_every_display_name_is_part_of_exactly_one_address(name: str) -> None:
    visible_name = " ".join(name.split())
    if visible_name:
        assert_one_address(visible_name, "standup")


def test_a_sender_name_with_commas_needs_no_quotes_in_the_settings() -> None:
    (mailbox,) = build_message(sender="Standup, Support & Sales <standup@example.com>")["From"].addresses
    assert mailbox.display_name == "Standup, Support & Sales"


def test_a_lone_surrogate_is_replaced_by_a_question_mark() -> None:
    message = build_message(replace(OUTGOING, subject="Q \ud83d", text="agent \ud83d late"))
    assert message["Subject"] == "Q ?"
    assert text_of(message) == "agent ? late\n"


def test_an_internationalised_host_is_addressed_in_its_ascii_form() -> None:
    letter = mime.build(OUTGOING, "ann@straße.example", "Büro <standup@bücher.example>")
    assert (letter.recipient, letter.sender) == ("ann@xn--strae-oqa.example", "standup@xn--bcher-kva.example")
    assert not letter.needs_smtputf8
    assert letter.content.isascii()
    assert read(letter)["From"] == "Büro <standup@xn--bcher-kva.example>"


def test_a_name_beyond_ascii_before_the_at_sign_needs_smtputf8() -> None:
    letter = mime.build(OUTGOING, "jürgen@example.org", SENDER)
    assert letter.needs_smtputf8
    assert "To: jürgen@example.org\r\n".encode() in letter.content


@pytest.mark.parametrize(
    "address",
    ["", "ann", "ann@", "@example.org", "ann@example.org\r\nBcc: x@example.net", "a b@example.org", "ann@\u2f00..x"],
)
def test_an_impossible_address_is_refused_by_name(address: str) -> None:
    with pytest.raises(ValueError, match=r"is not an e-mail address|impossible host"):
        mime.build(OUTGOING, address, SENDER)


def test_the_date_keeps_its_offset_from_any_zone() -> None:
    message = build_message(replace(OUTGOING, sent_at=datetime(2026, 10, 22, 5, 15, tzinfo=UTC)))
    assert str(message["Date"]) == "Thu, 22 Oct 2026 05:15:00 +0000"
