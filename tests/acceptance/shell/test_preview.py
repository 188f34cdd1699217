"""`standup preview` shows what would be sent, with the program that this machine opens such files with."""

from __future__ import annotations

import email
import email.policy
import json
import os
import sys
from email.message import EmailMessage
from pathlib import Path

import pypdfium2
import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no xdg-open")


@pytest.fixture(scope="module")
def installation(shared_installation: Installation) -> Installation:
    """A group for each source. Nothing but the sandbox runs."""
    shared_installation.start_sandbox({"groups": {"support": sandbox_group("Line")}})
    shared_installation.write_groups(
        {
            "support": group("Support", "Line"),
            "queries": group("Support", "Line", source="queries", behind=["queues", "half_hours", "agents"]),
            "exports": group("Support", "Line", source="exports", behind=["source", "queues"]),
        }
    )
    return shared_installation


def install_opener(folder: Path) -> Path:
    """Make an ``xdg-open`` that writes down what it is asked to open; return the file where it does."""
    opener, note = folder / "xdg-open", folder / "opened"
    opener.write_text(f'#!/bin/sh\necho "$1" > {note}.part && mv {note}.part {note}\n')
    opener.chmod(0o755)
    return note


@pytest.mark.parametrize(("kind", "signature"), [("png", b"\x89PNG"), ("xlsx", b"PK")])
def test_a_preview_is_opened_as_the_kind_that_was_asked_for(
    installation: Installation, tmp_path: Path, kind: str, signature: bytes
) -> None:
    note = install_opener(tmp_path)
    installation.environment["PATH"] = f"{tmp_path}:{os.environ['PATH']}"
    folder = str(tmp_path / "preview")
    output = installation.standup(
        "preview", "support", "--date", str(DAY), "--out", folder, "--open-as", kind, "--json"
    )
    wait_until(note.exists, "the preview was opened")
    opened = Path(note.read_text().strip())
    assert opened.suffix == f".{kind}"
    assert opened.read_bytes().startswith(signature)
    assert str(opened) in json.loads(output)["files"]


@pytest.mark.parametrize(
    ("key", "titles"),
    [("queries", ["All queues", "All half-hours", "All agents"]), ("exports", ["From the source", "All queues"])],
)
def test_a_preview_ends_with_the_pages_that_the_group_wants(
    installation: Installation, tmp_path: Path, key: str, titles: list[str]
) -> None:
    output = installation.standup("preview", key, "--date", str(DAY), "--out", str(tmp_path), "--json")
    (path,) = (path for path in json.loads(output)["files"] if path.endswith(".pdf"))
    outline = [item.get_title() for item in pypdfium2.PdfDocument(Path(path).read_bytes()).get_toc()]
    assert outline[-len(titles) :] == titles


def mails_to(installation: Installation, address: str) -> list[EmailMessage]:
    files = installation.mails_to(address)
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def test_a_preview_is_sent_to_an_address_of_an_allowed_domain_only(installation: Installation, tmp_path: Path) -> None:
    installation.configure(ALLOWED_DOMAINS="example.com")
    command = ("preview", "support", "--date", str(DAY), "--out", str(tmp_path), "--to")
    sent = json.loads(installation.standup(*command, "me@example.com", "--json"))["sent"]
    assert sent["me@example.com"].startswith("250")
    (mail,) = mails_to(installation, "me@example.com")
    assert mail["Subject"] == f"Preview: Daily Standup Report - {DAY}"
    assert next(mail.iter_attachments()).get_content_subtype() == "pdf"
    assert "its domain is not allowed" in installation.standup(*command, "me@example.org", expect=1)
    assert "Invalid value for '--to'" in installation.standup(*command, "me", expect=2)
    assert len(installation.mails()) == 1
    output = installation.standup(*command, "me@example.org", "--to", "you@example.com", expect=1)
    assert "sent to you@example.com: 250" in output
    assert "not sent to me@example.org: " in output
    assert len(mails_to(installation, "you@example.com")) == 1
    assert installation.runs.newest() == []
