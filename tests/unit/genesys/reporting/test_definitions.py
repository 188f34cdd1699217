"""Report definitions: refused with file and key where they would give wrong figures."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from worker.doctor import sample
from worker.domain.groups import Group
from worker.domain.rows import Window
from worker.errors import DefinitionRefused, SettingsError
from worker.genesys.reporting.definitions import definition_text, read_definitions
from worker.services.order import order_for

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
        ("[" + "9" * 5_000 + "]", "a number with too many digits"),
        ('{"filters": [{"value": NaN}]}', "NaN is no number in JSON"),
        ('{"filters": [{"value": -Infinity}]}', "-Infinity is no number in JSON"),
        ('{"filters": [{"value": 1e999}]}', "1e999 is no number in JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"filters": ' + "[" * 990 + "]" * 990 + "}", "Report definition reports/standup.json"),
    ],
)
def test_a_file_without_a_definition_is_refused_with_its_path(text: str, place: str) -> None:
    assert place in refused(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_in_utf_8_is_read_with_and_without_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "süd.json"
    path.write_text(json.dumps({**GOOD, "name": "Süd"}, ensure_ascii=False), encoding)
    (definition,) = read_definitions(definition_text(str(path)), str(path))
    assert definition.name == "Süd"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_a_file_in_another_encoding_is_named_with_the_way_out(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "standup.json"
    path.write_text('{"name": "Süd"}', encoding)
    with pytest.raises(SettingsError, match=r"standup\.json is not UTF-8 text\. Save it in the encoding UTF-8\."):
        definition_text(str(path))
    settings = {"title": "One", "zone": "America/New_York", "standup_at": "08:30", "catch_up_until": "11:00"}
    group = Group.model_validate(
        {"key": "one", "queues": ["Q"], "source": "reporting", "report": str(path), "deliver": {}, **settings}
    )
    with pytest.raises(SettingsError, match="Save it in the encoding UTF-8"):
        order_for(group, date(2026, 11, 20), 1)
    (sample_finding,) = sample.examine(path, group)
    assert sample_finding.way_out == "Save it in the encoding UTF-8."


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"gone\.json cannot be read: No such file or directory\. Correct report"):
        definition_text(str(tmp_path / "gone.json"))


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
