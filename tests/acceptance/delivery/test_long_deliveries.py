"""A slow mail server and a group of many recipients: a delivery that needs more than one turn and outlasts leases."""

from __future__ import annotations

import json
from typing import Any

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.mail_server import MailServer
from worker.domain.runs import RunState

RECIPIENTS = [f"recipient-{number:02}@example.com" for number in range(13)]


def log_records(installation: Installation, event: str) -> list[dict[str, Any]]:
    lines = "".join(path.read_text() for path in (installation.folder / "logs").glob("*.log")).splitlines()
    records = [json.loads(line) for line in lines if line.startswith("{")]
    return [record for record in records if str(record.get("event")).startswith(event)]


def test_a_step_that_outlasts_the_visibility_timeout_sends_each_mail_once(installation: Installation) -> None:
    """The broker gives the step's message to the other worker again and again, which finds the lease taken."""
    mail_server = MailServer(pause_seconds=3)
    installation.start_sandbox({"groups": {"support": sandbox_group("Line")}})
    installation.configure(SMTP__PORT=str(mail_server.port))
    installation.write_groups({"support": group("Support", "Line", deliver={"email": RECIPIENTS})})
    for name in ("first", "second"):
        installation.start_worker(name, app="tests.acceptance.short_times")
    for name in ("first", "second"):
        installation.wait_for_log(name, f"{name}@.* ready")
    run = installation.brief("support", DAY)
    mail_server.stop()
    assert run.state == RunState.DELIVERED
    assert sorted(mail_server.recipients()) == RECIPIENTS
    reasons = [record["because"] for record in log_records(installation, "skipped")]
    assert "held" in reasons
    assert log_records(installation, "the lease was lost") == []
    events = [event.text for event in installation.runs.timeline(run.id) if event.step == "deliver"]
    assert events[-1] == "13 sent, 0 not"
    assert len(events) >= 2, "more than thirty seconds are more than one turn"
    assert all("others to come" in event for event in events[:-1])
