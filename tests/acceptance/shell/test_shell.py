"""The operator's commands against a running installation. Each test has a group of its own."""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.acceptance.installation import DAY, ZONE, Installation, group, sandbox_group
from worker.cli.demo.processes import python
from worker.domain.runs import STEPS, RunState

KEYS = ("whole", "unchanged", "ranged", "gaps", "waited", "failing", "revised", "previewed", "unfinished")


@pytest.fixture(scope="module")
def running(shared_installation: Installation) -> Installation:
    """All groups and a worker. No run begins by itself."""
    shared_installation.start_sandbox({"groups": {key: sandbox_group(f"Queue {key}") for key in KEYS}})
    groups = {key: group(key, f"Queue {key}") for key in KEYS}
    for key in ("failing", "waited"):
        groups[key]["media"] = ["voice", "chat"]  # groups with the same media would share their answers with it
    shared_installation.write_groups(groups)
    shared_installation.record_past(*KEYS)
    shared_installation.start_worker()
    shared_installation.wait_for_log("worker", r"worker@\S+ ready")
    return shared_installation


def subjects(installation: Installation, key: str) -> list[str]:
    mails = [mail.read_bytes() for mail in installation.mails_to(f"{key}@example.com")]
    return [str(email.message_from_bytes(mail, policy=email.policy.default)["Subject"]) for mail in mails]


def run_ids(installation: Installation, key: str) -> list[str]:
    """Return the ids of the group's runs, as ``standup runs`` lists them."""
    runs = json.loads(installation.standup("runs", "--json"))
    return [run["run"] for run in runs if run["run"].startswith(f"{key}:")]


def test_an_operator_runs_reruns_lists_and_explains(running: Installation) -> None:
    run_id = f"whole:{DAY}"
    first_answer = json.loads(running.standup("run", "whole", "--date", str(DAY), "--json"))
    assert first_answer == {"run": run_id, "outcome": "begun", "worker": True}
    running.wait_for_run(run_id)
    second_answer = json.loads(running.standup("run", "whole", "--date", str(DAY), "--json"))
    assert second_answer["outcome"] == "already_there"
    running.celery("-A", "worker", "call", "briefing.rerun", f'--args=["{run_id}", true]')
    assert running.wait_for_run(f"{run_id}.r2").state == RunState.DELIVERED
    title = f"Daily Standup Report - {DAY}"
    assert subjects(running, "whole") == [title, f"{title} (corrected, rev 2)"]
    assert run_ids(running, "whole") == [f"{run_id}.r2", run_id]
    story = json.loads(running.standup("explain", run_id, "--json"))
    assert [event["step"] for event in story["timeline"]] == ["", *STEPS]
    [delivery] = story["deliveries"]
    assert delivery["state"] == "sent"
    assert delivery["proof"].startswith("250")
    text = running.standup("explain", run_id)
    assert "whole@example.com" in text
    assert "00:00:00" in text
    followed = running.standup("explain", run_id, "--follow").splitlines()
    assert [line.split()[2] for line in followed[2:7]] == list(STEPS)
    assert f"{run_id} is delivered" in followed
    assert any("whole@example.com" in line for line in followed)


def test_a_revision_without_changes_is_sent_only_if_the_operator_says_so(running: Installation) -> None:
    run_id = f"unchanged:{DAY}"
    assert "delivered after" in running.standup("run", "unchanged", "--date", "yesterday", "--wait")
    assert f"{run_id}.r2: No figure differs" in running.standup("rerun", run_id, "--dry-run")
    [foreseen] = json.loads(running.standup("rerun", f"unchanged:{DAY}..{DAY}", "--dry-run", "--json"))
    assert foreseen == {"run": f"{run_id}.r2", "content": "briefing", "changes": []}
    assert run_ids(running, "unchanged") == [run_id]
    second = json.loads(running.standup("rerun", run_id, "--wait", "--json"))
    assert (second["run"], second["state"]) == (f"{run_id}.r2", "skipped")
    third = json.loads(running.standup("rerun", run_id, "--send-unchanged", "--wait", "--json"))
    assert (third["run"], third["state"]) == (f"{run_id}.r3", "delivered")
    assert len(subjects(running, "unchanged")) == 2
    assert "nothing is sent" in running.standup("resend", f"{run_id}.r3")


def test_a_range_of_days_is_shown_and_then_run(running: Installation) -> None:
    first_day = DAY - timedelta(days=1)
    command = ("run", "ranged", "--date", f"{first_day}..yesterday")
    ids = [f"ranged:{first_day}", f"ranged:{DAY}"]
    assert running.standup(*command, "--dry-run").splitlines() == [f"{run_id}: would begin" for run_id in ids]
    foreseen = json.loads(running.standup(*command, "--dry-run", "--json"))
    assert foreseen == [{"run": run_id, "outcome": "would_begin"} for run_id in ids]
    assert run_ids(running, "ranged") == []
    ended = json.loads(running.standup(*command, "--wait", "--json"))
    assert [(run["run"], run["state"]) for run in ended] == [(run_id, "delivered") for run_id in ids]
    second_plan = running.standup(*command, "--dry-run")
    assert second_plan.count("already done") == 2


def test_rerun_of_a_range_names_the_days_without_a_run(running: Installation) -> None:
    running.standup("run", "gaps", "--date", str(DAY - timedelta(days=1)), "--wait")
    ended = subprocess.run(
        python("-m", "worker.cli", "rerun", f"gaps:{DAY - timedelta(days=8)}..{DAY}", "--dry-run"),
        env=os.environ | running.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    missing_days = ", ".join(str(DAY - timedelta(days=days)) for days in range(8, 3, -1))
    typed = f"standup run gaps --date {DAY - timedelta(days=8)}..{DAY}"
    assert f"No run on {missing_days} and 3 more. To make what is missing: {typed}\n" in ended.stderr
    assert ended.stdout.startswith(f"gaps:{DAY - timedelta(days=1)}.r2: ")


def test_waiting_for_a_run_that_fails_ends_with_1(running: Installation) -> None:
    running.set_troubles("waited", {"kind": "forbidden"})
    output = running.standup("run", "waited", "--wait", expect=1)
    assert f"waited:{DAY}: failed after" in output
    assert "permission_missing: " in output


def test_a_failed_run_is_resumed_where_it_failed(running: Installation) -> None:
    run_id = f"failing:{DAY}"
    running.set_troubles("failing", {"kind": "forbidden"})
    running.standup("run", "failing", "--date", str(DAY))
    assert running.wait_for_run(run_id).code == "permission_missing"
    running.set_troubles("failing")
    assert "resumed" in running.standup("run", "failing", "--date", str(DAY))
    assert running.wait_for_run(run_id).state == RunState.DELIVERED
    assert len(subjects(running, "failing")) == 1


def test_a_failed_revision_is_resumed_and_the_first_is_unchanged(running: Installation) -> None:
    run_id = f"revised:{DAY}"
    running.standup("run", "revised")
    running.wait_for_run(run_id)
    running.set_troubles("revised", {"kind": "forbidden"})
    running.standup("rerun", run_id, "--send-unchanged")
    assert running.wait_for_run(f"{run_id}.r2").code == "permission_missing"
    running.set_troubles("revised")
    assert f"{run_id}.r2: resumed" in running.standup("run", "revised", "--date", str(DAY))
    assert running.wait_for_run(f"{run_id}.r2").state == RunState.DELIVERED
    assert f"{run_id}.r2: already done" in running.standup("run", "revised", "--date", str(DAY))
    assert len(subjects(running, "revised")) == 2


def test_a_preview_writes_documents_and_message_and_sends_nothing(running: Installation, tmp_path: Path) -> None:
    output = running.standup("preview", "previewed", "--date", str(DAY), "--out", str(tmp_path), "--json")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".eml", ".pdf", ".xlsx"]
    assert len(json.loads(output)["files"]) == 3
    assert subjects(running, "previewed") == []
    assert run_ids(running, "previewed") == []


def test_a_day_that_is_not_over_is_not_briefed(running: Installation) -> None:
    today, last_date = DAY + timedelta(days=1), "9999-12-31"
    command = ("run", "unfinished", "--date")
    assert f"{today} is not over in {ZONE}. Name {DAY}" in running.standup(*command, str(today), expect=1)
    assert "is not over" in running.standup("rerun", f"unfinished:{today}", expect=1)
    assert "is at the end of the calendar" in running.standup(*command, last_date, expect=1)
    running.celery("-A", "worker", "call", "briefing.run", f'--args=["unfinished", "{today}"]')
    running.standup("run", "unfinished")
    running.wait_for_run(f"unfinished:{DAY}")
    assert run_ids(running, "unfinished") == [f"unfinished:{DAY}"]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("run", "previewd"), "no group 'previewd'"),
        (("explain", "previewed"), "'previewed' is not a run: expected GROUP:DAY"),
        (("explain", "previewed:2020-01-01"), "There is no run"),
        (("explain", "previewed:2026-02-30"), "'2026-02-30': the calendar has no such day."),
    ],
)
def test_a_wrong_argument_is_answered_in_one_sentence(
    running: Installation, command: tuple[str, ...], sentence: str
) -> None:
    assert sentence in running.standup(*command, expect=2)


def test_a_file_in_place_of_the_folder_is_named(running: Installation) -> None:
    inside_a_file = str(running.folder / "groups.toml" / "x")
    assert "Not a directory" in running.standup("preview", "previewed", "--out", inside_a_file, expect=1)


@pytest.mark.parametrize(
    ("setting", "value", "command", "sentence"),
    [
        ("REDIS_URL", "redis://127.0.0.1:1/0", ("preview", "previewed"), "Redis does not answer"),
        ("ARTIFACTS", "nowhere://x", ("preview", "previewed"), "STANDUP_ARTIFACTS: Protocol not known"),
    ],
)
def test_a_wrong_address_in_the_settings_is_named(
    running: Installation, setting: str, value: str, command: tuple[str, ...], sentence: str
) -> None:
    working = dict(running.environment)
    running.configure(**{setting: value})
    try:
        assert sentence in running.standup(*command, expect=1)
    finally:
        running.environment.update(working)


def test_a_database_that_redis_does_not_have_is_named(running: Installation) -> None:
    url = running.redis_url.replace("/0", "/4711")
    working = dict(running.environment)
    running.configure(REDIS_URL=url)
    try:
        assert "Redis refuses: DB index is out of range" in running.standup("runs", expect=1)
    finally:
        running.environment.update(working)
