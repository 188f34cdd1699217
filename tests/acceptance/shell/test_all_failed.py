"""After a bad morning one command continues all that failed, and another reaches all who were not reached."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group

GONE = "gone@example.com"


@pytest.fixture(scope="module")
def morning(shared_installation: Installation) -> Installation:
    """A morning on which two groups failed, one was delivered, and one reached one of two readers."""
    installation = shared_installation
    forbidden = {"trouble": [{"kind": "forbidden"}]}
    scenario = {
        "mailbox": {"refuse": {GONE: "550 5.1.1 no such mailbox"}},
        "groups": {
            "first": sandbox_group("Q1", **forbidden),
            "second": sandbox_group("Q2", **forbidden),
            "fine": sandbox_group("Q3"),
            "partly": sandbox_group("Q4"),
        },
    }
    installation.start_sandbox(scenario)
    readers = {"email": ["partly@example.com", GONE]}
    groups = {key: group(key, f"Q{number}") for number, key in enumerate(("first", "second", "fine"), 1)}
    installation.write_groups(groups | {"partly": group("partly", "Q4", deliver=readers)})
    installation.start_worker()
    installation.wait_for_runs([installation.begin_run(key, DAY) for key in (*groups, "partly")])
    return installation


def test_a_dry_run_lists_what_failed_and_changes_nothing(morning: Installation) -> None:
    lines = morning.standup("rerun", "--failed", "--dry-run").splitlines()
    assert lines == [f"{key}:{DAY}: would continue at poll (permission_missing)" for key in ("first", "second")]
    assert {run["state"] for run in json.loads(morning.standup("runs", "--group", "first", "--json"))} == {"failed"}
    outcomes = json.loads(morning.standup("rerun", "--failed", "--group", "second", "--dry-run", "--json"))
    assert outcomes == [{"run": f"second:{DAY}", "outcome": "would_resume"}]


def test_a_day_without_failures_has_nothing_to_continue(morning: Installation) -> None:
    assert "No run failed or was missed." in morning.standup("rerun", "--failed", "--date", "-40d..-30d")
    assert json.loads(morning.standup("rerun", "--failed", "--date", "-30d", "--json")) == []


def test_all_failed_runs_continue_and_no_one_gets_anything_twice(morning: Installation) -> None:
    for key in ("first", "second"):
        morning.set_troubles(key)
    ended = json.loads(morning.standup("rerun", "--failed", "--date", "yesterday", "--wait", "--json"))
    assert {run["run"]: run["state"] for run in ended} == {f"{key}:{DAY}": "delivered" for key in ("first", "second")}
    for key in ("first", "second", "fine"):
        assert len(morning.mails_to(f"{key}@example.com")) == 1
    assert "No run failed or was missed." in morning.standup("rerun", "--failed")


def test_all_who_were_not_reached_are_listed_and_then_sent_to(morning: Installation) -> None:
    (foreseen,) = json.loads(morning.standup("resend", "--all", "--dry-run", "--json"))
    assert (foreseen["run"], foreseen["outcome"]) == (f"partly:{DAY}", "would_queue")
    assert [delivery["recipient"] for delivery in foreseen["sending"]] == [GONE]
    assert f"email {GONE}: would be sent" in morning.standup("resend", f"partly:{DAY}", "--dry-run")
    assert morning.wait_for_run(f"partly:{DAY}").state == "partly_delivered", "a dry run changes nothing"
    answer = morning.standup("resend", "--all")
    assert f"partly:{DAY}: 1 message queued" in answer
    assert f"email {GONE}: queued" in answer
    assert morning.wait_for_run(f"partly:{DAY}").state == "partly_delivered"
    refused = morning.standup("resend", f"partly:{DAY}", "--wait", expect=1)
    assert f"email {GONE}: refused. Mail server" in refused
    assert len(morning.mails_to("partly@example.com")) == 1
    assert morning.standup("explain", f"partly:{DAY}", "--json").count("sent again by operator") == 2


def test_after_an_address_was_corrected_one_command_completes_the_run(morning: Installation) -> None:
    corrected = "corrected@example.com"
    morning.write_groups({"partly": group("partly", "Q4", deliver={"email": ["partly@example.com", corrected]})})
    foreseen = morning.standup("resend", f"partly:{DAY}", "--dry-run")
    assert f"email {corrected}: would be sent" in foreseen
    assert f"email {GONE}: nothing, because the group file no longer has it" in foreseen
    completed = morning.standup("resend", "--all", "--wait")
    assert f"partly:{DAY}: delivered\n  email {corrected}: sent. 250" in completed
    assert morning.wait_for_run(f"partly:{DAY}").state == "delivered"
    assert [len(morning.mails_to(name)) for name in ("partly@example.com", corrected)] == [1, 1]
    assert "No longer a recipient." in " ".join(morning.standup("explain", f"partly:{DAY}").split())
    assert "Every run has reached everyone" in morning.standup("resend", "--all")


@pytest.mark.parametrize(
    "command",
    [
        ("rerun",),
        ("rerun", f"first:{DAY}", "--failed"),
        ("rerun", f"first:{DAY}", "--date", "yesterday"),
        ("rerun", f"first:{DAY}", "--ask", "--json"),
        ("resend",),
        ("resend", "--all", "--to", "a@example.com"),
    ],
)
def test_a_command_names_either_a_run_or_all_of_them(morning: Installation, command: tuple[str, ...]) -> None:
    assert "Usage:" in morning.standup(*command, expect=2)
