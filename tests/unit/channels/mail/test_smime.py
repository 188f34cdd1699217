"""A letter for somebody with a certificate opens with that person's key and shows nothing but its envelope before."""

from __future__ import annotations

import email
import re
from datetime import UTC, date, datetime, time, timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.certificates import NOW, issue, key_usage, names, new_key, opened
from worker.channels.channel import OutgoingMessage
from worker.channels.mail import mime
from worker.channels.mail.certificates import CertificateFolder
from worker.channels.mail.smime import Sealer, sealed_size
from worker.doctor import certificates
from worker.doctor.finding import Level
from worker.domain.documents import Document
from worker.domain.groups import Group
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

GROUP = Group(
    key="support",
    title="Support",
    zone="UTC",
    standup_at=time(8),
    catch_up_until=time(9),
    queues=("Support",),
    deliver={"email": ["Ana@example.com"]},
)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return new_key()


def test_the_recipients_key_opens_the_letter_as_it_was(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    certificate = issue(tmp_path, key, "Ana@example.com")
    letter = mime.build(OUTGOING, "ana@example.com", "standup@example.com")
    sealed = Sealer(CertificateFolder(tmp_path), lambda: NOW).seal(letter)
    inside = email.message_from_bytes(opened(sealed.content, certificate, key), policy=policy.default)
    plain = email.message_from_bytes(letter.content, policy=policy.default)
    assert [part.get_content_type() for part in inside.walk()] == [part.get_content_type() for part in plain.walk()]
    assert [attachment.get_content() for attachment in inside.iter_attachments()] == [OUTGOING.documents[0].content]
    assert inside.get_body(("plain",)).get_content().splitlines() == ["Planted words"]


def test_the_headers_stay_readable_and_the_content_is_encrypted(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    issue(tmp_path, key, "Ana@example.com")
    letter = mime.build(OUTGOING, "ana@example.com", "standup@example.com")
    sealed = Sealer(CertificateFolder(tmp_path), lambda: NOW).seal(letter)
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
    size = len(Sealer(CertificateFolder(tmp_path), lambda: NOW).seal(letter).content)
    assert size <= sealed_size(len(letter.content)) <= size + 10_000


def test_a_recipient_without_a_certificate_gets_the_unencrypted_letter(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    issue(tmp_path, key, "Ana@example.com")
    letter = mime.build(OUTGOING, "li@example.com", "standup@example.com")
    for folder in (CertificateFolder(tmp_path), CertificateFolder(None)):
        assert Sealer(folder, lambda: NOW).seal(letter) is letter
        assert not folder.covers("li@example.com")
    assert CertificateFolder(tmp_path).covers("ANA@example.com")


def test_an_unusable_certificate_is_named_and_nothing_is_sent_unencrypted(tmp_path: Path) -> None:
    issue(tmp_path, ec.generate_private_key(ec.SECP256R1()), "Ana@example.com")
    (tmp_path / "li@example.com.pem").write_text("no certificate")
    for recipient, file in (("ana@example.com", "Ana@example.com.pem"), ("li@example.com", "li@example.com.pem")):
        with pytest.raises(SettingsError, match=file):
            Sealer(CertificateFolder(tmp_path), lambda: NOW).seal(
                mime.build(OUTGOING, recipient, "standup@example.com")
            )


def test_a_missing_certificate_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="missing"):
        CertificateFolder(tmp_path / "missing").covers("ana@example.com")


PURPOSE = x509.ExtendedKeyUsage
FAULTS = [
    ({"ends_at": NOW - timedelta(days=1)}, "expired on 2026-10-31"),
    ({"starts_at": NOW + timedelta(days=1)}, "is valid only from 2026-11-02"),
    ({"extensions": [key_usage(signing=True)]}, "is for signing only"),
    ({"extensions": [PURPOSE([ExtendedKeyUsageOID.CODE_SIGNING])]}, "is not for e-mail"),
    ({"extensions": [names("bo@example.com", "bo@example.org")]}, "is for bo@example.com, bo@example.org"),
]
USABLE = [
    {"ends_at": NOW + timedelta(seconds=1)},
    {"extensions": [key_usage(signing=True, encipherment=True), names("ANA@Example.com", "bo@example.com")]},
    {"extensions": [PURPOSE([ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.CLIENT_AUTH])]},
    {"extensions": [PURPOSE([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE])]},
]


@pytest.mark.parametrize(("settings", "fault"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_an_unusable_certificate_is_refused_by_its_fault(
    settings: dict[str, Any], fault: str, tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    issue(tmp_path, key, "ana@example.com", **settings)
    folder = CertificateFolder(tmp_path)
    letter = mime.build(OUTGOING, "Ana@example.com", "standup@example.com")
    with pytest.raises(SettingsError, match=re.escape(f"the certificate ana@example.com.pem {fault}.")):
        Sealer(folder, lambda: NOW).seal(letter)
    (finding,) = certificates.check(folder, [GROUP], NOW)
    assert finding.level == Level.WRONG
    assert fault in finding.fact


@pytest.mark.parametrize("settings", USABLE)
def test_a_certificate_that_may_encrypt_for_the_recipient_is_used(
    settings: dict[str, Any], tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    issue(tmp_path, key, "ana@example.com", **settings)
    letter = mime.build(OUTGOING, "ana@example.com", "standup@example.com")
    assert b"lanted" not in Sealer(CertificateFolder(tmp_path), lambda: NOW).seal(letter).content


@pytest.mark.parametrize(
    ("days", "address", "levels"),
    [
        (31, "ana@example.com", [Level.OK]),
        (30, "ana@example.com", [Level.WARNING]),
        (0, "ana@example.com", [Level.WARNING]),
        (-1, "ana@example.com", [Level.WRONG]),
        (-1, "left@example.com", [Level.WARNING]),
    ],
)
def test_the_doctor_warns_thirty_days_before_a_certificate_expires(
    days: int, address: str, levels: list[Level], tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    issue(tmp_path, key, address, ends_at=NOW + timedelta(days=days))
    findings = list(certificates.check(CertificateFolder(tmp_path), [GROUP], NOW))
    assert [finding.level for finding in findings] == levels


def test_the_doctor_names_what_is_no_certificate_if_there_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "ana@example.com.pem").write_text("no certificate")
    (finding,) = certificates.check(CertificateFolder(tmp_path), [GROUP], NOW)
    assert (finding.level, "ana@example.com.pem" in finding.fact) == (Level.WRONG, True)
    (finding,) = certificates.check(CertificateFolder(tmp_path / "missing"), [GROUP], NOW)
    assert finding.level == Level.WRONG
    assert list(certificates.check(CertificateFolder(None), [GROUP], NOW)) == []
