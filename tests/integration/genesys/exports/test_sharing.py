"""Groups of one morning share their exports: started once, looked at once, read once, and each gets its own rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.integration.genesys.conftest import Reply, ScriptedApi
from tests.integration.genesys.exports.conftest import AGENTS_CSV, LIST, QUEUES_CSV, Platform, ShortMemory
from worker.domain.rows import Rows
from worker.errors import ExportFailed
from worker.genesys.api.session import Session
from worker.genesys.exports.source import ExportsSource
from worker.genesys.sharing.plan import Sharing
from worker.genesys.source import ExportJob, Order

TWO_QUEUES = QUEUES_CSV + b"11/16/26 09:30 AM,11/16/26 10:00 AM,TRUE,,voice,q2,Billing,5,5,,1\r\n"
TWO_AGENTS = AGENTS_CSV + b"11/16/26 12:00 AM,11/17/26 12:00 AM,TRUE,,u2,Bo,500000,1500000,\r\n"


class Morning:
    """Two groups with a queue each, whose runs share what they ask."""

    def __init__(self, platform: Platform, session: Session, support: Order) -> None:
        self.platform, self.api, self.session = platform, platform.api, session
        self.support = support
        self.billing = replace(support, name="standup-billing-2026-11-16", queues=("Billing",))
        self.shared: list[int] = []
        memory = ShortMemory()
        sharing = Sharing(companions=lambda _: [self.support, self.billing], on_shared=self.shared.append)
        self.runs = [ExportsSource(session, memory, _much_later, sharing) for _ in range(2)]
        self._script()

    def _script(self) -> None:
        queues = [{"id": "q1", "name": "Support"}, {"id": "q2", "name": "Billing"}]
        self.api.script("GET", "/api/v2/routing/queues", Reply({"entities": queues, "pageCount": 1}))
        self.api.script("GET", "/api/v2/routing/queues/divisionviews/all", Reply({"entities": queues, "pageCount": 1}))
        member = {"entities": [{"id": "u2", "name": "Bo"}], "pageCount": 1}
        self.api.script("GET", "/api/v2/routing/queues/q2/members", Reply(member))

    def completed(self) -> None:
        """The exports that were posted are completed, under the names that were asked for."""
        queues, agents = (item["name"] for item in self.platform.posted()[:2])
        self.platform.lists(
            [
                self.platform.job("e1", name=queues, filter={"queueIds": ["q1", "q2"], "mediaTypes": ["voice"]}),
                self.platform.job("e2", agents=True, name=agents, filter={"userIds": ["u1", "u2"]}),
            ]
        )
        self.platform.file("e1", TWO_QUEUES)
        self.platform.file("e2", TWO_AGENTS)

    def collect(self, run: int, order: Order, job: ExportJob) -> Rows:
        """Look, and collect."""
        seen_ids = self.runs[run].look(order, job)
        assert seen_ids.state == "done", seen_ids.progress
        return self.runs[run].collect(order, seen_ids)


def _much_later() -> datetime:
    return datetime(2026, 11, 17, 12, tzinfo=UTC)


@pytest.fixture
def morning(platform: Platform, session: Session, the_order: Order) -> Morning:
    return Morning(platform, session, the_order)


def test_the_first_run_starts_the_exports_of_all_and_the_second_joins_them(morning: Morning) -> None:
    first, second = (
        run.start(order) for run, order in zip(morning.runs, (morning.support, morning.billing), strict=True)
    )
    assert (first.ids["queues"], first.ids["agents"]) == (second.ids["queues"], second.ids["agents"])
    queues, agents = morning.platform.posted()
    assert (queues["filter"]["queueIds"], agents["filter"]["userIds"]) == (["q1", "q2"], ["u1", "u2"])
    assert queues["name"].startswith("standup-2026-11-16-")


def test_each_group_gets_its_own_rows_of_files_that_are_fetched_once(morning: Morning, api: ScriptedApi) -> None:
    jobs = [run.start(order) for run, order in zip(morning.runs, (morning.support, morning.billing), strict=True)]
    morning.completed()
    support = morning.collect(0, morning.support, jobs[0])
    billing = morning.collect(1, morning.billing, jobs[1])
    assert [(row.queue_id, row.offered) for row in support.intervals] == [("q1", 12)]
    assert [(row.queue_id, row.offered) for row in billing.intervals] == [("q2", 5)]
    assert [day.name for day in (*support.agents, *billing.agents)] == ["Ana", "Bo"]
    assert [note.rows for note in billing.notes] == [1, 1]
    assert len(api.calls("/files/e1.csv")) == len(api.calls("/files/e2.csv")) == 1
    assert morning.shared == [0, 2]


def test_exports_for_several_groups_that_fail_for_good_are_started_for_each_alone(morning: Morning) -> None:
    job = morning.runs[0].start(morning.support)
    reason = "TOO_MANY_SEARCH_CRITERIA"
    shared = [
        morning.platform.job(f"e{n}", name=item["name"], status="FAILED", exportErrorMessagesType=reason)
        for n, item in enumerate(morning.platform.posted(), 1)
    ]
    morning.platform.lists(shared)
    own_rows = morning.runs[0].look(morning.support, job)
    assert (own_rows.state, own_rows.ids["queues"], own_rows.ids["agents"]) == ("running", "e3", "e4")
    assert [item["name"] for item in morning.platform.posted()[2:]] == [
        "standup-support-2026-11-16-queues",
        "standup-support-2026-11-16-agents",
    ]
    assert morning.runs[1].start(morning.billing).ids["queues"] not in ("e1", "e2", "e3")

    morning.platform.lists([morning.platform.job("e3", status="FAILED", exportErrorMessagesType=reason)])
    with pytest.raises(ExportFailed, match="it names too many queues"):
        morning.runs[0].look(morning.support, own_rows)


def test_exports_for_several_groups_that_are_refused_are_asked_for_alone(morning: Morning, api: ScriptedApi) -> None:
    refused = Reply({"message": "too many ids", "code": "bad.request", "status": 400}, 400)
    api.script(
        "POST",
        LIST,
        refused,
        Reply(morning.platform.job("e1")),
        Reply(morning.platform.job("e2", agents=True)),
    )
    assert morning.runs[0].start(morning.support).ids["queues"] == "e1"
    assert morning.platform.posted()[1]["filter"]["queueIds"] == ["q1"]


def test_a_temporary_failure_is_restarted_once_for_all_groups(morning: Morning) -> None:
    orders = (morning.support, morning.billing)
    jobs = [run.start(order) for run, order in zip(morning.runs, orders, strict=True)]
    name = morning.platform.posted()[0]["name"]
    reason = "FAILED_GETTING_DATA_FROM_SERVICE"
    morning.platform.lists([morning.platform.job("e1", name=name, status="FAILED", exportErrorMessagesType=reason)])
    noticed = [run.look(order, job) for run, order, job in zip(morning.runs, orders, jobs, strict=True)]
    restarted = [run.look(order, job) for run, order, job in zip(morning.runs, orders, noticed, strict=True)]
    assert [job.ids["queues"] for job in restarted] == ["e3", "e3"]
    assert [item["name"] for item in morning.platform.posted()[2:]] == [f"{name}~2"]
