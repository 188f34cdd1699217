"""`standup plan` and `standup groups`, as programs: no network, no Redis, a group file alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

START, DAYS = date(2026, 1, 1), 400
MON_FRI = ["mon", "tue", "wed", "thu", "fri"]
SUN_THU = ["sun", "mon", "tue", "wed", "thu"]
EVERY_DAY = [*MON_FRI, "sat", "sun"]
GROUPS = {
    "new-york": ("America/New_York", EVERY_DAY),
    "berlin": ("Europe/Berlin", EVERY_DAY),
    "kolkata": ("Asia/Kolkata", MON_FRI),
    "lord-howe": ("Australia/Lord_Howe", EVERY_DAY),
    "santiago": ("America/Santiago", EVERY_DAY),
    "dubai": ("Asia/Dubai", SUN_THU),
    "cairo": ("Africa/Cairo", SUN_THU),
}
HOURS_SEEN = {
    "new-york": {23, 24, 25},
    "berlin": {23, 24, 25},
    "kolkata": {24},
    "lord-howe": {23.5, 24, 24.5},
    "santiago": {23, 24, 25},
    "dubai": {24},
}

Entry = dict[str, Any]


def _group_file(folder: Path, more_tables: str = "") -> Path:
    tables = "".join(
        f'[groups.{key}]\ntitle = "{key}"\nzone = "{zone}"\nworkdays = {json.dumps(workdays)}\n'
        for key, (zone, workdays) in GROUPS.items()
    )
    defaults = '[defaults]\nstandup_at = "08:30"\ncatch_up_until = "10:30"\nqueues = ["Support"]\ndeliver.email = []\n'
    path = folder / "groups.toml"
    path.write_text(defaults + tables + more_tables)
    return path


def _standup(*words: str, groups: Path | None, columns: int = 80) -> subprocess.CompletedProcess[str]:
    """Run the shell with the group file alone in its environment, and a proxy that is not there for any request."""
    environment = {
        "PATH": os.environ["PATH"],
        "COLUMNS": str(columns),
        "PYTHONIOENCODING": "utf-8",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    if groups:
        environment["STANDUP_GROUPS"] = str(groups)
    program = Path(sys.executable).with_name("standup")
    return subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    path = _group_file(tmp_path_factory.mktemp("plan"))
    process = _standup("plan", "--days", str(DAYS), "--from", START.isoformat(), "--json", groups=path)
    assert process.returncode == 0, process.stderr
    entries: list[Entry] = json.loads(process.stdout)
    return entries


def entries_of(planned: list[Entry], key: str) -> list[Entry]:
    return [entry for entry in planned if entry["group"] == key]


def _hours(entry: Entry) -> float:
    start, end = (datetime.fromisoformat(entry[name]) for name in ("window_start", "window_end"))
    return (end - start).total_seconds() / 3600  # both carry a fixed offset here, so this is a stopwatch


def _hours_by_the_clock(zone: ZoneInfo, day: str) -> float:
    """Count the minutes of UTC that the zone's calendar puts on the day: no arithmetic of ours in it."""
    noon = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=12)
    moments = (noon + timedelta(minutes=n) for n in range(-40 * 60, 40 * 60, 15))
    return sum(moment.astimezone(zone).date().isoformat() == day for moment in moments) / 4


@pytest.mark.parametrize("key", GROUPS)
def test_each_workday_has_one_stand_up_about_the_workday_before(key: str, planned: list[Entry]) -> None:
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    days = [START + timedelta(days=n) for n in range(-7, DAYS)]
    workdays = [day.isoformat() for day in days if names[day.weekday()] in GROUPS[key][1]]
    expected = [(workday, previous) for previous, workday in pairwise(workdays) if workday >= START.isoformat()]
    assert [(entry["standup_at"][:10], entry["reporting_day"]) for entry in entries_of(planned, key)] == expected


@pytest.mark.parametrize("key", GROUPS)
def test_windows_are_contiguous_where_workdays_are(key: str, planned: list[Entry]) -> None:
    entries = entries_of(planned, key)
    contiguous = 0
    for entry, following in pairwise(entries):
        neighbours = date.fromisoformat(following["reporting_day"]) - date.fromisoformat(entry["reporting_day"])
        if neighbours == timedelta(days=1):
            assert entry["window_end"] == following["window_start"]
            contiguous += 1
        else:
            assert entry["window_end"] < following["window_start"]
    assert contiguous >= DAYS // 2


@pytest.mark.parametrize("key", GROUPS)
def test_windows_are_as_long_as_the_day_is_by_the_clock(key: str, planned: list[Entry]) -> None:
    zone = ZoneInfo(GROUPS[key][0])
    entries = entries_of(planned, key)
    assert {entry["reporting_day"]: _hours(entry) for entry in entries} == {
        entry["reporting_day"]: _hours_by_the_clock(zone, entry["reporting_day"]) for entry in entries
    }
    assert {_hours(entry) for entry in entries} == HOURS_SEEN.get(key, {_hours(entry) for entry in entries})


def test_stand_ups_keep_their_wall_time_over_every_clock_change(planned: list[Entry]) -> None:
    assert {entry["standup_at"][11:16] for entry in planned} == {"08:30"}


def test_stand_ups_are_sorted_by_instant(planned: list[Entry]) -> None:
    instants = [datetime.fromisoformat(entry["standup_at"]) for entry in planned]
    assert instants == sorted(instants)


def test_every_time_has_its_offset_and_every_entry_the_same_keys(planned: list[Entry]) -> None:
    keys = ["group", "zone", "standup_at", "reporting_day", "window_start", "window_end", "outcome", "reason"]
    assert {tuple(entry) for entry in planned} == {tuple(keys)}
    for entry in planned:
        for name in ("standup_at", "window_start", "window_end"):
            assert datetime.fromisoformat(entry[name]).utcoffset() is not None


def test_with_from_the_plan_follows_from_the_group_file_alone(planned: list[Entry], tmp_path: Path) -> None:
    process = _standup(
        "plan", "--days", "9", "--from", "2026-03-20", "--json", "--group", "berlin", groups=_group_file(tmp_path)
    )
    assert json.loads(process.stdout) == [
        entry for entry in entries_of(planned, "berlin") if "2026-03-20" <= entry["standup_at"] < "2026-03-29"
    ]


def test_without_from_the_plan_begins_now(tmp_path: Path) -> None:
    started = datetime.now(UTC)
    entries = json.loads(_standup("plan", "--json", groups=_group_file(tmp_path)).stdout)
    assert entries
    assert all(datetime.fromisoformat(entry["standup_at"]) >= started for entry in entries)


def test_holidays_are_planned_where_no_network_is_needed(tmp_path: Path) -> None:
    (tmp_path / "closed.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261224\n"
        "SUMMARY:Works outing\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    calendars = {
        "by-country": '{ kind = "country", country = "DE" }',
        "by-file": '{ kind = "ical", path = "closed.ics" }',
        "by-genesys": '{ kind = "schedule_group", name = "Holidays" }',
    }
    more_tables = "".join(
        f'[groups.{key}]\ntitle = "x"\nzone = "Europe/Berlin"\nlanguage = "de"\ncalendar = {value}\n'
        for key, value in calendars.items()
    )
    words = ["plan", "--from", "2026-12-25", "--days", "4", "--json", *(f"--group={key}" for key in calendars)]
    entries = json.loads(_standup(*words, groups=_group_file(tmp_path, more_tables)).stdout)
    assert [(entry["group"], entry["reporting_day"], entry["outcome"], entry["reason"]) for entry in entries] == [
        ("by-country", "2026-12-24", "briefing", ""),
        ("by-file", "2026-12-24", "notice", "2026-12-24 is a holiday: Works outing"),
        ("by-genesys", "2026-12-24", "briefing", 'holidays of schedule group "Holidays" are checked on the morning'),
        ("by-country", "2026-12-25", "notice", "2026-12-25 is a holiday: Erster Weihnachtstag"),
        ("by-file", "2026-12-25", "briefing", ""),
        ("by-genesys", "2026-12-25", "briefing", 'holidays of schedule group "Holidays" are checked on the morning'),
    ]


@pytest.mark.parametrize("columns", [30, 60, 80, 200])
def test_the_table_fits_the_terminal_and_cuts_no_date(columns: int, tmp_path: Path) -> None:
    words = ("plan", "--from", "2026-03-28", "--days", "3", "--group", "berlin")
    process = _standup(*words, groups=_group_file(tmp_path), columns=columns)
    for whole in ("2026-03-30", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00", "Europe/Berlin", "23 h"):
        assert whole in process.stdout
    assert "…" not in process.stdout
    if columns >= 80:
        assert max(map(len, process.stdout.splitlines())) <= columns


def test_groups_lists_healthy_groups_and_problems_and_its_status_is_1(tmp_path: Path) -> None:
    path = _group_file(tmp_path, '[groups.sick]\ntitle = "x"\nzone = "Europe/Berln"\n')
    line = path.read_text().count("\n")
    process = _standup("groups", groups=path)
    assert process.returncode == 1
    assert "lord-howe" in process.stdout
    assert f'{path}:{line}: groups.sick.zone: found "Europe/Berln"' in process.stderr
    output = json.loads(_standup("groups", "--json", groups=path).stdout)
    assert [group["key"] for group in output["groups"]] == list(GROUPS)
    assert [(problem["line"], problem["key"], problem["groups"]) for problem in output["problems"]] == [
        (line, "groups.sick.zone", ["sick"])
    ]
    assert _standup("groups", groups=_group_file(tmp_path)).returncode == 0


def test_a_plan_shows_the_healthy_groups_whatever_is_wrong_with_others(tmp_path: Path) -> None:
    path = _group_file(tmp_path, "[groups.sick]\ntitle = x\n")
    process = _standup("plan", "--json", "--from", "2026-03-30", "--days", "1", groups=path)
    assert process.returncode == 0
    assert {entry["group"] for entry in json.loads(process.stdout)} == set(GROUPS)
    assert "groups.sick: found title = x" in process.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--group", "berln"], "Did you mean berlin?"),
        (["--from", "9999-12-30"], "before the year 10000"),
        (["--from", "next week"], "tomorrow, -30d, +7d or a weekday"),
        (["--days", "0"], "0 is not in the range"),
    ],
)
def test_a_wrong_option_is_an_error_of_one_sentence(words: list[str], message: str, tmp_path: Path) -> None:
    process = _standup("plan", *words, groups=_group_file(tmp_path))
    assert process.returncode == 2
    assert message in process.stderr
    assert "Traceback" not in process.stderr


@pytest.mark.parametrize("command", ["plan", "groups"])
def test_without_a_group_file_the_error_says_what_to_set(command: str) -> None:
    process = _standup(command, groups=None)
    assert process.returncode == 1
    assert "STANDUP_GROUPS" in process.stderr
    assert "Traceback" not in process.stderr
