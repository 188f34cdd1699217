"""Both sources and the calendars against the sandbox: another program, which shares no code with this one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import requests
from pydantic import SecretStr

from tests.integration.genesys.conftest import CountedPermits, MemoryAnswers, session_with
from tests.sandbox_program import running_sandbox
from tests.source_jobs import finished_job
from tests.waiting import HANG_SECONDS
from worker import errors
from worker.domain.groups.calendar_kinds import GuideCalendar, ScheduleGroupCalendar
from worker.domain.rows import Rows, Window
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.session import Session
from worker.genesys.lookups.holidays import holiday_of
from worker.genesys.queries.source import QueriesSource
from worker.genesys.reporting.source import ReportingSource
from worker.genesys.source import Order, Source

SCENARIO = """
seed = 3
job_seconds = 0.2

[[clients]]
id = "client-1"
secret = "s3cret-never-shown"

[groups.emea]
title = "EMEA"
zone = "Europe/Berlin"
agents = 9
queues = ["Support <b>EMEA</b>", { name = "Billing; EMEA", media = ["voice", "chat"] }]

[[schedule_groups]]
name = "EMEA Holidays"
zone = "Europe/Berlin"
holidays = [
  { name = "Unity Day", start = 2020-10-03T00:00:00, end = 2020-10-04T00:00:00, rrule = "FREQ=YEARLY" },
  { name = "Cancelled", start = 2026-11-17T00:00:00, end = 2026-11-18T00:00:00, state = "inactive" },
]

[[calendars]]
id = "emea"
name = "EMEA"
zone = "Europe/Berlin"
holidays = [{ date = 2026-10-03, name = "Unity Day" }]
"""

QUEUES = ("Support <b>EMEA</b>", "Billing; EMEA")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = Window(datetime(2026, 11, 16, tzinfo=BERLIN), datetime(2026, 11, 17, tzinfo=BERLIN))
HALF_HOURS = ("queueName", "intervalStart", "mediaType", "offered", "answered", "answeredInServiceLevel", "abandoned")
HALF_HOURS += ("handled", "averageHandleSeconds", "averageAnswerSeconds")
PEOPLE = ("agentName", "interactingSeconds", "communicatingSeconds", "idleSeconds", "scheduledSeconds")
PEOPLE += ("exceptionSeconds", "exceptionCount", "adherence")


def definition(*columns: str, **fields: object) -> dict[str, object]:
    return {
        "reportId": "emea",
        "name": "Standup",
        "dateFrom": "{{window.start}}",
        "dateTo": "{{window.end}}",
        "reportingType": "summary",
        "columns": [{"id": column, "label": column.title()} for column in columns],
        "filters": [{"metric": "queueName", "type": "equals", "value": queue} for queue in QUEUES],
        **fields,
    }


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sandbox as a program of its own; the address of its API."""
    with running_sandbox(SCENARIO, tmp_path_factory.mktemp("sandbox")) as address:
        yield address


@pytest.fixture
def trouble(sandbox: str) -> Iterator[Callable[..., None]]:
    """Script a group's trouble; it is over with the test."""

    def strike(*troubles: dict[str, object]) -> None:
        body = {"group": "emea", "trouble": list(troubles)}
        assert requests.post(f"{sandbox}/_sandbox/trouble", json=body, timeout=HANG_SECONDS).ok

    yield strike
    strike()


@pytest.fixture
def live(sandbox: str, permits: CountedPermits) -> Session:
    """A session with the sandbox."""
    organisation = Organisation("main", sandbox, sandbox, "client-1", SecretStr("s3cret-never-shown"))
    return session_with(organisation, permits)


@pytest.fixture
def the_order(sandbox: str) -> Order:
    """The order of the group's day, with everything that either source needs."""
    state = requests.get(f"{sandbox}/_sandbox/state", timeout=HANG_SECONDS).json()
    return Order(
        name="standup-emea-2026-11-16",
        window=DAY,
        zone="Europe/Berlin",
        queues=QUEUES,
        media=("voice", "chat"),
        management_units=(state["groups"]["emea"]["managementUnit"],),
        report=json.dumps([definition(*HALF_HOURS), definition(*PEOPLE)]),
        report_path="reports/standup.json",
    )


@pytest.fixture
def queries(live: Session, answers: MemoryAnswers) -> QueriesSource:
    return QueriesSource(live, answers, lambda: datetime(2026, 11, 17, 6, tzinfo=UTC))


@pytest.fixture
def reporting(live: Session, answers: MemoryAnswers) -> ReportingSource:
    return ReportingSource(live, answers, lambda: datetime(2026, 11, 17, 6, tzinfo=UTC))


def collected(source: Source, the_order: Order) -> Rows:
    return source.collect(the_order, finished_job(source, the_order))


def test_a_day_read_by_queries_is_complete(queries: QueriesSource, the_order: Order) -> None:
    rows = collected(queries, the_order)
    assert [queue.name for queue in rows.queues] == list(QUEUES)
    assert {row.media_type for row in rows.intervals} == {"voice", "chat"}
    assert sum(row.offered or 0 for row in rows.intervals) > 50
    assert all(row.start and DAY.start <= row.start < DAY.end for row in rows.intervals)
    assert len(rows.agents) == 9
    assert any(agent.scheduled_seconds for agent in rows.agents)
    assert any(agent.late_logins is not None for agent in rows.agents)
    assert rows.gaps == ()
    assert rows.service_level_seconds == 20


def test_both_sources_give_the_same_day(queries: QueriesSource, reporting: ReportingSource, the_order: Order) -> None:
    request, exported = collected(queries, the_order), collected(reporting, the_order)

    def by_half_hour(rows: Rows) -> dict[object, tuple[int | None, ...]]:
        return {
            (row.queue_id, row.media_type, row.start): (
                row.offered,
                row.answered,
                row.answered_late,
                row.abandoned,
                row.handled,
            )
            for row in rows.intervals
        }

    def by_name(rows: Rows) -> dict[str, tuple[int | None, ...]]:
        return {
            agent.name: (agent.idle_ms and agent.idle_ms // 1000, agent.scheduled_seconds, agent.exceptions)
            for agent in rows.agents
            if agent.idle_ms
        }

    assert by_half_hour(request) == by_half_hour(exported)
    assert by_name(request) == by_name(exported)
    assert exported.gaps == ()
    assert sum(row.service_level_numerator or 0 for row in request.intervals) == sum(
        row.service_level_numerator or 0 for row in exported.intervals
    )


@pytest.mark.parametrize("form", ["CSV", "XLSX"])
def test_the_guides_four_columns_come_through(reporting: ReportingSource, the_order: Order, form: str) -> None:
    guide = definition("queueName", "serviceLevel", "abandonmentRate", "occupancy", format=form)
    rows = collected(reporting, replace(the_order, report=json.dumps(guide), name=f"guide-{form}"))
    assert len(rows.intervals) == 2
    assert all(set(row.stated) == {"service_level", "abandonment", "occupancy"} for row in rows.intervals)
    assert all(0 < row.stated["occupancy"] < 1 for row in rows.intervals)


def test_a_slow_job_that_first_is_not_there_is_waited_for(
    queries: QueriesSource, reporting: ReportingSource, the_order: Order, trouble: Callable[..., None]
) -> None:
    trouble({"kind": "not_yet", "not_found": 1, "unavailable": 1}, {"kind": "slow_export", "seconds": 0.4})
    for source in (queries, reporting):
        job = source.start(the_order)
        assert source.look(the_order, job).state == "running"
        assert collected(source, the_order).intervals


def test_a_revoked_access_token_is_renewed_and_the_run_goes_on(
    queries: QueriesSource, the_order: Order, trouble: Callable[..., None]
) -> None:
    trouble({"kind": "expired_token", "times": 1})
    assert collected(queries, the_order).intervals


def test_a_429_holds_all_permits_for_as_long_as_the_api_says(
    queries: QueriesSource, the_order: Order, trouble: Callable[..., None], permits: CountedPermits
) -> None:
    trouble({"kind": "rate_limit", "times": 1, "retry_after": 7})
    with pytest.raises(errors.RateLimited) as caught:
        collected(queries, the_order)
    assert caught.value.retry_after_seconds == 7
    assert permits.hold_seconds == [7]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"kind": "malformed", "style": "truncated"}, (errors.MalformedAnswer, errors.SourceUnavailable)),
        ({"kind": "malformed", "style": "html"}, errors.MalformedAnswer),
        ({"kind": "down", "style": "close"}, errors.SourceUnavailable),
        ({"kind": "down", "style": "503"}, errors.SourceUnavailable),
        ({"kind": "forbidden", "permission": "analytics:conversationAggregate:view"}, errors.PermissionMissing),
    ],
)
def test_trouble_has_an_error_by_name(
    queries: QueriesSource,
    the_order: Order,
    trouble: Callable[..., None],
    kind: dict[str, object],
    expected: type[errors.StandupError],
) -> None:
    trouble({"path": "/conversations/aggregates", **kind} if kind["kind"] != "forbidden" else kind)
    with pytest.raises(expected):
        collected(queries, the_order)


def test_a_missing_licence_for_adherence_is_a_gap(
    queries: QueriesSource, the_order: Order, trouble: Callable[..., None]
) -> None:
    trouble({"kind": "forbidden", "permission": "wfm:historicalAdherence:view"})
    (gap,) = collected(queries, the_order).gaps
    assert (gap.kind, gap.metric) == ("unavailable", "adherence")


def test_a_partial_export_is_reported_as_a_gap(
    reporting: ReportingSource, the_order: Order, trouble: Callable[..., None]
) -> None:
    trouble({"kind": "partial"})
    assert "partial" in {gap.kind for gap in collected(reporting, the_order).gaps}


def test_a_failed_export_is_an_error_and_a_failed_adherence_job_a_gap(
    queries: QueriesSource, reporting: ReportingSource, the_order: Order, trouble: Callable[..., None]
) -> None:
    trouble({"kind": "failed"})
    with pytest.raises(errors.ExportFailed, match="FAILED_GETTING_DATA_FROM_SERVICE"):
        collected(reporting, the_order)
    assert [gap.metric for gap in collected(queries, the_order).gaps] == ["adherence"]


def test_adherence_at_once_is_taken_at_once(
    queries: QueriesSource, the_order: Order, trouble: Callable[..., None]
) -> None:
    trouble({"kind": "immediate"}, {"kind": "slow_export", "seconds": 0})
    assert queries.start(the_order).state == "done"


def test_a_day_without_calls_has_no_offered_contacts(
    queries: QueriesSource, the_order: Order, trouble: Callable[..., None]
) -> None:
    trouble({"kind": "empty_day", "date": "2026-11-16"})
    assert sum(row.offered or 0 for row in collected(queries, the_order).intervals) == 0


@pytest.mark.parametrize("queue", ["support <b>emea</b>", "Nowhere"])
def test_a_queue_that_does_not_exist_is_named(queries: QueriesSource, the_order: Order, queue: str) -> None:
    with pytest.raises(errors.LookupFailed, match="There is no queue named"):
        collected(queries, replace(the_order, queues=(queue,)))


def test_a_wrong_secret_is_refused_by_name(sandbox: str, permits: CountedPermits, the_order: Order) -> None:
    session = session_with(Organisation("main", sandbox, sandbox, "client-1", SecretStr("wrong")), permits)
    source = QueriesSource(session, MemoryAnswers(), lambda: datetime(2026, 11, 17, 6, tzinfo=UTC))
    with pytest.raises(errors.CredentialsRefused, match="STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET"):
        source.start(the_order)


@pytest.mark.parametrize(
    "calendar",
    [ScheduleGroupCalendar(kind="schedule_group", name="EMEA Holidays"), GuideCalendar(kind="guide", id="emea")],
)
def test_a_holiday_of_either_calendar_is_found(live: Session, calendar: ScheduleGroupCalendar | GuideCalendar) -> None:
    assert holiday_of(live, calendar, date(2026, 10, 3)) == "Unity Day"
    assert holiday_of(live, calendar, date(2026, 11, 17)) is None
