"""The guide's wire against scripted answers: definitions, exports that are not there yet, files of all kinds."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import Workbook

from tests.integration.genesys.conftest import MemoryAnswers, Reply, ScriptedApi, order
from tests.integration.genesys.reporting.conftest import (
    COUNTS,
    EXPORT,
    GUIDE,
    GUIDE_FILE,
    PEOPLE,
    QUEUES,
    START,
    collected,
    completed,
    definition,
    from_file,
    page_of,
    reported,
)
from worker import errors
from worker.domain.rows import Queue
from worker.genesys.api.session import Session
from worker.genesys.reporting.source import ReportingSource
from worker.genesys.source import ExportJob, Order


def test_the_guides_four_columns_are_shown_but_not_summed(source: ReportingSource) -> None:
    rows = collected(source, reported(GUIDE))
    (row,) = rows.intervals
    assert rows.queues == (Queue("q1", "Support_Engineering"),)
    assert (row.queue_id, row.media_type, row.start, row.offered) == ("q1", "voice", None, None)
    assert row.stated == pytest.approx({"service_level": 0.8125, "abandonment": 0.045, "occupancy": 0.78})
    assert [(gap.kind, gap.metric) for gap in rows.gaps] == [
        ("percent_only", "abandonment"),
        ("percent_only", "occupancy"),
        ("percent_only", "service_level"),
        ("unavailable", "adherence"),
    ]
    assert [(note.id, note.rows, note.status) for note in rows.notes] == [("exp-1", 1, "completed")]


def test_trap_relative_dates_are_sent_as_instants_of_the_window(source: ReportingSource, api: ScriptedApi) -> None:
    source.start(reported(GUIDE))
    body = api.calls(START)[0].json()
    assert body["dateFrom"] == "2026-11-16T00:00:00-05:00"
    assert body["dateTo"] == "2026-11-17T00:00:00-05:00"
    assert body["timeZone"] == "America/New_York"
    assert body["columns"] == GUIDE["columns"]
    assert body["filters"] == GUIDE["filters"]
    assert "reportId" not in body


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("dateFrom", "{{now() - 1 day}}", r"dateFrom.*moves.*\{\{window.start\}\}"),
        ("dateTo", "2026-11-16T23:59:00-05:00", r"dateTo.*23:59.*\{\{window.end\}\}"),
        ("reportingType", "detail", "reportingType.*millions"),
    ],
)
def test_a_definition_that_would_give_wrong_figures_is_never_sent(
    source: ReportingSource, api: ScriptedApi, key: str, value: str, message: str
) -> None:
    with pytest.raises(errors.DefinitionRefused, match=message):
        source.start(reported({**GUIDE, key: value}))
    assert api.requests == []


def test_a_filter_with_a_queue_that_does_not_exist_is_refused_before_any_export(
    source: ReportingSource, api: ScriptedApi
) -> None:
    api.script("GET", QUEUES, Reply({"entities": [], "pageCount": 1}))
    with pytest.raises(errors.LookupFailed, match="Support_Engineering"):
        source.start(reported(GUIDE))
    assert api.calls(START) == []


@pytest.mark.parametrize("early", [Reply(status=404), Reply(status=503), Reply(hang_up=True)])
def test_trap_assuming_the_export_is_available_immediately(
    source: ReportingSource, api: ScriptedApi, early: Reply
) -> None:
    the_order = reported(GUIDE)
    api.script("GET", EXPORT, early, Reply({"exportId": "exp-1", "status": "processing"}), completed(api))
    job = source.start(the_order)
    states = [job.state]
    for _ in range(3):
        job = source.look(the_order, job)
        states.append(job.state)
    assert states == ["running", "running", "running", "done"]
    assert job.ids == {"0:standup": "exp-1"}


def test_an_unknown_state_is_waited_on(source: ReportingSource, api: ScriptedApi) -> None:
    api.script("GET", EXPORT, Reply({"exportId": "exp-1", "status": "marinating"}))
    assert source.look(reported(GUIDE), source.start(reported(GUIDE))).state == "running"


def test_an_export_that_fails_says_why_and_a_rerun_starts_another(source: ReportingSource, api: ScriptedApi) -> None:
    api.script("GET", EXPORT, Reply({"exportId": "exp-1", "status": "failed", "error": "TOO_MANY_SEARCH_CRITERIA"}))
    job = source.start(reported(GUIDE))
    with pytest.raises(errors.ExportFailed, match="TOO_MANY_SEARCH_CRITERIA"):
        source.look(reported(GUIDE), job)
    source.start(reported(GUIDE))
    assert len(api.calls(START)) == 2


def test_a_start_that_is_done_again_joins_the_export(source: ReportingSource, api: ScriptedApi) -> None:
    assert source.start(reported(GUIDE)) == source.start(reported(GUIDE))
    assert len(api.calls(START)) == 1


def test_an_export_that_is_completed_is_not_asked_for_again(source: ReportingSource, api: ScriptedApi) -> None:
    collected(source, reported(GUIDE))
    assert len(api.calls(EXPORT)) == 1


def test_a_download_link_that_has_expired_is_asked_for_once_more(source: ReportingSource, api: ScriptedApi) -> None:
    api.script("GET", "/files/1", Reply(status=403), Reply(GUIDE_FILE.encode()))
    assert len(collected(source, reported(GUIDE)).intervals) == 1
    assert len(api.calls(EXPORT)) == 2


def test_a_partial_export_is_a_gap(source: ReportingSource, api: ScriptedApi) -> None:
    api.script("GET", EXPORT, completed(api, partial=True))
    rows = collected(source, reported(GUIDE))
    assert rows.gaps[0].kind == "partial"
    assert rows.notes[0].status == "completed, partial"


def test_completed_without_a_link_is_malformed(source: ReportingSource, api: ScriptedApi) -> None:
    api.script("GET", EXPORT, Reply({"exportId": "exp-1", "status": "completed"}))
    with pytest.raises(errors.MalformedAnswer, match="without a download link"):
        collected(source, reported(GUIDE))


def test_a_gateway_without_the_queues_endpoint_knows_queues_by_name(source: ReportingSource, api: ScriptedApi) -> None:
    api.script("GET", QUEUES, Reply(status=404))
    rows = collected(source, reported(GUIDE))
    assert rows.queues == (Queue("Support_Engineering", "Support_Engineering"),)
    assert rows.intervals[0].queue_id == "Support_Engineering"


def test_half_hours_of_one_report_and_agents_of_another_make_one_set_of_rows(
    source: ReportingSource, api: ScriptedApi
) -> None:
    people = definition(*PEOPLE, report="people")
    api.script("POST", "/api/v2/reporting/reports/people/export", Reply({"exportId": "exp-2", "status": "processing"}))
    answer = {"exportId": "exp-2", "status": "completed", "downloadUrl": f"{api.url}/files/2"}
    api.script("GET", "/api/v2/reporting/exports/exp-2", Reply(answer))
    lines = [",".join(PEOPLE), "Ada,02:00:00,0,1800,28800,1440,2,95%", "Bo,3600,0,900,,,,"]
    api.script("GET", "/files/2", Reply("\r\n".join(lines).encode("utf-8-sig")))
    half_hour = "Support_Engineering,2026-11-16T09:00:00-05:00,voice,20,18,15,2,18,300.5,00:00:12"
    rows = from_file(source, api, f"{','.join(COUNTS)}\n{half_hour}\n", reported(definition(*COUNTS), people))
    (row,) = rows.intervals
    assert row.start == datetime(2026, 11, 16, 14, tzinfo=UTC)
    assert (row.offered, row.answered, row.answered_late, row.abandoned) == (20, 18, 3, 2)
    assert (row.service_level_numerator, row.service_level_denominator) == (15, 20)
    assert (row.handled, row.handle_ms, row.answer_ms) == (18, 5409000, 216000)
    ada, bo = rows.agents
    assert (ada.name, ada.interacting_ms, ada.idle_ms) == ("Ada", 7_200_000, 1_800_000)
    assert (ada.scheduled_seconds, ada.exception_seconds, ada.exceptions, ada.late_logins) == (28800, 1440, 2, None)
    assert (bo.idle_ms, bo.scheduled_seconds) == (900_000, None)
    assert rows.gaps == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_file_is_read_in_every_dialect(
    source: ReportingSource, api: ScriptedApi, delimiter: str, encoding: str
) -> None:
    name = "Süd & Söhne"
    api.script("GET", QUEUES, Reply({"entities": [{"id": "q1", "name": name}], "pageCount": 1}))
    content = (
        f"Queue Name{delimiter} SERVICE  level % {delimiter}Abandonment Rate %{delimiter}Occupancy %{delimiter}More\r\n"
    )
    content += f'"{name}"{delimiter}"87,5 %"{delimiter}4.5%{delimiter}"78"{delimiter}x\r\n\r\n'
    the_order = {**GUIDE, "filters": []}
    wanted_order = order(queues=(name,), report=json.dumps(the_order), report_path="r.json")
    (row,) = from_file(source, api, content.encode(encoding), wanted_order).intervals
    assert row.stated == pytest.approx({"service_level": 0.875, "abandonment": 0.045, "occupancy": 0.78})


def test_a_workbook_is_read_with_its_formats(source: ReportingSource, api: ScriptedApi) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append([*COUNTS, "occupancy"])
    start = datetime(2026, 11, 16, 9)
    sheet.append(
        ["Support_Engineering", start, "Voice", 20, 18.0, 15, 2, 18, timedelta(minutes=5), 12.5, 0.785],
    )
    sheet.cell(2, len(COUNTS) + 1).number_format = "0.0%"
    packed = io.BytesIO()
    book.save(packed)
    the_order = reported(definition(*COUNTS, "occupancy"))
    (row,) = from_file(source, api, packed.getvalue(), the_order).intervals
    assert row.start == datetime(2026, 11, 16, 14, tzinfo=UTC)
    assert (row.offered, row.answered, row.handle_ms, row.answer_ms) == (20, 18, 18 * 300_000, 225_000)
    assert row.stated == pytest.approx({"occupancy": 0.785})


def test_trap_timezone_drift_times_without_an_offset_are_of_the_groups_zone(
    source: ReportingSource, api: ScriptedApi
) -> None:
    line = "Support_Engineering,2026-11-16 09:30,voice,1,1,1,0,1,10,10"
    (row,) = from_file(source, api, f"{','.join(COUNTS)}\n{line}\n").intervals
    assert row.start == datetime(2026, 11, 16, 14, 30, tzinfo=UTC)


def test_trap_timezone_drift_rows_of_another_day_are_refused(source: ReportingSource, api: ScriptedApi) -> None:
    line = "Support_Engineering,2026-11-16T02:00:00Z,voice,1,1,1,0,1,10,10"
    with pytest.raises(errors.MalformedAnswer, match="line 2: '2026-11-16T02:00:00Z' is not in the window"):
        from_file(source, api, f"{','.join(COUNTS)}\n{line}\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"<html>Sign in</html>", "is a web page"),
        (b"%PDF-1.7", "is a PDF"),
        (b"PK\x03\x04 but no workbook", "is a damaged workbook or zip file"),
        ("Queue Name,Occupancy %\n", "lacks the columns serviceLevel, abandonmentRate; its header has: 'Queue Name'"),
        (
            "Queue Name,queueName,Service Level %,Abandonment Rate %,Occupancy %\n",
            r"has the column queueName twice, under 'Queue Name' \(cell 1\) and 'queueName' \(cell 2\)",
        ),
        (GUIDE_FILE + "Support_Engineering,80,4,70\n", "line 3: the queue 'Support_Engineering' occurs twice"),
        (GUIDE_FILE + "Support_Eng", "line 3: 1 cells where the header has 4"),
        (GUIDE_FILE.replace("81.25", "good"), "line 2: 'good' makes no sense in the column 'Service Level %'"),
        (GUIDE_FILE.replace("81.25", "-5"), "line 2: '-5' makes no sense"),
        (GUIDE_FILE.replace("81.25", "1e400"), "makes no sense"),
        (GUIDE_FILE + '"open quote,1,1,1', "breaks off"),
        (GUIDE_FILE.replace("81.25", "8\x001"), "makes no sense|breaks off"),
    ],
)
def test_a_file_that_is_not_as_asked_is_refused_with_the_place(
    source: ReportingSource, api: ScriptedApi, content: str | bytes, message: str
) -> None:
    with pytest.raises(errors.MalformedAnswer, match=message):
        from_file(source, api, content, reported(GUIDE))


def test_sum_lines_and_other_queues_are_skipped(source: ReportingSource, api: ScriptedApi) -> None:
    content = GUIDE_FILE + "Total,80,5,70\nSales,10,50,20\n,1,1,1\n"
    rows = from_file(source, api, content, reported(GUIDE))
    assert [row.queue_id for row in rows.intervals] == ["q1"]
    assert "partial" not in [gap.kind for gap in rows.gaps]


def order_of_two_queues(api: ScriptedApi) -> Order:
    """An order for two queues, both of which the report's filter names."""
    names = ("Support_Engineering", "Sales")
    entities = [{"id": f"q{n}", "name": name} for n, name in enumerate(names, 1)]
    api.script("GET", QUEUES, Reply({"entities": entities, "pageCount": 1}))
    queue_filter = {"metric": "queueName", "type": "in", "value": list(names)}
    return order(queues=names, report=json.dumps(GUIDE | {"filters": [queue_filter]}), report_path="r.json")


@pytest.mark.parametrize("name", ["Support_Engineering (42)", "Support_Engineering [a1]", "Support&#95;Engineering"])
def test_a_queue_with_an_addition_to_its_name_is_reported(source: ReportingSource, api: ScriptedApi, name: str) -> None:
    rows = from_file(
        source, api, GUIDE_FILE.replace("Support_Engineering", name) + "Sales,90,5,70\n", order_of_two_queues(api)
    )
    assert f"has no row for 'Support_Engineering', but one for '{name}'" in rows.gaps[0].detail


def test_a_queue_that_the_filter_names_is_missed_beside_one_that_it_does_not(
    source: ReportingSource, api: ScriptedApi
) -> None:
    rows = from_file(
        source, api, GUIDE_FILE.replace("Support_Engineering", "Helpdesk") + "Sales,90,5,70\n", order_of_two_queues(api)
    )
    (gap,) = [gap for gap in rows.gaps if gap.kind == "partial"]
    assert "has no row for 'Support_Engineering', but one for 'Helpdesk', which its filter does not name" in gap.detail


def test_a_queue_without_contacts_is_no_gap(source: ReportingSource, api: ScriptedApi) -> None:
    header, _ = GUIDE_FILE.split("\n", 1)
    rows = from_file(source, api, f"{header}\nSales,90,5,70\nTotal,90,5,70\n", order_of_two_queues(api))
    assert "partial" not in [gap.kind for gap in rows.gaps]


def test_a_queue_with_another_name_in_the_file_is_reported(source: ReportingSource, api: ScriptedApi) -> None:
    content = GUIDE_FILE.replace("Support_Engineering", "Support-Engineering")
    rows = from_file(source, api, content, reported(GUIDE))
    assert rows.intervals == ()
    assert "'Support-Engineering'" in rows.gaps[0].detail


@pytest.mark.parametrize("spelling", ["support_engineering", "SUPPORT_ENGINEERING", "Ｓupport_Engineering"])
def test_a_second_spelling_of_a_queue_is_reported_and_not_added(
    source: ReportingSource, api: ScriptedApi, spelling: str
) -> None:
    content = GUIDE_FILE + f"{spelling},70,5,60\n"
    rows = from_file(source, api, content, reported(GUIDE))
    assert [row.stated["service_level"] for row in rows.intervals] == pytest.approx([0.8125])
    (gap,) = [gap for gap in rows.gaps if gap.kind == "partial"]
    assert f"has rows for 'Support_Engineering' and rows for {spelling!r}, which are not in the figures" in gap.detail


@pytest.mark.parametrize("spelling", ["Support_Engineering ", "\u00a0Support_Engineering", "Support_Engin\u200beering"])
def test_a_queue_with_invisible_differences_is_the_same_queue(
    source: ReportingSource, api: ScriptedApi, spelling: str
) -> None:
    the_order = reported(definition("queueName", "intervalStart", "offered", "answered", "abandoned"))
    lines = [f"Support_Engineering,2026-11-16 09:00,5,5,0\n{spelling},2026-11-16 09:30,4,4,0\n"]
    rows = from_file(source, api, "queueName,intervalStart,offered,answered,abandoned\n" + lines[0], the_order)
    assert [row.offered for row in rows.intervals] == [5, 4]
    with pytest.raises(errors.MalformedAnswer, match="occurs twice for the same time, first in line 2"):
        from_file(source, api, GUIDE_FILE + f"{spelling},70,5,60\n", reported(GUIDE))


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_a_queue_lost_to_an_unknown_encoding_is_reported(
    source: ReportingSource, api: ScriptedApi, encoding: str
) -> None:
    names = ("Support_Engineering", "Köln")
    queues = [{"id": f"q{number}", "name": name} for number, name in enumerate(names)]
    api.script("GET", QUEUES, Reply({"entities": queues, "pageCount": 1}))
    the_order = order(queues=names, report=json.dumps({**GUIDE, "filters": []}), report_path="r.json")
    rows = from_file(source, api, (GUIDE_FILE + "Köln,70,5,60\n").encode(encoding), the_order)
    (gap,) = [gap for gap in rows.gaps if gap.kind == "partial"]
    assert "is not in UTF-8, and was read as Windows-1252. It has no row for 'Köln'" in gap.detail


def test_a_short_queue_name_in_another_case_is_reported(source: ReportingSource, api: ScriptedApi) -> None:
    api.script("GET", QUEUES, Reply({"entities": [{"id": "q1", "name": "IT"}], "pageCount": 1}))
    the_order = order(queues=("IT",), report=json.dumps({**GUIDE, "filters": []}), report_path="r.json")
    content = GUIDE_FILE.replace("Support_Engineering", "it")
    assert "rows for 'it'" in from_file(source, api, content, the_order).gaps[0].detail


def test_the_hour_that_the_clock_shows_twice_is_two_hours(source: ReportingSource, api: ScriptedApi) -> None:
    from zoneinfo import ZoneInfo

    from worker.domain.rows import Window

    tz = ZoneInfo("America/New_York")
    window = Window(datetime(2026, 11, 1, tzinfo=tz), datetime(2026, 11, 2, tzinfo=tz))
    line = "Support_Engineering,2026-11-01 01:30,voice,1,1,1,0,1,10,10\n"
    the_order = reported(definition(*COUNTS), window=window)
    rows = from_file(source, api, f"{','.join(COUNTS)}\n{line}{line}", the_order)
    assert [row.start.hour for row in rows.intervals if row.start] == [5, 6]


def test_the_hour_that_the_clock_shows_twice_may_come_newest_first(source: ReportingSource, api: ScriptedApi) -> None:
    from zoneinfo import ZoneInfo

    from worker.domain.rows import Window

    tz = ZoneInfo("America/New_York")
    window = Window(datetime(2026, 11, 1, tzinfo=tz), datetime(2026, 11, 2, tzinfo=tz))
    times = ("02:00", "01:30", "01:00", "01:30", "01:00", "00:30")
    lines = [f"Support_Engineering,2026-11-01 {time},voice,{n},{n},{n},0,{n},10,10\n" for n, time in enumerate(times)]
    rows = from_file(source, api, f"{','.join(COUNTS)}\n{''.join(lines)}", reported(definition(*COUNTS), window=window))
    starts = {row.offered: f"{row.start:%H:%M}" for row in rows.intervals if row.start}
    assert starts == {0: "07:00", 1: "06:30", 2: "06:00", 3: "05:30", 4: "05:00", 5: "04:30"}


def test_empty_cells_are_unknown_and_not_zero(source: ReportingSource, api: ScriptedApi) -> None:
    line = "Support_Engineering,2026-11-16T09:00:00-05:00,voice,5,,n/a,-,,,"
    (row,) = from_file(source, api, f"{','.join(COUNTS)}\n{line}\n").intervals
    assert (row.offered, row.answered, row.abandoned, row.service_level_numerator) == (5, None, None, None)
    assert (row.handled, row.handle_ms, row.answer_ms) == (None, None, None)


def test_media_that_the_group_does_not_take_are_skipped(source: ReportingSource, api: ScriptedApi) -> None:
    lines = [f"Support_Engineering,2026-11-16T09:00:00-05:00,{media},5,5,5,0,5,1,1" for media in ("chat", "call")]
    rows = from_file(source, api, "\n".join([",".join(COUNTS), *lines]))
    assert [row.media_type for row in rows.intervals] == ["voice"]


def test_two_agents_of_one_name_stay_two(source: ReportingSource, api: ScriptedApi) -> None:
    the_order = reported(definition("agentName", "idleSeconds"))
    agents = from_file(source, api, "agentName,idleSeconds\nKim,60\nKim,90\n", the_order).agents
    assert [(agent.user_id, agent.name, agent.idle_ms) for agent in agents] == [
        ("Kim", "Kim", 60_000),
        ("Kim #2", "Kim", 90_000),
    ]


def test_an_agent_listed_for_each_queue_would_count_twice_and_is_refused(
    source: ReportingSource, api: ScriptedApi
) -> None:
    the_order = reported(definition("agentName", "queueName", "idleSeconds"))
    with pytest.raises(errors.MalformedAnswer, match="Leave queueName out"):
        from_file(source, api, "agentName,queueName,idleSeconds\nKim,A,60\nKim,B,60\n", the_order)


def test_half_hours_of_an_agent_are_added_up(source: ReportingSource, api: ScriptedApi) -> None:
    the_order = reported(definition("agentName", "intervalStart", "idleSeconds"))
    content = "agentName,intervalStart,idleSeconds\nKim,2026-11-16T09:00-05:00,60\nKim,2026-11-16T09:30-05:00,\n"
    (agent,) = from_file(source, api, content, the_order).agents
    assert (agent.idle_ms, agent.interacting_ms) == (60_000, None)


def test_a_hundred_thousand_rows_are_read_as_a_stream(source: ReportingSource, api: ScriptedApi) -> None:
    stranger = "Sales,2026-11-16T09:00:00-05:00,voice,5,5,5,0,5,1,1\n" * 100_000
    own_rows = "Support_Engineering,2026-11-16T09:00:00-05:00,voice,5,5,5,0,5,1,1\n"
    rows = from_file(source, api, ",".join(COUNTS) + "\n" + stranger + own_rows)
    assert len(rows.intervals) == 1


def test_a_job_from_the_ledger_continues_in_another_process(
    session: Session, api: ScriptedApi, source: ReportingSource, clock: Callable[[], datetime]
) -> None:
    job = source.start(reported(GUIDE))
    second_source = ReportingSource(session, MemoryAnswers(), clock)
    read = ExportJob(job.source, "done", dict(job.ids))
    assert len(second_source.collect(reported(GUIDE), read).intervals) == 1
    assert len(api.calls(START)) == 1


def test_a_report_in_pdf_is_the_sources_own_document_beside_the_figures(
    source: ReportingSource, api: ScriptedApi
) -> None:
    report = [{**GUIDE, "reportId": "page", "format": "PDF"}, {**GUIDE, "format": "CSV"}]
    api.script("POST", "/api/v2/reporting/reports/page/export", Reply({"exportId": "exp-2", "status": "processing"}))
    link = {"exportId": "exp-2", "status": "completed", "downloadUrl": f"{api.url}/files/2"}
    api.script("GET", "/api/v2/reporting/exports/exp-2", Reply(link))
    api.script("GET", "/files/2", Reply(status=403), Reply(b"%PDF-1.7 a page"))
    the_order = order(queues=("Support_Engineering",), report=json.dumps(report), report_path="r.json", source_pdf=True)
    job = source.look(the_order, source.start(the_order))
    assert source.pdf(the_order, job) == b"%PDF-1.7 a page"
    rows = source.collect(the_order, job)
    assert rows.intervals[0].stated["service_level"] == pytest.approx(0.8125)
    assert [(note.id, note.rows) for note in rows.notes] == [("exp-2", 0), ("exp-1", 1)]
    assert [gap.metric for gap in rows.gaps if gap.kind == "unavailable"] == ["adherence"]


def test_a_pdf_alone_is_delivered_with_a_gap_and_without_a_verdict(source: ReportingSource, api: ScriptedApi) -> None:
    api.script("GET", "/files/1", Reply(b"%PDF-1.7 a page"))
    the_order = reported({**GUIDE, "format": "PDF"}, source_pdf=True)
    job = source.look(the_order, source.start(the_order))
    assert source.pdf(the_order, job) == b"%PDF-1.7 a page"
    rows = source.collect(the_order, job)
    assert "is a PDF, which gives no figures" in rows.gaps[0].detail
    page = page_of(rows, the_order)
    assert "Incomplete data: no verdict" in page
    assert "No interactions" not in page


def test_a_pdf_alone_that_the_group_does_not_ask_for_is_refused(source: ReportingSource, api: ScriptedApi) -> None:
    with pytest.raises(errors.DefinitionRefused, match="a PDF gives no figures"):
        source.start(reported({**GUIDE, "format": "PDF"}))
    assert api.requests == []


@pytest.mark.parametrize("content", [b"<html>no</html>", b"", b"PK"])
def test_a_document_that_is_no_pdf_is_left_out(source: ReportingSource, api: ScriptedApi, content: bytes) -> None:
    report = [{**GUIDE, "format": "PDF"}, {**GUIDE, "format": "CSV"}]
    api.script("GET", "/files/1", Reply(content))
    the_order = order(queues=("Support_Engineering",), report=json.dumps(report), report_path="r.json", source_pdf=True)
    assert source.pdf(the_order, source.look(the_order, source.start(the_order))) is None


@pytest.mark.parametrize("source_pdf", [True, False])
def test_a_group_without_a_report_in_pdf_has_no_document(source: ReportingSource, source_pdf: bool) -> None:
    the_order = reported(GUIDE, source_pdf=source_pdf)
    assert source.pdf(the_order, source.look(the_order, source.start(the_order))) is None


def test_a_document_that_the_group_does_not_ask_for_is_not_fetched(source: ReportingSource, api: ScriptedApi) -> None:
    the_order = reported({**GUIDE, "format": "PDF"}, {**GUIDE, "format": "CSV"})
    assert source.pdf(the_order, source.look(the_order, source.start(the_order))) is None
    assert api.calls("/files/1") == []


def test_a_file_without_the_groups_queues_is_reported(source: ReportingSource, api: ScriptedApi) -> None:
    rows = from_file(source, api, GUIDE_FILE.replace("Support_Engineering", "Kundendienst"), reported(GUIDE))
    assert rows.intervals == ()
    assert "has no row for any queue of the group, but rows for 'Kundendienst'" in rows.gaps[0].detail


def test_a_file_without_rows_is_a_day_without_contacts(source: ReportingSource, api: ScriptedApi) -> None:
    rows = from_file(source, api, GUIDE_FILE.partition("\n")[0] + "\n", reported(GUIDE))
    assert rows.intervals == ()
    assert "partial" not in [gap.kind for gap in rows.gaps]
