"""A mail server that is slow and well, and a group of many recipients: more than one turn, more than one lease."""

from __future__ import annotations

import json
from typing import Any

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from tests.mail_server import MailServer
from worker.cli.demo.processes import Program, python
from worker.domain.runs import RunId, RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
MANY = [f"recipient-{number:02}@example.com" for number in range(13)]


def impatient_worker(installation: Installation, name: str) -> None:
    """A worker whose broker hands its message to another one while it still works."""
    command = python("-m", "celery", "-A", "tests.acceptance.short_times", "worker", "-n", f"{name}@%h")
    installation.programs.start(Program(name, command))


def said(installation: Installation, event: str) -> list[dict[str, Any]]:
    lines = "".join(path.read_text() for path in (installation.folder / "logs").glob("*.log")).splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    return [each for each in found if each.get("event") == event]


def test_a_step_that_outlasts_the_visibility_time_out_sends_nothing_twice_and_loses_nothing(
    installation: Installation,
) -> None:
    """The broker takes the step's message for lost, again and again; whoever gets it finds the lease taken."""
    post = MailServer(pause_seconds=3)
    installation.start_sandbox(
        {"groups": {"support": {"zone": ZONE, "queues": ["Q"], "agents": 4, "workdays": ALL_WEEK}}}
    )
    installation.configure(SMTP__PORT=str(post.port))
    installation.write_groups(
        {"support": {"title": "Support", "zone": ZONE, "queues": ["Q"], "deliver": {"email": MANY}}}
    )
    for name in ("one", "two"):
        impatient_worker(installation, name)
    installation.standup("run", "support", "--date", str(DAY))
    assert installation.wait_for_run(f"support:{DAY}").state == RunState.DELIVERED
    assert sorted(post.recipients()) == MANY
    aside = [each["because"] for each in said(installation, "stepped aside") if each["step"] == "deliver"]
    assert "held" in aside
    assert said(installation, "the lease was lost; another worker goes on") == []
    story = [each.what for each in installation.parts.runs.timeline(RunId("support", DAY)) if each.step == "deliver"]
    assert story[-1] == "13 sent, 0 not"
    assert len(story) >= 2, "more than thirty seconds are more than one turn"
    assert all("others to come" in each for each in story[:-1])
    post.stop()
