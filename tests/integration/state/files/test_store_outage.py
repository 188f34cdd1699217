"""A store of objects that is away: its driver's own errors become OSError."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest
from botocore.exceptions import EndpointConnectionError
from redis import Redis

from tasks import step
from tests.integration.services.conftest import RUN
from tests.integration.services.test_store_away import group_file
from worker.alerts.forms import Alert
from worker.alerts.redis_outage import AWAY_SECONDS, Fault, RedisWatch, Server
from worker.alerts.sending import AlertSender
from worker.domain.groups import Group
from worker.domain.runs import NextStep, RetryLater, Run, Step
from worker.groupfiles.reloading import Groups
from worker.state.files.artifacts import Artifacts, OutageMark
from worker.state.runs import Runs

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def artifacts(monkeypatch: pytest.MonkeyPatch) -> Artifacts:
    """A bucket at a port where nothing listens."""
    settings = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key"}
    for name, value in (settings | {"AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1"}).items():
        monkeypatch.setenv(name, value)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    return Artifacts("s3://briefings/standup")


@pytest.mark.parametrize(
    "use",
    [
        lambda artifacts: artifacts.put("a/b", b""),
        lambda artifacts: artifacts.get("a/b"),
        lambda artifacts: artifacts.exists("a/b"),
        lambda artifacts: artifacts.names("a"),
        lambda artifacts: artifacts.folders("a"),
        lambda artifacts: artifacts.delete("a/b"),
    ],
    ids=["put", "get", "exists", "names", "folders", "delete"],
)
def test_a_store_that_is_away_raises_an_os_error(use: Callable[[Artifacts], object], artifacts: Artifacts) -> None:
    with pytest.raises(OSError, match="s3://briefings/standup failed: EndpointConnectionError") as raised:
        use(artifacts)
    assert isinstance(raised.value.__cause__, EndpointConnectionError)


def test_a_step_waits_for_a_store_of_objects_that_is_away(redis: Redis, artifacts: Artifacts, tmp_path: Path) -> None:
    runs = Runs(redis)
    runs.claim(RUN, "beat")
    run = runs.get(RUN)
    assert run is not None

    def store_rows(group: Group, run: Run) -> NextStep:
        artifacts.put("rows.json", b"{}")
        return NextStep(Step.RENDER, "stored")

    outcome = step.do_work(Groups(group_file(tmp_path)), store_rows, run, 90)
    assert isinstance(outcome, RetryLater)
    assert "s3://briefings/standup failed" in outcome.detail


def test_an_outage_of_redis_is_reported_though_the_store_is_away_too(artifacts: Artifacts, tmp_path: Path) -> None:
    alerts: list[Alert] = []

    class Operations:
        def send(self, alert: Alert) -> None:
            alerts.append(alert)

    server = Server("redis", lambda: Fault("away"), OutageMark(artifacts, "redis"))
    watch = RedisWatch([server], AlertSender(Operations, tmp_path / "alerts.jsonl"), lambda: NOW)
    outage = watch._outage(server)
    for seconds in (0, AWAY_SECONDS):
        watch.look(server, outage, seconds)
    assert [alert.code for alert in alerts] == ["redis_away"]
