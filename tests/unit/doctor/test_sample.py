"""A report file is shown column by column, as a group would read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from worker.cli.doctor import doctor
from worker.doctor import sample
from worker.doctor.finding import Finding, Level
from worker.domain.groups import Group

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


EXPORT = "Interval Start,Interval Complete,Media Type,Queue Id,Queue Name,Offer,Answer,Abandon,ASA,Service Level %"
AGENT_EXPORT = "Interval Start,Agent Id,Agent Name,Idle,Interacting\n"


def export_findings(path: Path, content: str) -> list[Finding]:
    path.write_text(content)
    settings = {"title": "One", "zone": "America/New_York", "standup_at": "08:30", "catch_up_until": "11:00"}
    group = Group.model_validate(
        {"key": "one", "queues": ["Support"], "source": "exports", "deliver": {"email": []}, **settings}
    )
    return list(sample.examine(path, group))


def test_an_export_shows_how_each_column_is_read_and_what_the_day_lacks(tmp_path: Path) -> None:
    rows = (
        "11/16/26 09:00 AM,TRUE,voice,q1,Support,10,8,2,,0.8,,8",
        "11/16/26 09:30 AM,FALSE,voice,q1,Support,,,4,,,,",
        "11/16/26 09:30 AM,TRUE,voice,q2,Billing,,,NaN,,,,",
        "11/16/26 09:30 AM,TRUE,voice,q1; q2,Support; Billing,,,4,,,,",
    )
    header = f"{EXPORT},Avg Handle,Handle"
    findings = export_findings(tmp_path / "day.csv", "\n".join([header, *rows]))
    lines = [finding.fact for finding in findings]
    assert "4 rows, 2 of them read, cells between commas" in lines
    assert "'Offer' is offered: count, 1 values from 10 to 10, 1 blank, where blank is 0" in lines
    assert "'ASA' is averageAnswerMs: milliseconds, no values, 2 blank, where blank is 0" in lines
    level = "'Service Level %' is serviceLevel: percent, 0 to 1, decimal sign '.', 1 values from 0.8 to 0.8, 1 blank"
    assert f"{level}, where blank is 0 if the row has contacts" in lines
    assert "2 blank, where blank is not known if contacts were handled" in "\n".join(lines)
    warnings = [finding.fact for finding in findings if finding.level is Level.WARNING]
    assert warnings[0] == "The source says that a part of its export of queues is not complete yet."
    assert "line 2: the column averageHandleMs has no figure" in warnings[1]
    assert "line 3: a blank cell in the column offered counts as 0, but the contacts of 'Support' do not" in warnings[2]
    assert len(warnings) == 3


def test_an_export_without_counts_behind_its_percentages_is_a_warning(tmp_path: Path) -> None:
    row = "11/16/26 09:00 AM,TRUE,voice,q1,Support,200,190,10,2000,0.5"
    findings = export_findings(tmp_path / "day.csv", f"{EXPORT}\n{row}\n")
    assert findings[-1].level is Level.WARNING
    assert "'0.5' (line 2) in the column serviceLevel could be a fraction or a percentage" in findings[-1].fact


def test_an_export_of_agents_shows_what_occupancy_lacks(tmp_path: Path) -> None:
    findings = export_findings(tmp_path / "day.csv", f"{AGENT_EXPORT}2026-11-16T00:00,u1,Ana,3600000,NaN\n")
    warnings = [finding.fact for finding in findings if finding.level is Level.WARNING]
    assert "line 2: the column interactingMs has no figure" in warnings[0]
    assert "has no column Communicating" in warnings[1]


def test_an_export_of_two_days_is_wrong(tmp_path: Path) -> None:
    rows = "".join(f"11/{day}/26 09:00 AM,TRUE,voice,q1,Support,1,1,,,1\n" for day in (16, 17))
    findings = export_findings(tmp_path / "day.csv", f"{EXPORT}\n{rows}")
    assert findings[-1].level is Level.WRONG
    assert "is not in the window" in findings[-1].fact


def test_a_sample_without_any_known_column_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_text("Warteschlange;Angeboten\nHotline;7\n")
    (finding,) = sample.examine(path, None)
    assert finding.level is Level.WRONG
    assert "has none of the known columns; its header has: 'Warteschlange;Angeboten'" in finding.fact
