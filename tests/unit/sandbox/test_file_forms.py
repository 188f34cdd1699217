"""Exported files have the platform's form, and each other form that a scenario asks for."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from sandbox.records import replay
from sandbox.scenario.file import Scenario
from sandbox.site import build
from tests.unit.sandbox.conftest import EXPORT, SCENARIO, Clock, Organisation

DAY = "2026-10-05T00:00:00.000Z/2026-10-06T00:00:00.000Z"
CALLS = """\
queue,media_type,offered_at,answered_at,ended_at,abandoned_at,agent
Cards,voice,2001-03-05T09:00:00,2001-03-05T09:00:00,2001-03-05T09:05:00,,Ana
Cards,chat,2001-03-05T09:01:00,2001-03-05T09:01:00,2001-03-05T09:02:00,,Ana
Loans,voice,2001-03-05T09:00:00,2001-03-05T09:02:00,2001-03-05T09:03:00,,Bo
Loans,voice,2001-03-05T09:00:00,,,2001-03-05T09:01:00,
"""
COLUMNS = ("queueName", "mediaType", "offered", "abandoned", "averageAnswerSeconds", "serviceLevel", "abandonmentRate")


@pytest.fixture
def bank(tmp_path: Path) -> Callable[..., Organisation]:
    """Return a function that builds an organisation with the calls above and a form of its files."""
    (tmp_path / "calls.csv").write_text(CALLS)
    history = replay.load(tmp_path / "calls.csv", date(2026, 10, 5), ZoneInfo("UTC"))

    def build_bank(**form: Any) -> Organisation:
        clock = Clock()
        scenario = Scenario.model_validate({"clients": SCENARIO["clients"], "files": form})
        return Organisation(build(scenario, clock, history), clock)

    return build_bank


def _export(bank: Organisation, **options: Any) -> bytes:
    body = {**EXPORT, "interval": DAY, "timeZone": "UTC", "hasSplitFilters": True, "hasSplitByMedia": True, **options}
    job = bank.post("/api/v2/analytics/reporting/exports", body)
    bank.wait()
    url = bank.get(f"/api/v2/downloads/{job['id']}", issueRedirect="false")["url"]
    return bank.site.jobs.file(url.rpartition("/")[2]).content


def _report(bank: Organisation, *columns: str, **changes: Any) -> bytes:
    start, end = DAY.split("/")
    entries = [{"id": column} for column in columns or COLUMNS]
    body = {"reportingType": "summary", "dateFrom": start, "dateTo": end, "columns": entries, **changes}
    job = bank.post("/api/v2/reporting/reports/replay/export", body)
    bank.wait()
    url = bank.get(f"/api/v2/reporting/exports/{job['exportId']}")["downloadUrl"]
    return bank.site.jobs.file(url.rpartition("/")[2]).content


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def _cells(rows: list[dict[str, str]], *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]


def test_an_average_of_contacts_that_exist_is_0_in_every_file(bank: Callable[..., Organisation]) -> None:
    assert _cells(_rows(_export(bank())), "Queue Name", "Answer", "ASA")[0] == ("Cards", "1", "0")
    assert _cells(_rows(_report(bank())), "queueName", "averageAnswerSeconds")[0] == ("Cards", "0.0")


def test_an_export_leaves_blank_what_has_no_events(bank: Callable[..., Organisation]) -> None:
    cells = _cells(_rows(_export(bank())), "Queue Name", "Media Type", "Offer", "Abandon", "Abandon %", "Avg Hold")
    assert cells == [
        ("Cards", "voice", "1", "", "", ""),
        ("Cards", "chat", "1", "", "", ""),
        ("Loans", "voice", "2", "1", "0.5", ""),
    ]


def test_an_export_has_fractions_and_a_service_level_of_0(bank: Callable[..., Organisation]) -> None:
    cells = _cells(_rows(_export(bank())), "Service Level %", "Service Level Target %")
    assert cells == [("1.0", "0.8"), ("1.0", "0.8"), ("0.0", "0.8")]


def test_a_row_without_contacts_has_only_names(bank: Callable[..., Organisation]) -> None:
    rows = _rows(_export(bank(), interval="2026-10-04T00:00:00.000Z/2026-10-05T00:00:00.000Z"))
    assert {tuple(list(row.values())[7:]) for row in rows} == {("",) * 16}


def test_a_report_writes_zeros_and_percentages_of_100(bank: Callable[..., Organisation]) -> None:
    cells = _cells(_rows(_report(bank())), "abandoned", "serviceLevel", "abandonmentRate")
    assert cells == [("0", "100.0", "0.0"), ("0", "100.0", "0.0"), ("1", "0.0", "50.0")]


@pytest.mark.parametrize(
    ("percent", "cell"), [("hundred", "50.0"), ("fraction", "0.5"), ("sign", "50.0%")], ids=lambda text: text
)
def test_percentages_have_the_scale_of_the_scenario(bank: Callable[..., Organisation], percent: str, cell: str) -> None:
    assert _rows(_export(bank(percent=percent)))[-1]["Abandon %"] == cell
    assert _rows(_report(bank(percent=percent)))[-1]["abandonmentRate"] == cell


def test_a_scenario_chooses_which_zeros_are_blank(bank: Callable[..., Organisation]) -> None:
    assert _cells(_rows(_report(bank(blank_zeros=["count"]))), "abandoned", "abandonmentRate")[0] == ("", "0.0")
    assert _cells(_rows(_report(bank(blank_zeros=["mean"]))), "abandoned", "averageAnswerSeconds")[0] == ("0", "")
    assert _cells(_rows(_export(bank(blank_zeros=[]))), "Abandon", "Abandon %", "ASA")[0] == ("0", "0.0", "0")


@pytest.mark.parametrize(
    ("media_sum", "label"), [("empty", ""), ("all", "All"), ("joined", "voice; chat")], ids=lambda text: text or "none"
)
def test_a_row_can_sum_the_media_of_a_queue(bank: Callable[..., Organisation], media_sum: str, label: str) -> None:
    sandbox = bank(media_sum=media_sum)
    expected = [("Cards", "voice", "1"), ("Cards", "chat", "1"), ("Cards", label, "2"), ("Loans", "voice", "2")]
    assert sorted(_cells(_rows(_export(sandbox)), "Queue Name", "Media Type", "Offer")) == sorted(expected)
    assert sorted(_cells(_rows(_report(sandbox)), "queueName", "mediaType", "offered")) == sorted(expected)


def test_a_last_row_can_add_all_queues_up(bank: Callable[..., Organisation]) -> None:
    sandbox = bank(total_row="Total")
    assert _cells(_rows(_export(sandbox)), "Queue Id", "Queue Name", "Offer")[-1] == ("", "Total", "4")
    assert _cells(_rows(_report(sandbox)), "queueName", "offered", "serviceLevel")[-1] == ("Total", "4", "50.0")


def test_a_last_row_can_add_all_agents_up(bank: Callable[..., Organisation]) -> None:
    sandbox = bank(total_row="Total")
    export = _rows(_export(sandbox, viewType="AGENT_STATUS_SUMMARY_VIEW"))
    report = _rows(_report(sandbox, "agentName", "interactingSeconds"))
    assert _cells(export, "Agent Name", "Interacting") == [("Ana", "300000"), ("Bo", "60000"), ("Total", "360000")]
    assert _cells(report, "agentName", "interactingSeconds") == [("Ana", "300"), ("Bo", "60"), ("Total", "360")]


def test_a_file_can_have_lines_around_the_table(bank: Callable[..., Organisation]) -> None:
    sandbox = bank(delimiter=";", sep_line=True, title=["Daily report"], footer=["End of report"])
    report = _report(sandbox, "queueName", "offered").decode().splitlines()
    assert report == ["sep=;", "Daily report", "queueName;offered", "Cards;2", "Loans;2", "End of report"]
    export = _export(sandbox, csvDelimiter="SEMICOLON").decode().splitlines()
    assert (export[0], export[1], export[-1]) == ("sep=;", "Daily report", "End of report")


@pytest.mark.parametrize("make", [_export, _report], ids=["export", "report"])
def test_a_csv_file_can_be_compressed(bank: Callable[..., Organisation], make: Callable[..., bytes]) -> None:
    plain = make(bank())
    with zipfile.ZipFile(io.BytesIO(make(bank(compression="zip")))) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [plain]
    assert gzip.decompress(make(bank(compression="gzip"))) == plain


def test_a_workbook_can_have_its_rows_on_several_sheets(bank: Callable[..., Organisation]) -> None:
    content = _report(bank(tabs=2, title=["Daily report"]), "queueName", "offered", format="XLSX")
    sheets = [[*sheet.iter_rows(values_only=True)] for sheet in load_workbook(io.BytesIO(content)).worksheets]
    title, header = ("Daily report", None), ("queueName", "offered")
    assert sheets == [[title, header, ("Cards", 2)], [title, header, ("Loans", 2)]]


def test_a_trouble_of_a_group_changes_the_form_of_its_files(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "file_form", "percent": "sign"}])
    start, end = EXPORT["interval"].split("/")
    body = {"reportingType": "summary", "dateFrom": start, "dateTo": end, "columns": [{"id": "serviceLevel"}]}
    signs = []
    for report in ("emea", "apac"):
        job = organisation.post(f"/api/v2/reporting/reports/{report}/export", body)
        organisation.wait()
        url = organisation.get(f"/api/v2/reporting/exports/{job['exportId']}")["downloadUrl"]
        signs.append("%" in organisation.site.jobs.file(url.rpartition("/")[2]).content.decode())
    assert signs == [True, False]
