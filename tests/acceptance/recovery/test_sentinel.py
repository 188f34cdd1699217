"""The primary of the ledger and of the broker dies under load, and Sentinels promote its replica."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.acceptance.installation import DAY, Installation, empty_installation, group, sandbox_group
from tests.sentinels import MASTER, PASSWORD, SENTINEL_PASSWORD, SentinelGroup, running_sentinels
from tests.waiting import wait_until
from worker.doctor import redis
from worker.doctor.finding import Finding, Level
from worker.domain.runs import RunId, RunState
from worker.wiring import process

KEYS = tuple(f"group-{number}" for number in range(12))
RUNS = [f"{key}:{DAY}" for key in KEYS]


@pytest.fixture
def sentinels(tmp_path: Path) -> Iterator[SentinelGroup]:
    with running_sentinels(tmp_path) as sentinels:
        yield sentinels


@pytest.fixture
def installation(sentinels: SentinelGroup, tmp_path: Path) -> Iterator[Installation]:
    (tmp_path / "installation").mkdir()
    with empty_installation(tmp_path / "installation", sentinels.url()) as installation:
        yield installation


def delivered(installation: Installation) -> int:
    runs = [installation.runs.get(RunId.parse(run_id)) for run_id in RUNS]
    return sum(run is not None and run.state == RunState.DELIVERED for run in runs)


def test_a_failover_under_load_loses_nothing_and_sends_nothing_twice(
    installation: Installation, sentinels: SentinelGroup
) -> None:
    installation.start_sandbox({"groups": {key: sandbox_group(f"Queue {key}") for key in KEYS}}, "--latency-ms", "300")
    installation.write_groups({key: group(key, f"Queue {key}") for key in KEYS})
    installation.record_past(*KEYS)
    workers = [installation.start_worker(name, options=("--concurrency", "2")) for name in ("one", "two")]
    installation.start_beat()
    wait_until(lambda: delivered(installation), "the first run has ended, and others are under way")
    sentinels.kill_primary()
    assert {run.state for run in installation.wait_for_runs(RUNS)} == {RunState.DELIVERED}
    wait_until(lambda: sentinels.primary_port() == sentinels.servers[1].port, "the replica is the primary")
    recipients = Counter(mail.stem.partition("-")[2] for mail in installation.mails())
    assert recipients == Counter(f"{key}@example.com" for key in KEYS)
    for worker in workers:
        assert worker.process
        assert worker.process.poll() is None, "a worker died with the primary"
        log = installation.log(worker.name)
        assert PASSWORD not in log
        assert SENTINEL_PASSWORD not in log


def findings(url: str, broker_url: str = "") -> list[Finding]:
    report = list(redis.check(url, broker_url or url.replace("/0?", "/1?"), process.clock))
    assert PASSWORD not in str(report)
    assert SENTINEL_PASSWORD not in str(report)
    return report


def test_doctor_says_which_primary_the_sentinels_name(sentinels: SentinelGroup) -> None:
    report = findings(sentinels.url())
    assert {finding.level for finding in report} == {Level.OK}
    facts = [finding.fact for finding in report]
    assert facts[0].endswith(f"names the primary 127.0.0.1:{sentinels.servers[0].port}")
    assert "Redis at standup of the Sentinels" in facts[3]
    assert "the broker has its own database, 1" in facts


def test_doctor_names_each_sentinel_that_cannot_be_asked(sentinels: SentinelGroup) -> None:
    port = sentinels.sentinel_ports[2]
    with Redis(port=port, password=SENTINEL_PASSWORD) as sentinel:
        sentinel.shutdown(nosave=True)
    report = findings(sentinels.url())
    assert [finding.fact for finding in report if finding.level != Level.OK] == [
        f"the Sentinel at 127.0.0.1:{port} does not answer"
    ]
    assert redis.reachable(report), "two Sentinels are enough"


@pytest.mark.parametrize(
    ("right", "wrong", "fact"),
    [
        (f"master={MASTER}", "master=another", "knows no primary of this name"),
        (SENTINEL_PASSWORD, "not-the-password", "refuses the user name or password"),
    ],
)
def test_doctor_says_why_no_sentinel_helps(sentinels: SentinelGroup, right: str, wrong: str, fact: str) -> None:
    report = findings(sentinels.url().replace(right, wrong))
    assert all(finding.level == Level.WRONG and finding.fact.endswith(fact) for finding in report[:3])
    assert "STANDUP_REDIS_URL" in report[0].way_out
    assert not redis.reachable(report)
