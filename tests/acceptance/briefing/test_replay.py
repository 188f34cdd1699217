"""Made-up calls go through the whole chain. Every figure in a briefing is the one computed from the calls."""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.acceptance.call_figures import days, read_calls
from tests.acceptance.installation import Installation
from tests.acceptance.replay_month import checks, set_up, summary

ZONE = "Asia/Jerusalem"
FIRST_DAY = date(2026, 10, 23)
"""A Friday before the night in which summer time ends there: one of the days has 25 hours."""

COLUMNS = ("queue", "media_type", "offered_at", "answered_at", "ended_at", "abandoned_at", "agent")
MIDNIGHT = datetime(1999, 1, 1)
Row = tuple[str, ...]


def write_calls(path: Path) -> None:
    """Write four days of calls that have what real records have.

    There are a busy queue, a queue of calls and chats, and a thin one, a day without a call, calls over midnight,
    answers without a wait, a wait of more than an hour, and a half-hour with more abandons than offers, because the
    calls were offered in the one before.
    """
    chance = random.Random(11)
    rows = [
        _call(chance, queue, MIDNIGHT + timedelta(days=day))
        for day in (0, 2, 3)
        for queue, calls in (("Loans", 120), ("Cards & <Accounts>", 45), ("English", 3 if day == 0 else 0))
        for _ in range(calls)
    ]
    rows += [_over_midnight(chance, MIDNIGHT + timedelta(days=day)) for day in (2, 2)]
    rows.append(_answered("English", MIDNIGHT + timedelta(hours=9), wait=4000, talk=60))
    rows.append(_answered("English", MIDNIGHT + timedelta(days=3, hours=11, minutes=40), wait=5, talk=90))
    last_seconds = MIDNIGHT + timedelta(days=3, hours=11, minutes=29, seconds=50)
    rows += [_abandoned("English", last_seconds, wait=25), _abandoned("English", last_seconds, wait=40)]
    rows.append(_answered("English", MIDNIGHT + timedelta(days=3, hours=12), wait=0, talk=0))
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *sorted(rows, key=lambda row: row[2])])


def _call(chance: random.Random, queue: str, midnight: datetime) -> Row:
    offered = midnight + timedelta(seconds=int(chance.triangular(7 * 3600, 22 * 3600, 11 * 3600)))
    wait = chance.choice((0, 0, 3, 12, 19, 20, 21, 40, 90, 300))
    if chance.random() < 0.12:
        return _abandoned(queue, offered, wait)
    talk, agent = chance.randrange(5, 900), chance.choice(("Noa", "Avi", "Dana", ""))
    return _answered(queue, offered, wait, talk, agent)


def _over_midnight(chance: random.Random, midnight: datetime) -> Row:
    offered = midnight + timedelta(hours=23, minutes=59, seconds=chance.randrange(30, 59))
    return _answered("Loans", offered, chance.randrange(5, 60), chance.randrange(120, 1200))


def _answered(queue: str, offered: datetime, wait: int, talk: int, agent: str = "Noa") -> Row:
    answered = offered + timedelta(seconds=wait)
    ended = answered + timedelta(seconds=talk)
    return queue, _medium(queue, offered), offered.isoformat(), answered.isoformat(), ended.isoformat(), "", agent


def _abandoned(queue: str, offered: datetime, wait: int) -> Row:
    return (
        queue,
        _medium(queue, offered),
        offered.isoformat(),
        "",
        "",
        (offered + timedelta(seconds=wait)).isoformat(),
        "",
    )


def _medium(queue: str, offered: datetime) -> str:
    return "chat" if queue.startswith("Cards") and offered.second % 3 == 0 else "voice"


def test_every_figure_from_every_source_matches_the_calls(installation: Installation) -> None:
    path = installation.folder / "calls.csv"
    write_calls(path)
    calls = read_calls(path, FIRST_DAY, ZoneInfo(ZONE))
    set_up(installation, path, calls, FIRST_DAY, ZONE)
    results = list(checks(installation, calls, days(FIRST_DAY, 4), ZoneInfo(ZONE)))
    assert [check for check in results if check.error] == []
    figures = {source: result.figures for source, result in summary(results).items()}
    assert set(figures) == {"queries", "exports", "reporting"}
    assert min(figures.values()) == max(figures.values()) > 500
