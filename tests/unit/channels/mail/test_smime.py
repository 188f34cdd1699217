"""A letter for somebody with a certificate opens with that person's key and shows nothing but its envelope before."""

from __future__ import annotations

import email
from datetime import UTC, date, datetime
from email import policy
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.certificates import issue, new_key, opened
from worker.channels.channel import OutgoingMessage
from worker.channels.mail import mime
from worker.channels.mail.smime import Certificates, sealed_size
from worker.domain.documents import Document
from worker.errors import SettingsError

OUTGOING = OutgoingMessage(
    "support:2026-11-20",
    "support",
    date(2026, 11, 20),
    2,
    datetime(2026, 11, 23, tzinfo=UTC),
    "Daily Standup Report - [2026-11-20] " + "Straße " * 12,
    "Planted words\n",
    "<p>Planted words</p>",
    (Document("a.pdf", "application/pdf", b"%PDF planted" * 5000),),
)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return new_key()


def test_the_recipients_key_opens_the_letter_as_it_was(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    certificate = issue(tmp_path, key, "Ana@example.com")
    letter = mime.build(OUTGOING, "ana@example.com", "standup@example.com")
    sealed = Certificates(tmp_path).seal(letter)
    inside = email.message_from_bytes(opened(sealed.content, certificate, key), policy=policy.default)
    plain = email.message_from_bytes(letter.content, policy=policy.default)
    assert [part.get_content_type() for part in inside.walk()] == [part.get_content_type() for part in plain.walk()]
    assert [attachment.get_content() for attachment in inside.iter_attachments()] == [OUTGOING.documents[0].content]
    assert inside.get_body(("plain",)).get_content().splitlines() == ["Planted words"]


def test_the_headers_stay_readable_and_the_content_is_encrypted(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    issue(tmp_path, key, "Ana@example.com")
    letter = mime.build(OUTGOING, "ana@example.com", "standup@example.com")
    sealed = Certificates(tmp_path).seal(letter)
    outside = email.message_from_bytes(sealed.content, policy=policy.default)
    plain = email.message_from_bytes(letter.content, policy=policy.default)
    for header in ("From", "To", "Subject", "Date", "Message-ID", "List-Id", "In-Reply-To", "Auto-Submitted"):
        assert outside[header] == plain[header]
        assert len(outside.get_all(header)) == 1
    assert outside.get_content_type() in ("application/pkcs7-mime", "application/x-pkcs7-mime")
    assert len(outside.get_all("MIME-Version")) == 1
    assert b"lanted" not in sealed.content
    assert b"\n" not in sealed.content.replace(b"\r\n", b"")
    assert (sealed.sender, sealed.recipient, sealed.message_id) == (letter.sender, letter.recipient, letter.message_id)


def test_the_encrypted_size_is_predicted_before_encryption(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    issue(tmp_path, key, "Ana@example.com")
    letter = mime.build(OUTGOING, "ana@example.com", "standup@example.com")
    size = len(Certificates(tmp_path).seal(letter).content)
    assert size <= sealed_size(len(letter.content)) <= size + 10_000


def test_a_recipient_without_a_certificate_gets_the_unencrypted_letter(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    issue(tmp_path, key, "Ana@example.com")
    letter = mime.build(OUTGOING, "li@example.com", "standup@example.com")
    for certificates in (Certificates(tmp_path), Certificates(None)):
        assert certificates.seal(letter) is letter
        assert not certificates.covers("li@example.com")
    assert Certificates(tmp_path).covers("ANA@example.com")


def test_an_unusable_certificate_is_named_and_nothing_is_sent_unencrypted(tmp_path: Path) -> None:
    issue(tmp_path, ec.generate_private_key(ec.SECP256R1()), "Ana@example.com")
    (tmp_path / "li@example.com.pem").write_text("no certificate")
    for recipient, file in (("ana@example.com", "Ana@example.com.pem"), ("li@example.com", "li@example.com.pem")):
        with pytest.raises(SettingsError, match=file):
            Certificates(tmp_path).seal(mime.build(OUTGOING, recipient, "standup@example.com"))


def test_a_missing_certificate_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="missing"):
        Certificates(tmp_path / "missing").covers("ana@example.com")
