"""Bad input ends in a named error on the run and in the alert, and harms no other group."""

from __future__ import annotations

import pytest

from tests.acceptance.installation import CLIENT_SECRET, DAY, Installation, group, sandbox_group
from worker.domain.runs import Run, RunState

TROUBLES = {
    "forbidden": ([{"kind": "forbidden", "permission": "analytics:conversationAggregate:view"}], "permission_missing"),
    "malformed": ([{"kind": "malformed"}], "malformed_answer"),
    "web-page": ([{"kind": "malformed", "style": "html"}], "malformed_answer"),
    "down": ([{"kind": "down"}], "source_unavailable"),
    "always-429": ([{"kind": "rate_limit", "times": 99, "retry_after": 1}], "rate_limited"),
}
"""What goes wrong for a group, and the code of its run."""

TRANSIENT = ("source_unavailable", "rate_limited")
"""Errors of a whole organisation: groups share look-ups, so a group may end with the error of another one."""

RECIPIENTS = ("one@example.com", "gone@example.com", "three@example.com")
OTHER_GROUPS: dict[str, dict[str, object]] = {
    "healthy": group("Healthy", "Healthy"),
    "readers": group("Readers", "Readers", deliver={"email": list(RECIPIENTS)}),
    "no-queue": group("No queue", "Helthy"),
    "stranger": group("Stranger", "Healthy", organisation="elsewhere"),
    "wrong-secret": group("Wrong secret", "Healthy", organisation="locked"),
    "unreachable": group("Unreachable", "Healthy", organisation="dead"),
}
FAILED = [*TROUBLES, *(key for key in OTHER_GROUPS if key not in ("healthy", "readers"))]


@pytest.fixture(scope="module")
def morning(shared_installation: Installation) -> Installation:
    """The morning of all groups, after every run has ended. A group with a mistake is in the group file as well."""
    installation = shared_installation
    prepare(installation)
    installation.start_worker()
    installation.start_beat()
    installation.wait_for_runs([f"{key}:{DAY}" for key in (*TROUBLES, *OTHER_GROUPS)])
    installation.wait_for_alerts(len(FAILED) + 2)
    return installation


def prepare(installation: Installation) -> None:
    worlds = {key: sandbox_group(key, wfm=False, trouble=trouble) for key, (trouble, _) in TROUBLES.items()}
    worlds |= {key: sandbox_group(key.title(), wfm=False) for key in ("healthy", "readers")}
    refused = {"gone@example.com": "550 5.1.1 no such mailbox"}
    clients = [{"id": name, "secret": CLIENT_SECRET} for name in ("test-client", "second-client")]
    installation.start_sandbox({"clients": clients, "groups": worlds, "mailbox": {"refuse": refused}})
    mistake = group("Sick", "Healthy", zone="Europe/Berln")
    installation.write_groups({key: group(key, key) for key in TROUBLES} | OTHER_GROUPS | {"sick": mistake})
    api = installation.addresses["api"]
    installation.configure(
        ORGANISATIONS__LOCKED__API_URL=api,
        ORGANISATIONS__LOCKED__CLIENT_ID="second-client",
        ORGANISATIONS__LOCKED__CLIENT_SECRET="not-the-secret",
        ORGANISATIONS__DEAD__API_URL="http://127.0.0.1:9",
        ORGANISATIONS__DEAD__LOGIN_URL=api,
        ORGANISATIONS__DEAD__CLIENT_ID="test-client",
        ORGANISATIONS__DEAD__CLIENT_SECRET=CLIENT_SECRET,
    )


def run_of(installation: Installation, key: str) -> Run:
    return installation.wait_for_run(f"{key}:{DAY}")


@pytest.mark.parametrize("key", TROUBLES)
def test_each_failure_has_its_code_on_the_run(morning: Installation, key: str) -> None:
    run, (_, code) = run_of(morning, key), TROUBLES[key]
    assert run.state == RunState.FAILED
    assert run.code in (TRANSIENT if code in TRANSIENT else (code,))


def test_a_missing_permission_is_named(morning: Installation) -> None:
    assert "analytics:conversationAggregate:view" in run_of(morning, "forbidden").sentence


def test_a_wrong_queue_name_is_answered_with_a_similar_one(morning: Installation) -> None:
    run = run_of(morning, "no-queue")
    assert run.code == "lookup_failed"
    assert "Healthy" in run.sentence


def test_an_organisation_without_settings_is_named(morning: Installation) -> None:
    assert "elsewhere" in run_of(morning, "stranger").sentence.lower()


@pytest.mark.parametrize(
    ("key", "code"), [("wrong-secret", "credentials_refused"), ("unreachable", "source_unavailable")]
)
def test_a_wrong_secret_and_an_unreachable_host_have_their_codes(morning: Installation, key: str, code: str) -> None:
    run = run_of(morning, key)
    assert (run.state, run.code) == (RunState.FAILED, code)
    assert "not-the-secret" not in run.sentence


def test_a_refused_recipient_is_named_and_the_others_have_their_mail(morning: Installation) -> None:
    run = run_of(morning, "readers")
    assert run.state == RunState.PARTLY_DELIVERED
    assert "gone@example.com" in run.sentence


def test_healthy_groups_get_their_briefing_and_failed_ones_no_mail(morning: Installation) -> None:
    assert run_of(morning, "healthy").state == RunState.DELIVERED
    recipients = sorted(path.stem.partition("-")[2] for path in morning.mails())
    assert recipients == ["healthy@example.com", "one@example.com", "three@example.com"]


def test_there_is_one_alert_for_each_failure_and_one_for_the_mistake(morning: Installation) -> None:
    alerts = [str(alert) for alert in morning.alerts()]
    assert len(alerts) == len(FAILED) + 2
    for key in FAILED:
        assert sum(f"standup run {key} --date {DAY}" in alert for alert in alerts) == 1, key
    assert sum(f"readers:{DAY}" in alert for alert in alerts) == 1


def test_the_alert_about_the_group_file_has_the_line_and_a_similar_zone(morning: Installation) -> None:
    (alert,) = [str(alert) for alert in morning.alerts() if "groups.toml:" in str(alert)]
    assert "Europe/Berln" in alert
    assert "Europe/Berlin" in alert


def test_the_groups_command_lists_the_healthy_groups_and_the_mistake(morning: Installation) -> None:
    output = morning.standup("groups", expect=1)
    assert "healthy" in output
    assert "groups.sick.zone" in output
