"""Planted names and numbers: they are in no channel that is not encrypted, and in no alert."""

from __future__ import annotations

import email
import io
import json
import zipfile
from email import policy
from email.message import EmailMessage

import msoffcrypto
import pikepdf
import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509 import load_pem_x509_certificate

from tests import certificates
from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from worker.domain.runs import RunState

KEYS = ("silent", "open", "locked", "curious")
AGENTS = ["Planted Agidius", "Planted Wilhelmina", "Planted Third"]
NUMBER = "customerPhone"
PASSWORD = "a password that travels elsewhere"
READER = "certified@example.com"


def prepare(installation: Installation) -> None:
    """Write a group for each policy; one has a password, one wants customers' numbers, one reader has a certificate."""
    installation.start_sandbox({"groups": {key: sandbox_group(f"Queue {key}", agents=AGENTS) for key in KEYS}})
    (installation.folder / "curious.json").write_text(json.dumps(report_with_numbers()))
    installation.configure(
        DOCUMENT_PASSWORDS__LOCKED=PASSWORD,
        SMIME_CERTIFICATES=str(installation.folder / "certificates"),
        BUCKETS__SHELF__URL=str(installation.folder / "shelf"),
    )
    settings: dict[str, dict[str, object]] = {
        "silent": {"deliver": {"email": ["silent@example.com"], "bucket": ["shelf"]}},
        "open": {"deliver": {"bucket": ["shelf"], "email": [READER]}, "personal_data": "allow"},
        "locked": {"personal_data": "allow"},
        "curious": {"source": "reporting", "report": "curious.json"},
    }
    units = installation.management_units()
    installation.write_groups(
        {
            key: group(key, f"Queue {key}", targets={"adherence": 1.0}, management_units=[units[key]]) | settings[key]
            for key in KEYS
        }
    )


def report_with_numbers() -> dict[str, object]:
    return {
        "reportId": "r",
        "name": "R",
        "reportingType": "summary",
        "columns": [{"id": name, "label": name} for name in ("queueName", "offered", NUMBER)],
        "filters": [{"metric": "queueName", "type": "equals", "value": "Queue curious"}],
        "dateFrom": "{{window.start}}",
        "dateTo": "{{window.end}}",
    }


def mail_to(installation: Installation, recipient: str) -> bytes:
    (path,) = installation.mails_to(recipient)
    return path.read_bytes()


def parse(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=policy.default)  # type: ignore[return-value]


def attachment(message: EmailMessage, suffix: str) -> bytes:
    (content,) = (part.get_content() for part in message.iter_attachments() if part.get_filename().endswith(suffix))
    return bytes(content)


def words_of(message: EmailMessage) -> str:
    """Return all that a reader can see in a message and its documents."""
    bodies = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
    documents = [part.get_content() for part in message.iter_attachments()]
    return "\n".join([str(message), *bodies, *map(document_words, documents)])


def document_words(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        pages = pypdfium2.PdfDocument(content)
        return "\n".join(page.get_textpage().get_text_range() for page in pages)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


@pytest.fixture
def key() -> RSAPrivateKey:
    """The reader's key."""
    return certificates.new_key()


@pytest.fixture
def morning(installation: Installation, key: RSAPrivateKey) -> Installation:
    """The morning of all four groups, after every run has ended."""
    folder = installation.folder / "certificates"
    folder.mkdir()
    certificates.issue(folder, key, READER)
    prepare(installation)
    installation.start_worker()
    installation.start_beat()
    installation.wait_for_runs([f"{key}:{DAY}" for key in KEYS])
    return installation


def test_planted_names_and_numbers_are_in_encrypted_channels_only(morning: Installation, key: RSAPrivateKey) -> None:
    states = {run.id.group: (run.state, run.code) for run in morning.runs.newest()}
    assert states == {
        "silent": (RunState.DELIVERED, ""),
        "open": (RunState.PARTLY_DELIVERED, "delivery_refused"),
        "locked": (RunState.DELIVERED, ""),
        "curious": (RunState.FAILED, "definition_refused"),
    }
    recipients = sorted(path.stem.partition("-")[2] for path in morning.mails())
    assert recipients == [READER, "locked@example.com", "silent@example.com"]

    silent = words_of(parse(mail_to(morning, "silent@example.com")))
    assert "Agent 1" in silent
    shelf = [path.read_bytes() for path in (morning.folder / "shelf").rglob("*") if path.is_file()]
    assert len(shelf) == 4, "only the silent group's"
    shelf_text = "\n".join(
        document_words(content) if content[:2] in (b"%P", b"PK") else content.decode("utf-8") for content in shelf
    )
    raw = "\n".join(path.read_text("utf-8", "replace") for path in morning.mails())
    alerts = json.dumps(morning.wait_for_alerts(2))
    for place, text in {"mail": silent, "bucket": shelf_text, "raw mail": raw, "alerts": alerts}.items():
        assert not [name for name in AGENTS if name in text], place
    assert "agents' names" in morning.standup("explain", f"open:{DAY}")
    assert NUMBER in morning.standup("explain", f"curious:{DAY}")

    locked = parse(mail_to(morning, "locked@example.com"))
    assert PASSWORD not in str(locked)
    pdf = attachment(locked, ".pdf")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(pdf))
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf), password=PASSWORD) as opened:
        opened.save(plain)
    assert AGENTS[0] in document_words(plain.getvalue()) or AGENTS[1] in document_words(plain.getvalue())
    workbook = msoffcrypto.OfficeFile(io.BytesIO(attachment(locked, ".xlsx")))
    workbook.load_key(password=PASSWORD, verify_password=True)
    inside = io.BytesIO()
    workbook.decrypt(inside)
    assert all(name in document_words(inside.getvalue()) for name in AGENTS)

    pem = (morning.folder / "certificates" / f"{READER}.pem").read_bytes()
    certificate = load_pem_x509_certificate(pem)
    sealed = parse(certificates.opened(mail_to(morning, READER), certificate, key))
    assert all(name in words_of(sealed) for name in AGENTS)
