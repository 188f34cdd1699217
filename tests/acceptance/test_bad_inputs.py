"""What goes wrong ends in a named error on the run and in the alert, and harms nobody else."""

from __future__ import annotations

import pytest

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.domain.runs import RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)

CASES = {
    "forbidden": ([{"kind": "forbidden", "permission": "analytics:conversationAggregate:view"}], "permission_missing"),
    "malformed": ([{"kind": "malformed"}], "malformed_answer"),
    "a web page": ([{"kind": "malformed", "style": "html"}], "malformed_answer"),
    "down": ([{"kind": "down"}], "source_unavailable"),
    "always 429": ([{"kind": "rate_limit", "times": 99, "retry_after": 1}], "rate_limited"),
}

PASSING = ("source_unavailable", "rate_limited")
"""Troubles of a whole organisation: look-ups are shared, so either may be what a group with the other saw last."""


def key_of(name: str) -> str:
    return name.replace(" ", "-")


def world(trouble: list[dict[str, object]], queue: str) -> dict[str, object]:
    return {"zone": ZONE, "queues": [queue], "agents": 3, "workdays": ALL_WEEK, "wfm": False, "trouble": trouble}


def group(title: str, queue: str, *to: str, **more: object) -> dict[str, object]:
    return {"title": title, "zone": ZONE, "queues": [queue], "deliver": {"email": list(to)}} | more


def test_each_trouble_has_its_name_on_the_run_and_in_the_alert_and_the_healthy_group_its_briefing(
    installation: Installation,
) -> None:
    worlds = {key_of(name): world(trouble, f"Queue {name}") for name, (trouble, _) in CASES.items()}
    groups = {key_of(name): group(name, f"Queue {name}", f"{key_of(name)}@example.com") for name in CASES}
    worlds |= {"healthy": world([], "Healthy"), "readers": world([], "Readers")}
    groups |= {
        "healthy": group("Healthy", "Healthy", "healthy@example.com"),
        "readers": group("Readers", "Readers", "one@example.com", "gone@example.com", "three@example.com"),
        "no-queue": group("No queue", "Helthy", "no-queue@example.com"),
        "stranger": group("Stranger", "Healthy", "stranger@example.com", organisation="elsewhere"),
    }
    refuse = {"gone@example.com": "550 5.1.1 no such mailbox"}
    installation.start_sandbox({"groups": worlds, "mailbox": {"refuse": refuse}})
    installation.write_groups(groups)
    installation.start_worker()
    installation.start_beat()
    runs = {run.id.group: run for run in installation.wait_for_runs([f"{key}:{DAY}" for key in groups])}
    for name, (_, code) in CASES.items():
        assert runs[key_of(name)].state == RunState.FAILED, name
        assert runs[key_of(name)].code in (PASSING if code in PASSING else (code,)), name
    assert "analytics:conversationAggregate:view" in runs["forbidden"].sentence
    assert runs["healthy"].state == RunState.DELIVERED
    assert runs["readers"].state == RunState.PARTLY_DELIVERED
    assert "gone@example.com" in runs["readers"].sentence
    assert runs["no-queue"].code == "lookup_failed"
    assert "Healthy" in runs["no-queue"].sentence
    assert (
        "STANDUP_ORGANISATIONS__ELSEWHERE__CLIENT_ID" in runs["stranger"].sentence
        or "elsewhere" in runs["stranger"].sentence
    )
    arrived = sorted(path.name.partition("-")[2] for path in installation.mails())
    assert [name.removesuffix(".eml") for name in arrived] == [
        "healthy@example.com",
        "one@example.com",
        "three@example.com",
    ]
    alerts = installation.wait_for_alerts(len(groups) - 1)
    text = "\n".join(str(alert) for alert in alerts)
    for key in groups.keys() - {"healthy"}:
        assert f"{key}:{DAY}" in text, f"no alert for {key}"
    assert len(alerts) == len(groups) - 1


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("ORGANISATIONS__MAIN__CLIENT_SECRET", "not-the-secret", "credentials_refused"),
        ("ORGANISATIONS__MAIN__API_URL", "http://127.0.0.1:9", "source_unavailable"),
    ],
)
def test_a_wrong_secret_and_an_unreachable_host_name_what_to_mend(
    installation: Installation, setting: str, value: str, code: str
) -> None:
    installation.start_sandbox({"groups": {"only": world([], "Only")}})
    installation.write_groups({"only": group("Only", "Only", "only@example.com")})
    installation.configure(**{setting: value})
    if setting.endswith("API_URL"):
        installation.configure(ORGANISATIONS__MAIN__LOGIN_URL=installation.addresses["api"])
    installation.start_worker()
    installation.start_beat()
    run = installation.wait_for_run(f"only:{DAY}")
    assert (run.state, run.code) == (RunState.FAILED, code)
    assert "not-the-secret" not in run.sentence
    assert installation.mails() == []
    [alert] = installation.wait_for_alerts(1)
    assert f"standup run only --date {DAY}" in str(alert)


def test_a_mistake_in_the_group_file_is_told_with_its_line_and_the_healthy_group_runs(
    installation: Installation,
) -> None:
    installation.start_sandbox({"groups": {"healthy": world([], "Healthy")}})
    sick = group("Sick", "Healthy", "sick@example.com", zone="Europe/Berln")
    installation.write_groups({"healthy": group("Healthy", "Healthy", "healthy@example.com"), "sick": sick})
    installation.start_worker()
    installation.start_beat()
    assert installation.wait_for_run(f"healthy:{DAY}").state == RunState.DELIVERED
    [alert] = installation.wait_for_alerts(1)
    assert "groups.toml:" in str(alert)
    assert "Europe/Berln" in str(alert)
    assert "Europe/Berlin" in str(alert)
    listed = installation.standup("groups", expect=1)
    assert "healthy" in listed
    assert "groups.sick.zone" in listed
