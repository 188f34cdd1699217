"""A platform that exports: one queue with one member, files behind signed links, a list that a test scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from tests.integration.genesys.conftest import Reply, ScriptedApi, order
from worker.genesys.api.session import Session
from worker.genesys.exports.source import ExportsSource
from worker.genesys.source import ExportJob, Order

LIST = "/api/v2/analytics/reporting/exports"
INTERVAL = "2026-11-16T05:00:00.000Z/2026-11-17T05:00:00.000Z"
NAME = "standup-support-2026-11-16-queues"
AGENTS_NAME = "standup-support-2026-11-16-agents"
QUEUES_CSV = (
    b"Interval Start,Interval End,Interval Complete,Filters,Media Type,Queue Id,Queue Name,Offer,Answer,Abandon,"
    b"Service Level %\r\n11/16/26 09:00 AM,11/16/26 09:30 AM,TRUE,,voice,q1,Support,12,10,1,0.9091\r\n"
)
AGENTS_CSV = (
    b"Interval Start,Interval End,Interval Complete,Filters,Agent Id,Agent Name,Idle,Interacting,Communicating\r\n"
    b"11/16/26 12:00 AM,11/17/26 12:00 AM,TRUE,,u1,Ana,1000000,3000000,\r\n"
)


class ShortMemory:
    """Answers that forget what only lives from one look to the next."""

    def __init__(self) -> None:
        self._stored: dict[str, object] = {}

    def get(self, key: str) -> object | None:
        """The kept value."""
        return self._stored.get(key)

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Keep what lives longer."""
        self._stored[key] = value if lifetime_seconds > 60 else None


class Platform:
    """Scripts the exports of a `ScriptedApi`."""

    def __init__(self, api: ScriptedApi) -> None:
        self.api = api
        api.script(
            "GET",
            "/api/v2/routing/queues",
            Reply({"entities": [{"id": "q1", "name": "Support"}], "pageCount": 1}),
        )
        member = {"id": "u1", "name": "Ana"}
        api.script("GET", "/api/v2/routing/queues/q1/members", Reply({"entities": [member], "pageCount": 1}))
        api.script(
            "POST",
            LIST,
            Reply(self.job("e1")),
            Reply(self.job("e2")),
            Reply(self.job("e3")),
            Reply(self.job("e4")),
        )
        self.lists([])

    def job(self, job_id: str, **fields: object) -> dict[str, object]:
        """A job of the list; that of agents where ``agents`` is set."""
        agents = fields.pop("agents", False)
        built: dict[str, object] = {
            "id": job_id,
            "name": AGENTS_NAME if agents else NAME,
            "status": "COMPLETED",
            "viewType": "AGENT_STATUS_SUMMARY_VIEW" if agents else "QUEUE_PERFORMANCE_DETAIL_VIEW",
            "exportFormat": "CSV",
            "interval": INTERVAL,
            "filter": {"userIds": ["u1"]} if agents else {"queueIds": ["q1"], "mediaTypes": ["voice"]},
            "downloadUrl": f"{self.api.url}/platform/api/v2/downloads/d-{job_id}",
            "createdDateTime": "2026-11-17T11:00:00.000Z",
        }
        return {**built, **fields}

    def lists(self, *answers: list[dict[str, object]] | Reply) -> None:
        """What the list says, one time after the other."""
        says = [item if isinstance(item, Reply) else Reply({"entities": item, "pageCount": 1}) for item in answers]
        self.api.script("GET", LIST, *says)

    def file(self, job_id: str, content: bytes, *signed: Reply) -> None:
        """What is behind a job's link."""
        url = f"{self.api.url}/files/{job_id}.csv?signature=secret"
        self.api.script("GET", f"/api/v2/downloads/d-{job_id}", *(signed or (Reply({"url": url}),)))
        self.api.script("GET", f"/files/{job_id}.csv", Reply(content))

    def finished(self, **queues: object) -> ExportJob:
        """Both exports are completed, with their files; ``queues`` changes that of queues."""
        self.lists([self.job("e1", **queues), self.job("e2", agents=True)])
        self.file("e1", QUEUES_CSV)
        self.file("e2", AGENTS_CSV)
        return ExportJob("exports", "done", {"queues": "e1", "agents": "e2"})

    def posted(self) -> list[dict[str, object]]:
        """The bodies of all exports that were started."""
        return [item.json() for item in self.api.calls(LIST) if item.method == "POST"]


@pytest.fixture
def platform(api: ScriptedApi) -> Platform:
    return Platform(api)


@pytest.fixture
def source(session: Session, clock: Callable[[], datetime]) -> ExportsSource:
    return ExportsSource(session, ShortMemory(), clock)


@pytest.fixture
def the_order() -> Order:
    return order(queues=("Support",))


@pytest.fixture
def order_with_pdf(the_order: Order) -> Order:
    return replace(the_order, source_pdf=True)
