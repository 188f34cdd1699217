"""`python -m sandbox` as a program: addresses, quota, replay, signals and errors."""

from __future__ import annotations

import signal
import smtplib
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests

from tests.integration.sandbox.conftest import SCENARIO, Running
from tests.waiting import HANG_SECONDS

CALLS = """\
queue,media_type,offered_at,answered_at,ended_at,abandoned_at,agent
Cards,voice,2001-03-05T09:00:00,2001-03-05T09:00:10,2001-03-05T09:05:10,,Ana
Cards,voice,2001-03-05T09:20:00,,,2001-03-05T09:20:30,
"""


def _check(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox", "--check", str(path)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_api_mail_and_webhooks_and_ends_on_a_signal(
    start: Callable[..., Running], tmp_path: Path, number: int
) -> None:
    sandbox = start("--out", str(tmp_path))
    message = EmailMessage()
    message["Subject"] = "Good morning"
    host, port = sandbox.addresses["smtp"].split(":")
    with smtplib.SMTP(host, int(port), timeout=HANG_SECONDS) as smtp:
        smtp.send_message(message, "standup@example.com", ["ana@example.com"])
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="no such mailbox"):
            smtp.send_message(message, "standup@example.com", ["gone@example.com"])
    requests.post(
        f"{sandbox.addresses['webhooks']}/ops", json={"text": "hello"}, timeout=HANG_SECONDS
    ).raise_for_status()
    assert sandbox.login().status_code == 200
    sandbox.process.send_signal(number)
    assert sandbox.process.wait(timeout=HANG_SECONDS) == 0
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    assert len(list((tmp_path / "webhooks").glob("**/*.json"))) == 1


def test_the_quota_is_enforced_per_client(start: Callable[..., Running]) -> None:
    sandbox = start("--quota-per-minute", "3")
    session, narrow_session = sandbox.session(), sandbox.session("narrow")
    answers = [session.get(f"{sandbox.api}/api/v2/tokens/me", timeout=HANG_SECONDS) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["inin-ratelimit-count"] for answer in answers[:3]] == ["1", "2", "3"]
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
    assert narrow_session.get(f"{sandbox.api}/api/v2/tokens/me", timeout=HANG_SECONDS).status_code == 200
    assert sandbox.session().get(f"{sandbox.api}/api/v2/tokens/me", timeout=HANG_SECONDS).status_code == 429


def test_a_file_of_calls_is_replayed_beside_the_scenarios_groups(start: Callable[..., Running], tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(CALLS)
    options = ["--replay-first-day", "2026-10-05", "--replay-zone", "Europe/Berlin"]
    sandbox = start("--replay", str(tmp_path / "calls.csv"), *options)
    body = {
        "interval": "2026-10-05T00:00+02:00/2026-10-06T00:00+02:00",
        "metrics": ["nOffered", "tAbandon"],
        "groupBy": ["queueId"],
        "filter": {"type": "and", "predicates": [{"dimension": "queueId", "value": sandbox.id_of("Cards")}]},
    }
    answer = sandbox.session().post(
        f"{sandbox.api}/api/v2/analytics/conversations/aggregates/query", json=body, timeout=HANG_SECONDS
    )
    (result,) = answer.json()["results"]
    assert [(metric["metric"], metric["stats"]["count"]) for metric in result["data"][0]["metrics"]] == [
        ("nOffered", 2),
        ("tAbandon", 1),
    ]


def test_a_scenario_can_be_checked_without_playing_it(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(SCENARIO)
    bad.write_text(SCENARIO + "\n[quota]\nper_hour = 3\n")
    assert (_check(good).returncode, _check(good).stdout) == (0, f"{good}: all right\n")
    assert (_check(bad).returncode, _check(bad).stderr) == (
        2,
        f"{bad}: quota.per_hour: Extra inputs are not permitted (found 3)\n",
    )


@pytest.mark.parametrize(("service", "option"), [("api", "--api-port"), ("smtp", "--smtp-port")])
def test_a_taken_port_is_named(start: Callable[..., Running], tmp_path: Path, service: str, option: str) -> None:
    port = start().addresses[service].rpartition(":")[2]
    (tmp_path / "scenario.toml").write_text(SCENARIO)
    command = [sys.executable, "-m", "sandbox", "--scenario", str(tmp_path / "scenario.toml"), "--out", str(tmp_path)]
    second = subprocess.run([*command, option, port], capture_output=True, text=True, check=False, timeout=HANG_SECONDS)
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == f"cannot listen on 127.0.0.1:{port}: Address already in use\n"
