"""Every statement of many briefings is true in both languages: awkward days, generated days, days of a file of calls.

They print how many statements they checked (``pytest -s``). ``python -m tests.checker`` checks more days.
"""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.checker import awkward, generated, month, unusual_days
from tests.unit.checker.every_statement import assert_true
from worker.domain.groups import Language

GENERATED_DAYS, SEED = 10, 1


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_about_awkward_days_is_true(language: Language) -> None:
    assert_true(awkward.cases(language))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_about_unusual_days_is_true(language: Language) -> None:
    assert_true(unusual_days.cases(language))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_about_generated_days_is_true(language: Language) -> None:
    assert_true(generated.cases(GENERATED_DAYS, SEED, language))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_about_days_of_a_file_of_calls_is_true(language: Language, tmp_path: Path) -> None:
    assert_true(month.cases(_file_of_calls(tmp_path), "Europe/Berlin", language))


def _file_of_calls(folder: Path) -> Path:
    """Five days of made-up calls: a busy queue, a thin one, and one call over midnight each day."""
    chance, path = random.Random(11), folder / "calls.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("queue", "media_type", "offered_at", "answered_at", "ended_at", "abandoned_at", "agent"))
        for day in range(5):
            midnight = datetime(2026, 10, 19) + timedelta(days=day)
            for number in range(120):
                queue = "English desk" if number % 30 == 0 else "Service"
                offered = midnight + timedelta(seconds=chance.randint(7 * 3_600, 20 * 3_600))
                writer.writerow(_call(chance, queue, offered))
            writer.writerow(_call(chance, "Service", midnight + timedelta(hours=23, minutes=59, seconds=55)))
    return path


def _call(chance: random.Random, queue: str, offered: datetime) -> tuple[str, ...]:
    wait, talk = timedelta(seconds=chance.randint(1, 45)), timedelta(seconds=chance.randint(30, 400))
    if chance.random() < 0.08:
        return queue, "voice", offered.isoformat(), "", "", (offered + wait).isoformat(), ""
    answered = offered + wait
    return queue, "voice", offered.isoformat(), answered.isoformat(), (answered + talk).isoformat(), "", "Michal"
