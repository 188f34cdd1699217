"""A file of calls becomes an organisation's history."""

from __future__ import annotations

import gzip
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sandbox.organisation.model import make_id
from sandbox.records.instants import moment
from sandbox.records.replay import ReplayError, load

HEADER = "queue,media_type,offered_at,answered_at,ended_at,abandoned_at,agent\n"
ZONE = ZoneInfo("Asia/Jerusalem")


def _write(path: Path, rows: str) -> Path:
    text = HEADER + rows
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["calls.csv", "calls.csv.gz"])
def test_all_dates_move_by_whole_days_and_keep_their_wall_time(tmp_path: Path, name: str) -> None:
    rows = "A,voice,1999-01-30T07:00:00,,,1999-01-30T07:00:09,\nA,voice,1999-02-01T08:00:00,,,,\n"
    history = load(_write(tmp_path / name, rows), date(2026, 10, 24), ZONE)
    assert {day: moment(records.calls[0].offered, ZONE).isoformat() for day, records in history.days.items()} == {
        date(2026, 10, 24): "2026-10-24T07:00:00+03:00",
        date(2026, 10, 26): "2026-10-26T08:00:00+02:00",
    }


@pytest.mark.parametrize(
    ("zone", "day", "local", "instant"),
    [
        ("Asia/Jerusalem", date(2026, 10, 25), "1999-01-01T01:30:00", "2026-10-25T01:30:00+03:00"),  # comes twice
        ("Europe/Berlin", date(2026, 3, 29), "1999-01-01T02:30:00", "2026-03-29T02:30:00+01:00"),  # never comes
    ],
)
def test_an_ambiguous_local_time_is_the_first_of_the_two(
    tmp_path: Path, zone: str, day: date, local: str, instant: str
) -> None:
    history = load(_write(tmp_path / "c.csv", f"A,voice,{local},,,,\n"), day, ZoneInfo(zone))
    (records,) = history.days.values()
    assert moment(records.calls[0].offered) == datetime.fromisoformat(instant)


def test_a_clock_change_never_puts_an_end_before_its_beginning(tmp_path: Path) -> None:
    row = "A,voice,1999-01-01T02:58:00,1999-01-01T02:59:00,1999-01-01T03:01:00,,Ana\n"
    history = load(_write(tmp_path / "c.csv", row), date(2026, 3, 29), ZoneInfo("Europe/Berlin"))
    (call,) = history.days[date(2026, 3, 29)].calls
    assert call.ended == call.answered


def test_ids_follow_from_names_alone(tmp_path: Path) -> None:
    row = "Cards,voice,1999-01-01T09:00:00,1999-01-01T09:00:01,1999-01-01T09:01:00,,Ana\n"
    first = load(_write(tmp_path / "a.csv", row), date(2026, 10, 1), ZONE).group
    second = load(_write(tmp_path / "b.csv", row), date(2025, 1, 1), ZoneInfo("UTC")).group
    assert [*first.queues, *first.agents] == [*second.queues, *second.agents]
    assert first.queues[0].id == make_id("queue", "Cards")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("", "the file has no call"),
        ("A,voice,yesterday,,,,\n", "line 2: offered_at 'yesterday' is not a local time"),
        (
            "A,voice,1999-01-01T09:00:00,1999-01-01T09:00:00Z,,,\n",
            "line 2: answered_at '1999-01-01T09:00:00Z' has an offset",
        ),
        (
            "A,voice,1999-01-01T09:00:00,,,,\n,voice,1999-01-01T09:00:00,,,,\n",
            "line 3: a call needs queue and offered_at",
        ),
        ("A,voice,1999-01-01T09:00:00\n", "line 2: expected 7 columns"),
    ],
)
def test_a_wrong_file_is_refused_and_the_line_is_named(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(ReplayError, match=r"calls\.csv") as refusal:
        load(_write(tmp_path / "calls.csv", rows), date(2026, 10, 1), ZONE)
    assert message in str(refusal.value)


def test_wrong_columns_are_refused_and_the_expected_ones_named(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("queue;start\nA;9\n")
    with pytest.raises(ReplayError, match="expected the columns queue, media_type, offered_at"):
        load(tmp_path / "calls.csv", date(2026, 10, 1), ZONE)
