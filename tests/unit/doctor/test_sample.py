"""A report file is shown column by column, as a group would read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from worker.cli.doctor import doctor
from worker.doctor import sample
from worker.doctor.finding import Level

HEADER = "queueName;offered;abandoned;abandonmentRate;averageHandleSeconds"


def facts(path: Path) -> list[str]:
    return [finding.fact for finding in sample.examine(path, None)]


def test_every_column_of_a_sample_is_shown_with_how_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_text(f"sep=;\nDaily report\n{HEADER}\nSupport;1.234;12;0,97;312,5\nBilling;7;#N/A;;\n")
    assert facts(path)[:4] == [
        "2 rows, 2 of them read, cells between semicolons",
        "'queueName' is queueName: text, for example 'Support'",
        "'offered' is offered: count, decimal sign ',', 2 values from 7 to 1234",
        "'abandoned' is abandoned: count, 1 values from 12 to 12, 1 without a figure",
    ]
    rate, handle, gap = facts(path)[4:]
    assert "line 5: '#N/A' in the column abandoned is no figure" in gap
    assert "percent, 0 to 100, decimal sign ',', 1 values from 0.0097 to 0.0097, 1 blank" in rate
    assert "seconds, decimal sign ',', 1 values from 312.5 to 312.5, 1 blank" in handle


@pytest.mark.parametrize(
    ("content", "fact", "way_out"),
    [
        (b"queueName,abandonmentRate\nSupport,0.8\n", "could be a fraction or a percentage", '"scale": "percent"'),
        (b"queueName,offered\nSupport,many\n", "line 2: 'many' makes no sense in the column offered", ""),
        (b"%PDF-1.7", "day.csv is a PDF", "CSV or XLSX"),
    ],
)
def test_a_sample_that_the_group_would_refuse_is_wrong(tmp_path: Path, content: bytes, fact: str, way_out: str) -> None:
    path = tmp_path / "day.csv"
    path.write_bytes(content)
    finding = list(sample.examine(path, None))[-1]
    assert finding.level is Level.WRONG
    assert fact in finding.fact
    assert way_out in finding.way_out


def test_an_ambiguous_column_beside_others_is_wrong_and_named(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_text("queueName,offered,occupancy\nSupport,10,0.78\n")
    finding = list(sample.examine(path, None))[-1]
    assert finding.level is Level.WRONG
    assert finding.fact.startswith("'0.78' (line 2) in the column occupancy could be a fraction or a percentage")
    assert '"scale": "percent"' in finding.way_out


DAY = "queueName,intervalStart,offered,answered,abandoned\n"


@pytest.mark.parametrize(
    ("lines", "level", "fact"),
    [
        ("Support,2026-11-16T09:00-05:00,10,7,\n", Level.WARNING, "line 2: the column abandoned has no figure"),
        ("Support,2026-11-16T09:00-05:00,10,18,2\n", Level.WARNING, "has 18 contacts in the column answered"),
        ("Support,2026-11-16T09:00-05:00,1,1,0\n" * 2, Level.WRONG, "occurs twice for the same time, first in line 2"),
    ],
)
def test_a_sample_shows_what_the_briefing_would_say(tmp_path: Path, lines: str, level: Level, fact: str) -> None:
    path = tmp_path / "day.csv"
    path.write_text(DAY + lines)
    finding = list(sample.examine(path, None))[-1]
    assert finding.level is level
    assert fact in finding.fact


@pytest.mark.parametrize(
    "content",
    [
        DAY + "Support,2026-11-16T09:00-05:00,10,10,\nSupport,2026-11-16T23:30-05:00,10,5,5\nTotal,,20,15,5\n",
        "queueName,mediaType,offered\nSupport,voice,3\nSupport,chat,4\nSupport,All,7\n",
        "agentName,idleSeconds,interactingSeconds\nAna,60,60\nBo,30,30\nTotal,90,90\n",
    ],
)
def test_a_sample_that_is_read_whole_has_no_warning(tmp_path: Path, content: str) -> None:
    path = tmp_path / "day.csv"
    path.write_text(content)
    assert {finding.level for finding in sample.examine(path, None)} == {Level.OK}


def test_the_command_reads_a_sample_without_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "day.csv"
    path.write_text("queueName,offered\nSupport,7\n")
    outcome = CliRunner().invoke(doctor, ["--sample", str(path), "--json"])
    assert outcome.exit_code == 0
    report = json.loads(outcome.output)
    assert report["status"] == "ok"
    assert "'offered' is offered: count" in report["findings"][2]["what"]


def test_a_missing_sample_is_wrong(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(doctor, ["--sample", str(tmp_path / "none.csv")])
    assert outcome.exit_code == 1
    assert "The file cannot be read (No such file or directory)" in outcome.output
