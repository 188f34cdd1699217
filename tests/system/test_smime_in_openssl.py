"""A sealed letter opens in OpenSSL, as it would in a mail program."""

from __future__ import annotations

import email
import shutil
import subprocess
from datetime import UTC, date, datetime
from email import policy
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from tests.certificates import NOW, issue, new_key
from tests.waiting import HANG_SECONDS
from worker.channels.channel import OutgoingMessage
from worker.channels.mail import mime
from worker.channels.mail.certificates import CertificateFolder
from worker.channels.mail.smime import Sealer
from worker.domain.documents import Document

pytestmark = pytest.mark.system

OUTGOING = OutgoingMessage(
    "support:2026-11-20",
    "support",
    date(2026, 11, 20),
    1,
    datetime(2026, 11, 23, tzinfo=UTC),
    "Daily Standup Report - [2026-11-20]",
    "Grüße\n",
    "<p>Grüße</p>",
    (Document("a.pdf", "application/pdf", bytes(range(256)) * 100),),
)


@pytest.mark.parametrize("subcommand", ["cms", "smime"])
def test_the_letter_is_decrypted_completely_with_the_recipients_key(subcommand: str, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    assert openssl, "this test needs the Debian package openssl"
    key = new_key()
    issue(tmp_path, key, "ana@example.com")
    unlocked = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unlocked)
    (tmp_path / "key").write_bytes(pem)
    letter = Sealer(CertificateFolder(tmp_path), lambda: NOW).seal(
        mime.build(OUTGOING, "ana@example.com", "standup@example.com")
    )
    (tmp_path / "sealed.eml").write_bytes(letter.content)
    command = [openssl, subcommand, "-decrypt", "-in", str(tmp_path / "sealed.eml"), "-inkey", str(tmp_path / "key")]
    command += ["-recip", str(tmp_path / "ana@example.com.pem")]
    process = subprocess.run(command, check=True, capture_output=True, timeout=HANG_SECONDS)
    inside = email.message_from_bytes(process.stdout, policy=policy.default)
    assert inside.get_body(("plain",)).get_content().strip() == "Grüße"
    assert [part.get_content() for part in inside.iter_attachments()] == [OUTGOING.documents[0].content]
