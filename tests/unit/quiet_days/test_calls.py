"""`python -m tests.quiet_days.calls`: what briefings of a file of calls call unusual."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.quiet_days import calls

FIRST_MONDAY = date(2026, 1, 5)


def _day(number: int, contacts: int, waits_seconds: int) -> Iterator[tuple[str, ...]]:
    begin = datetime.combine(FIRST_MONDAY + timedelta(days=number // 5 * 7 + number % 5), time(8))
    for n in range(contacts):
        offered = begin + n * timedelta(hours=10) / contacts
        answered = offered + timedelta(seconds=waits_seconds if n % 4 else 40)
        ended = answered + timedelta(seconds=120)
        yield "Billing", "voice", offered.isoformat(), answered.isoformat(), ended.isoformat(), "", f"Agent {n % 9}"


def _calls_file(path: Path, last_wait_seconds: int) -> Path:
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("queue", "media_type", "offered_at", "answered_at", "ended_at", "abandoned_at", "agent"))
        for number in range(10):
            is_last = number == 9
            table.writerows(_day(number, 300 + number % 3, last_wait_seconds if is_last else 5))
    return path


def test_a_month_of_like_days_has_none_that_is_unusual(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls.main([str(_calls_file(tmp_path / "calls.csv", 5)), "Europe/Berlin"])
    assert capsys.readouterr().out == "10 days, 5 of them with a usual range, 0 called unusual\n"


def test_a_day_of_long_waits_is_unusual_and_its_evidence_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls.main([str(_calls_file(tmp_path / "calls.csv", 45)), "Europe/Berlin"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "10 days, 5 of them with a usual range, 1 called unusual"
    assert lines[0] == "Fri 16 Jan, after 9 days"
    assert any("Service level" in line and "unusual" in line for line in lines[1:-1])
