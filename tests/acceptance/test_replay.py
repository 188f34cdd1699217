"""Days of real-looking calls go through the whole chain; each figure on the page is the one reckoned from the calls."""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.acceptance.installation import Installation
from tests.acceptance.reckoning import days, read_calls
from tests.acceptance.replay_month import check_day, furnish

ZONE = "Asia/Jerusalem"
FIRST_DAY = date(2026, 10, 23)
"""A Friday before the night on which summer time ends there: one of the days has 25 hours."""

COLUMNS = ("queue", "media_type", "offered_at", "answered_at", "ended_at", "abandoned_at", "agent")


def write_calls(path: Path) -> None:
    """Five made-up days: a busy queue, a thin one, a day without a call, calls over midnight, instant answers."""
    chance = random.Random(11)
    rows: list[tuple[str, ...]] = []
    for day in range(5):
        for queue, calls in (("Loans", 120), ("Cards & <Accounts>", 45), ("English", 3)):
            if day != 3 and not (queue == "English" and day == 1):
                rows += [_call(chance, queue, datetime(1999, 1, 1) + timedelta(days=day)) for _ in range(calls)]
    rows += [_over_midnight(chance, datetime(1999, 1, 1) + timedelta(days=day)) for day in (0, 0, 2)]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *sorted(rows, key=lambda row: row[2])])


def _call(chance: random.Random, queue: str, midnight: datetime) -> tuple[str, ...]:
    offered = midnight + timedelta(seconds=int(chance.triangular(7 * 3600, 22 * 3600, 11 * 3600)))
    wait = timedelta(seconds=chance.choice((0, 0, 3, 12, 19, 20, 21, 40, 90, 300)))
    if chance.random() < 0.12:
        return queue, "voice", offered.isoformat(), "", "", (offered + wait).isoformat(), ""
    ended = offered + wait + timedelta(seconds=chance.randrange(5, 900))
    agent = chance.choice(("Noa", "Avi", "Dana", ""))
    return queue, "voice", offered.isoformat(), (offered + wait).isoformat(), ended.isoformat(), "", agent


def _over_midnight(chance: random.Random, midnight: datetime) -> tuple[str, ...]:
    offered = midnight + timedelta(hours=23, minutes=59, seconds=chance.randrange(30, 59))
    answered = offered + timedelta(seconds=chance.randrange(5, 60))
    ended = answered + timedelta(minutes=chance.randrange(2, 20))
    return "Loans", "voice", offered.isoformat(), answered.isoformat(), ended.isoformat(), "", "Noa"


def test_every_figure_on_the_page_is_the_one_reckoned_from_the_calls(installation: Installation) -> None:
    path = installation.folder / "calls.csv"
    write_calls(path)
    calls = read_calls(path, FIRST_DAY)
    furnish(installation, path, FIRST_DAY, ZONE, sorted({call.queue for call in calls}))
    wrong = [trouble for day in days(FIRST_DAY, 6) for trouble in check_day(installation, calls, day)]
    assert wrong == []
