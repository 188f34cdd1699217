"""Planted names and numbers, and where they turn up: in no channel that is not encrypted, and in no alert."""

from __future__ import annotations

import email
import io
import json
import zipfile
from email import policy
from email.message import EmailMessage
from urllib.request import urlopen

import msoffcrypto
import pikepdf
import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509 import load_pem_x509_certificate

from tests import certificates
from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.domain.runs import RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
AGENTS = ["Planted Agidius", "Planted Wilhelmina", "Planted Third"]
NUMBER = "customerPhone"
PASSWORD = "a password that travels elsewhere"
READER = "certified@example.com"


def furnish(installation: Installation) -> None:
    """A group for each policy; one has a password, one asks for customers' numbers, one reader has a certificate."""
    world = {"zone": ZONE, "agents": AGENTS, "workdays": ALL_WEEK}
    keys = ("silent", "open", "locked", "curious")
    installation.start_sandbox({"groups": {key: {**world, "queues": [f"Queue {key}"]} for key in keys}})
    with urlopen(f"{installation.addresses['api']}/_sandbox/state", timeout=10) as answer:
        units = {key: group["managementUnit"] for key, group in json.load(answer)["groups"].items()}
    common = {"title": "Group", "zone": ZONE, "targets": {"adherence": 1.0}}
    columns = [{"id": name, "label": name} for name in ("queueName", "offered", NUMBER)]
    queue = {"metric": "queueName", "type": "equals", "value": "Queue curious"}
    definition = {"reportId": "r", "name": "R", "reportingType": "summary", "columns": columns, "filters": [queue]}
    (installation.folder / "curious.json").write_text(
        json.dumps(definition | {"dateFrom": "{{window.start}}", "dateTo": "{{window.end}}"})
    )
    installation.configure(
        DOCUMENT_PASSWORDS__LOCKED=PASSWORD,
        SMIME_CERTIFICATES=str(installation.folder / "certificates"),
        BUCKETS__SHELF__URL=str(installation.folder / "shelf"),
    )
    extras: dict[str, dict[str, object]] = {
        "silent": {"deliver": {"email": ["silent@example.com"], "bucket": ["shelf"]}},
        "open": {"deliver": {"bucket": ["shelf"], "email": [READER]}, "personal_data": "allow"},
        "locked": {"deliver": {"email": ["locked@example.com"]}, "personal_data": "allow"},
        "curious": {"deliver": {"email": ["curious@example.com"]}, "source": "reporting", "report": "curious.json"},
    }
    installation.write_groups(
        {
            key: {**common, "queues": [f"Queue {key}"], "management_units": [units[key]], **extra}
            for key, extra in extras.items()
        }
    )


def mail_to(installation: Installation, recipient: str) -> bytes:
    (found,) = (path for path in installation.mails() if path.name.endswith(f"-{recipient}.eml"))
    return found.read_bytes()


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


def attachment(message: EmailMessage, suffix: str) -> bytes:
    (content,) = (each.get_content() for each in message.iter_attachments() if each.get_filename().endswith(suffix))
    return bytes(content)


def words_of(message: EmailMessage) -> str:
    """All that somebody can read in a message and its documents."""
    bodies = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
    documents = [each.get_content() for each in message.iter_attachments()]
    return "\n".join([str(message), *bodies, *map(document_words, documents)])


def document_words(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        pages = pypdfium2.PdfDocument(content)
        return "\n".join(page.get_textpage().get_text_range() for page in pages)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


@pytest.fixture
def key() -> RSAPrivateKey:
    """The reader's."""
    return certificates.new_key()


@pytest.fixture
def morning(installation: Installation, key: RSAPrivateKey) -> Installation:
    """All four groups' mornings, over."""
    folder = installation.folder / "certificates"
    folder.mkdir()
    certificates.issue(folder, key, READER)
    furnish(installation)
    installation.start_worker()
    installation.start_beat()
    installation.wait_for_runs([f"{key}:{DAY}" for key in ("silent", "open", "locked", "curious")])
    return installation


def test_planted_names_and_numbers_appear_in_no_channel_that_is_not_encrypted(
    morning: Installation, key: RSAPrivateKey
) -> None:
    parts = morning.parts
    states = {run.id.group: (run.state, run.code) for run in parts.runs.newest()}
    assert states == {
        "silent": (RunState.DELIVERED, ""),
        "open": (RunState.PARTLY_DELIVERED, "delivery_refused"),
        "locked": (RunState.DELIVERED, ""),
        "curious": (RunState.FAILED, "definition_refused"),
    }
    reached = sorted(path.name.partition("-")[2].removesuffix(".eml") for path in morning.mails())
    assert reached == [READER, "locked@example.com", "silent@example.com"]

    silent = words_of(read(mail_to(morning, "silent@example.com")))
    assert "Agent 1" in silent
    shelf = [path.read_bytes() for path in (morning.folder / "shelf").rglob("*") if path.is_file()]
    assert len(shelf) == 4  # of the silent group alone
    on_the_shelf = "\n".join(
        document_words(each) if each[:2] in (b"%P", b"PK") else each.decode("utf-8") for each in shelf
    )
    raw = "\n".join(path.read_text("utf-8", "replace") for path in morning.mails())
    alerts = json.dumps(morning.wait_for_alerts(2))
    for place, text in {"mail": silent, "bucket": on_the_shelf, "raw mail": raw, "alerts": alerts}.items():
        assert not [name for name in AGENTS if name in text], place
    assert "agents' names" in morning.standup("explain", f"open:{DAY}")
    assert NUMBER in morning.standup("explain", f"curious:{DAY}")

    locked = read(mail_to(morning, "locked@example.com"))
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
    sealed = read(certificates.opened(mail_to(morning, READER), certificate, key))
    assert all(name in words_of(sealed) for name in AGENTS)
