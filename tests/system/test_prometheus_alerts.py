"""Each alert rule in deploy/ fires in a real Prometheus, because of what really happens to an installation."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.acceptance.installation import CLIENT_SECRET, Installation, group, sandbox_group
from tests.system.prometheus import NOTICES, Prometheus, start_prometheus
from tests.unit.deploy.test_prometheus import METRIC, expressions
from tests.waiting import HANG_SECONDS, wait_until
from worker.cli.demo.processes import Program

pytestmark = pytest.mark.system

GONE = "gone@example.com"
TROUBLES = {
    "stuck": {"kind": "not_yet", "not_found": 100_000},
    "forbidden": {"kind": "forbidden"},
} | {f"down-{number}": {"kind": "down", "style": "503"} for number in range(4)}


def program(installation: Installation, name: str) -> Program:
    (running,) = [running for running in installation.programs.running if running.name == name]
    return running


def kill(installation: Installation, name: str) -> None:
    process = program(installation, name).process
    assert process is not None
    process.kill()
    process.wait(HANG_SECONDS)


def write_troubled_groups(installation: Installation) -> None:
    """Start a sandbox and write groups: those with troubles, one of whose recipients is gone, and a healthy one."""
    groups = {key: sandbox_group(f"Q {key}", trouble=[trouble]) for key, trouble in TROUBLES.items()}
    groups |= {key: sandbox_group(f"Q {key}") for key in ("partly", "well")}
    installation.start_sandbox({"groups": groups, "mailbox": {"refuse": {GONE: "550 5.1.1 no such mailbox"}}})
    unit = installation.management_units()["stuck"]
    installation.write_groups(
        {key: group(key.title(), f"Q {key}") for key in groups}
        | {
            "stuck": group("Stuck", "Q stuck", management_units=[unit]),
            "partly": group("Partly", "Q partly", deliver={"email": [GONE, "mia@example.com"]}),
        }
    )
    installation.record_past(*groups)


def test_the_rules_fire_for_what_happens_to_runs_beat_and_server(installation: Installation, tmp_path: Path) -> None:
    write_troubled_groups(installation)
    prometheus = start_prometheus(installation, tmp_path)
    assert prometheus.firing().keys() <= {"StandupBeatSilent"}  # beat has never asked yet
    installation.start_worker()
    installation.start_beat()
    assert "has not ended" in prometheus.wait_for_alert("StandupRunsOpen")["summary"]
    assert prometheus.wait_for_alert("StandupRunsFailed")["severity"] == "page"
    undelivered = prometheus.wait_for_alert("StandupNotDelivered")
    assert undelivered["summary"] == "Some recipients got nothing over email."
    failing = prometheus.wait_for_alert("StandupRequestsFail")
    assert re.fullmatch(r"\d\d(\.\d+)?% of the requests to main fail\.", failing["summary"])
    wait_until(lambda: "StandupBeatSilent" not in prometheus.firing(), "beat is no longer silent")
    check_queries(prometheus)

    kill(installation, "beat")
    assert "Beat has asked nothing for" in prometheus.wait_for_alert("StandupBeatSilent")["summary"]
    kill(installation, NOTICES)
    assert prometheus.wait_for_alert("StandupMetricsAway")["job"] == "standup"


def check_queries(prometheus: Prometheus) -> None:
    """Each metric of rules and dashboard is one that was read, and each panel of the dashboard has a value."""
    metrics = set(prometheus.ask("label/__name__/values"))
    queries = list(expressions())
    assert {name for query in queries for name in METRIC.findall(query)} <= metrics
    dashboard = queries[1:]
    assert [query for query in dashboard if not prometheus.query(query)] == []


@contextmanager
def another_program(api_url: str) -> Iterator[None]:
    """Use up the quota of the same OAuth client, as another program that was given it by mistake."""
    ended = threading.Event()
    pair = base64.b64encode(f"test-client:{CLIENT_SECRET}".encode()).decode()
    login = Request(f"{api_url}/oauth/token", b"grant_type=client_credentials", {"Authorization": f"Basic {pair}"})
    with urlopen(login, timeout=HANG_SECONDS) as answer:
        headers = {"Authorization": f"Bearer {json.load(answer)['access_token']}"}

    def ask_again_and_again() -> None:
        while not ended.wait(0.01):
            try:
                urlopen(Request(f"{api_url}/api/v2/routing/queues", headers=headers), timeout=HANG_SECONDS).close()
            except HTTPError as refusal:
                refusal.close()

    thread = threading.Thread(target=ask_again_and_again)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_a_rule_fires_for_a_quota_that_another_program_uses_up(installation: Installation, tmp_path: Path) -> None:
    keys = [f"group-{number}" for number in range(6)]
    installation.start_sandbox(
        {"groups": {key: sandbox_group(f"Q {key}") for key in keys}, "quota": {"per_minute": 2, "window_seconds": 2}}
    )
    installation.write_groups({key: group(key.title(), f"Q {key}") for key in keys})
    installation.record_past(*keys)
    prometheus = start_prometheus(installation, tmp_path)
    with another_program(installation.addresses["api"]):
        installation.start_worker()
        installation.start_beat()
        refused = prometheus.wait_for_alert("StandupQuotaUsedElsewhere")
    assert refused["summary"] == "The API of main refuses requests for their number."
