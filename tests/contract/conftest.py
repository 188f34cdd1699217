"""The official SDK, used as an independent check: its client at the sandbox, and a record of the product's requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests
from pydantic import SecretStr

from tests.contract.sdk import Client, Sdk
from tests.integration.genesys.conftest import CountedPermits
from tests.sandbox_program import running_sandbox
from tests.source_jobs import finished_job
from tests.waiting import HANG_SECONDS
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
from worker.genesys.wfm.source import TodaySource
from worker.wiring.process import clock as system_clock

SECRET = "only-for-the-contract"
BERLIN = ZoneInfo("Europe/Berlin")
DAY = Window(datetime(2026, 11, 16, tzinfo=BERLIN), datetime(2026, 11, 17, tzinfo=BERLIN))
TODAY = Window(datetime(2026, 11, 17, tzinfo=BERLIN), datetime(2026, 11, 18, tzinfo=BERLIN))
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
[[groups.emea.queues]]
name = "Billing"
[[groups.emea.queues]]
name = "Repairs"
media = ["voice", "chat"]
[groups.emea.queues.media_targets]
chat = {{ service_level_seconds = 60, target = 0.9 }}
email = "none"
[[schedule_groups]]
name = "Holidays"
zone = "Europe/Berlin"
holidays = [{{ name = "Unity Day", start = 2026-10-03T00:00:00, end = 2026-10-04T00:00:00, rrule = "FREQ=YEARLY" }}]
"""


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a sandbox."""
    with running_sandbox(SCENARIO, tmp_path_factory.mktemp("contract")) as address:
        yield address


@pytest.fixture(scope="session")
def group(sandbox: str) -> dict[str, Any]:
    """Return the sandbox's group with all its ids."""
    return requests.get(f"{sandbox}/_sandbox/state", timeout=HANG_SECONDS).json()["groups"]["emea"]


@dataclass
class SentRequest:
    """One request of the product."""

    method: str
    path: str
    params: dict[str, Any]
    body: Any


@dataclass
class RecordingWire(Wire):
    """A wire that records its requests."""

    sent: list[SentRequest] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(read_seconds=HANG_SECONDS)

    def exchange(self, purpose: str, method: str, url: str, **options: Any) -> AbstractContextManager[Reply]:
        """Record and send a request."""
        self.sent.append(
            SentRequest(method, urlsplit(url).path, dict(options.get("params") or {}), options.get("json"))
        )
        return super().exchange(purpose, method, url, **options)


class EmptyCache:
    """A cache that stores nothing, so that every request is sent."""

    def get(self, key: str) -> object | None:
        """Return None for every key."""
        return None

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Store nothing."""


@pytest.fixture(scope="session")
def sent(sandbox: str, group: dict[str, Any]) -> list[SentRequest]:
    """Return all requests of the product's sources and calendars for a day, without those to the guide's API."""
    organisation = Organisation("main", sandbox, sandbox, "contract", SecretStr(SECRET))
    wire = RecordingWire()
    tokens = AccessTokens(organisation, MemoryTokenStore(), clock=system_clock)
    session = Session(organisation, CountedPermits(), tokens, clock=system_clock, wire=wire)
    order = Order(
        name="contract-2026-11-16-r1",
        window=DAY,
        zone="Europe/Berlin",
        queues=QUEUES,
        media=("voice", "chat"),
        management_units=(group["managementUnit"],),
        source_pdf=True,
        today=TODAY,
    )
    for source in (QueriesSource(session, EmptyCache(), _now), ExportsSource(session, EmptyCache(), _now)):
        _collect(source, order)
    assert TodaySource(session, EmptyCache()).plan(order).media
    calendar = ScheduleGroupCalendar(kind="schedule_group", name="Holidays")
    assert holiday_of(session, calendar, date(2026, 10, 3)) == "Unity Day"
    return [request for request in wire.sent if request.path.startswith("/api/")]


def _now() -> datetime:
    return datetime(2026, 11, 17, 6, tzinfo=UTC)


def _collect(source: Source, order: Order) -> None:
    assert source.collect(order, finished_job(source, order)).intervals


def _recording_http_client() -> Any:
    """Return the SDK's own HTTP client, which stores the last answer unchanged as ``last``."""
    client = Sdk.default_http_client.DefaultHttpClient()
    send = client.request

    def request(options: Any) -> Any:
        client.last = send(options)
        return client.last

    client.request = request
    return client


@pytest.fixture(scope="session")
def sdk(sandbox: str) -> Client:
    """Return the SDK's client, logged in at the sandbox."""
    client = Sdk.ApiClient(host=sandbox)
    client.set_http_client(_recording_http_client())
    return client.get_client_credentials_token("contract", SECRET)
