"""The official SDK as an outside witness: its client pointed at the sandbox, and a record of what we send there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests
from PureCloudPlatformClientV2 import ApiClient
from PureCloudPlatformClientV2.default_http_client import DefaultHttpClient
from pydantic import SecretStr

from tests.integration.genesys.conftest import CountedPermits
from worker.domain.groups.calendar_kinds import ScheduleGroupCalendar
from worker.domain.rows import Window
from worker.genesys.api.auth import AccessTokens, MemoryTokenStore
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.session import Session
from worker.genesys.api.wire import Reply, Wire
from worker.genesys.exports.source import ExportsSource
from worker.genesys.lookups.holidays import holiday_of
from worker.genesys.queries.source import QueriesSource
from worker.genesys.source import Order, Source

SECRET = "only-for-the-contract"
BERLIN = ZoneInfo("Europe/Berlin")
DAY = Window(datetime(2026, 11, 16, tzinfo=BERLIN), datetime(2026, 11, 17, tzinfo=BERLIN))
QUEUES = ("Billing", "Repairs")
SCENARIO = f"""
seed = 5
job_seconds = 0.1
[[clients]]
id = "contract"
secret = "{SECRET}"
[groups.emea]
zone = "Europe/Berlin"
agents = 4
queues = ["Billing", {{ name = "Repairs", media = ["voice", "chat"] }}]
[[schedule_groups]]
name = "Holidays"
zone = "Europe/Berlin"
holidays = [{{ name = "Unity Day", start = 2026-10-03T00:00:00, end = 2026-10-04T00:00:00, rrule = "FREQ=YEARLY" }}]
"""


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a sandbox."""
    folder = tmp_path_factory.mktemp("contract")
    (folder / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    command = [sys.executable, "-m", "sandbox", "--scenario", str(folder / "scenario.toml"), "--out", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            yield json.loads(program.stdout.readline())["api"]
        finally:
            program.terminate()


@pytest.fixture(scope="session")
def group(sandbox: str) -> dict[str, Any]:
    """The sandbox's group with all its ids."""
    return requests.get(f"{sandbox}/_sandbox/state", timeout=10).json()["groups"]["emea"]


@dataclass
class Sent:
    """One request of ours."""

    method: str
    path: str
    params: dict[str, Any]
    body: Any


@dataclass
class RecordingWire(Wire):
    """A wire that remembers what it carries."""

    sent: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(read_seconds=10)

    def exchange(self, where: str, method: str, url: str, **more: Any) -> AbstractContextManager[Reply]:
        """Remember, and send."""
        self.sent.append(Sent(method, urlsplit(url).path, dict(more.get("params") or {}), more.get("json")))
        return super().exchange(where, method, url, **more)


class NoAnswers:
    """Keeps nothing, so that everything is asked."""

    def get(self, key: str) -> object | None:
        """Never there."""
        return None

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Forget it."""


@pytest.fixture(scope="session")
def sent(sandbox: str, group: dict[str, Any]) -> list[Sent]:
    """All that our sources and calendars send for a day; the guide's wire is no part of the public API."""
    organisation = Organisation("main", sandbox, sandbox, "contract", SecretStr(SECRET))
    wire = RecordingWire()
    tokens = AccessTokens(organisation, MemoryTokenStore())
    session = Session(organisation, CountedPermits(), tokens, wire=wire)
    order = Order(
        name="contract-2026-11-16-r1",
        window=DAY,
        zone="Europe/Berlin",
        queues=QUEUES,
        media=("voice", "chat"),
        management_units=(group["managementUnit"],),
        source_pdf=True,
    )
    for source in (QueriesSource(session, NoAnswers(), _now), ExportsSource(session, NoAnswers(), _now)):
        _collect(source, order)
    calendar = ScheduleGroupCalendar(kind="schedule_group", name="Holidays")
    assert holiday_of(session, calendar, date(2026, 10, 3)) == "Unity Day"
    return [one for one in wire.sent if one.path.startswith("/api/")]


def _now() -> datetime:
    return datetime(2026, 11, 17, 6, tzinfo=UTC)


def _collect(source: Source, order: Order) -> None:
    job = source.start(order)
    for _ in range(200):
        if job.state == "done":
            break
        time.sleep(0.05)
        job = source.look(order, job)
    assert source.collect(order, job).intervals


class KeepingHttpClient(DefaultHttpClient):
    """The SDK's own HTTP client, which keeps the last answer as it came."""

    last: Any = None

    def request(self, options: Any) -> Any:
        """Ask, and keep."""
        self.last = super().request(options)
        return self.last


@pytest.fixture(scope="session")
def sdk(sandbox: str) -> ApiClient:
    """The SDK's client, logged in at the sandbox."""
    client = ApiClient(host=sandbox)
    client.set_http_client(KeepingHttpClient())
    return client.get_client_credentials_token("contract", SECRET)
