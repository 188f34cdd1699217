"""Report definitions: refused with file and key where they would give wrong figures."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from worker.domain.rows import Window
from worker.errors import DefinitionRefused
from worker.genesys.reporting.definitions import read_definitions

GOOD: dict[str, object] = {
    "reportId": "standup",
    "name": "Daily Supervisor Standup Report",
    "dateFrom": "{{window.start}}",
    "dateTo": "{{ window.end }}",
    "reportingType": "summary",
    "columns": [{"id": "queueName", "label": "Queue Name"}, {"id": "serviceLevel"}],
    "filters": [{"metric": "queueName", "type": "equals", "value": "Support_Engineering"}],
}


def refused(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    with pytest.raises(DefinitionRefused) as caught:
        read_definitions(text, "reports/standup.json")
    assert "reports/standup.json" in str(caught.value)
    return str(caught.value)


def test_the_guides_definition_with_window_expressions_is_accepted() -> None:
    (definition,) = read_definitions(json.dumps(GOOD), "r.json")
    assert definition.queue_names == ("Support_Engineering",)
    assert not definition.by_agent


@pytest.mark.parametrize(
    ("zone", "day", "begin", "end"),
    [
        ("America/Chicago", (2026, 10, 27), "2026-10-27T00:00:00-05:00", "2026-10-28T00:00:00-05:00"),
        ("America/New_York", (2026, 3, 8), "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00"),
        ("Asia/Kolkata", (2026, 1, 1), "2026-01-01T00:00:00+05:30", "2026-01-02T00:00:00+05:30"),
    ],
)
def test_window_expressions_become_instants_with_offset_and_zone(
    zone: str, day: tuple[int, int, int], begin: str, end: str
) -> None:
    tz = ZoneInfo(zone)
    window = Window(datetime(*day, tzinfo=tz), datetime(day[0], day[1], day[2] + 1, tzinfo=tz))
    body = read_definitions(json.dumps(GOOD), "r.json")[0].body(window, zone)
    assert (body["dateFrom"], body["dateTo"], body["timeZone"]) == (begin, end, zone)
    assert body["columns"] == GOOD["columns"]


@pytest.mark.parametrize("moving", ["{{now() - 1 day}}", "{{ now() }}", "{{today}}", "{{window.end}}"])
def test_trap_dates_relative_to_the_moment_of_execution(moving: str) -> None:
    sentence = refused({**GOOD, "dateFrom": moving})
    assert "dateFrom" in sentence
    assert "{{window.start}}" in sentence
    assert "{{window.end}}" in sentence


@pytest.mark.parametrize("end", ["2026-11-16T23:59:00-05:00", "23:59", "2026-11-16T23:59:59.999Z"])
def test_trap_a_day_that_ends_at_23_59_loses_a_minute(end: str) -> None:
    assert "loses the last minute" in refused({**GOOD, "dateTo": end})


@pytest.mark.parametrize(
    ("change", "key", "wish"),
    [
        ({"reportingType": "detail"}, "reportingType", "millions"),
        ({"reportingType": "other"}, "reportingType", "summary"),
        ({"dateFrom": "2026-11-16T00:00:00-05:00"}, "dateFrom", "the same day for ever"),
        ({"dateFrom": 5}, "dateFrom", "string"),
        ({"colums": []}, "colums", "did you mean 'columns'"),
        ({"columns": []}, "columns", "at least 1"),
        ({"columns": [{"id": "queueName"}, {"id": "servicLevel"}]}, "columns[1].id", "serviceLevel"),
        ({"columns": [{"id": "queueName"}, {"id": "queueName"}]}, "columns[1].id", "occurs twice"),
        ({"columns": [{"id": "queueName", "lable": "x"}]}, "columns[0].lable", "not known"),
        ({"columns": [{"id": "serviceLevel"}]}, "columns", "neither queueName nor agentName"),
        ({"columns": [{"id": "agentName"}, {"id": "offered"}]}, "columns", "cannot hold offered"),
        ({"columns": [{"label": "x"}]}, "columns[0].id", "missing"),
        ({"filters": [{"metric": "queueName", "type": "equals"}]}, "filters[0].value", "missing"),
        ({"filters": [{"metric": "m", "type": "t", "value": "{{now()}}"}]}, "filters[0].value", "is an expression"),
        ({"name": "of {{today}}"}, "name", "is an expression"),
        ({"reportId": None}, "reportId", "string"),
        ({"timeZone": "UTC"}, "timeZone", "not known"),
        ({"format": "DOCX"}, "format", "XLSX"),
        ({"scale": "permille"}, "scale", "'fraction' or 'percent'"),
        ({"scale": 100}, "scale", "'fraction' or 'percent'"),
        ({"scal": "percent"}, "scal", "did you mean 'scale'"),
        ({"blank": "0"}, "blank", "'zero' or 'unknown'"),
    ],
)
def test_a_wrong_key_is_named_with_its_path(change: dict[str, object], key: str, wish: str) -> None:
    sentence = refused({**GOOD, **change})
    assert f"{key}:" in sentence
    assert wish in sentence


@pytest.mark.parametrize("key", ["reportId", "name", "dateFrom", "dateTo", "reportingType", "columns"])
def test_a_key_that_is_missing_is_named(key: str) -> None:
    sentence = refused({name: value for name, value in GOOD.items() if name != key})
    assert f"{key}: the key is missing" in sentence


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"name": "a",\n  "name" "b"}', "line 2, column 10"),
        ('{"name": "a", "name": "b"}', "name: the key occurs twice"),
        ("", "line 1"),
        ("[]", "the list is empty"),
        ("5", "the whole"),
        ("[" * 100_000, "nested too deeply"),
        ('{"filters": ' + "[" * 990 + "]" * 990 + "}", "Report definition reports/standup.json"),
    ],
)
def test_a_file_without_a_definition_is_refused_with_its_path(text: str, place: str) -> None:
    assert place in refused(text)


def test_of_several_definitions_the_wrong_one_is_named() -> None:
    assert "[1].reportingType:" in refused([GOOD, {**GOOD, "reportingType": "detail"}])


def test_what_a_definition_states_of_its_file_is_not_sent() -> None:
    (definition,) = read_definitions(json.dumps({**GOOD, "scale": "percent", "blank": "zero"}), "r.json")
    tz = ZoneInfo("UTC")
    body = definition.body(Window(datetime(2026, 1, 1, tzinfo=tz), datetime(2026, 1, 2, tzinfo=tz)), "UTC")
    assert not {"scale", "blank", "reportId"} & body.keys()
    assert (definition.statements.scale, definition.statements.blank) == ("percent", "zero")


def test_a_pdf_needs_a_definition_that_gives_the_figures() -> None:
    refusal = refused({**GOOD, "format": "PDF"})
    assert "format: a PDF gives no figures" in refusal
    assert 'give the group behind = ["source"]' in refusal
    (definition,) = read_definitions(json.dumps({**GOOD, "format": "PDF"}), "r.json", allow_pdf_alone=True)
    assert definition.is_pdf
    definitions = read_definitions(json.dumps([{**GOOD, "format": "PDF"}, {**GOOD, "format": "CSV"}]), "r.json")
    assert [definition.is_pdf for definition in definitions] == [True, False]
