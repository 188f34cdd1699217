"""Stored answers: each process decodes one once, and sees at once what another has stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.state.files.answers import StoredAnswers
from worker.state.files.artifacts import Artifacts
from worker.state.files.decoded_answers import DecodedAnswers

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LARGE = ["x" * 10] * 2_000
LARGE_BYTES = 30_000
"""About the length of its text."""
Open = Callable[..., StoredAnswers]


@pytest.fixture
def open_answers(tmp_path: Path) -> Open:
    """Returns the same answers in another process."""

    def open_(now: datetime = NOON, url: str = str(tmp_path), most_bytes: int = 10 * LARGE_BYTES) -> StoredAnswers:
        return StoredAnswers(Artifacts(url), "main", lambda: now, DecodedAnswers(most_bytes))

    return open_


@pytest.fixture
def decoded_texts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of the texts that were decoded."""
    lengths: list[int] = []
    loads = json.loads

    def counting_loads(text: bytes) -> object:
        lengths.append(len(text))
        return loads(text)

    monkeypatch.setattr("worker.state.files.answers.json.loads", counting_loads)
    return lengths


def test_an_answer_is_decoded_once(open_answers: Open, decoded_texts: list[int]) -> None:
    answers = open_answers()
    answers.put("forecast", LARGE, 60)
    assert [answers.get("forecast") for _ in range(3)] == [LARGE] * 3
    assert len(decoded_texts) == 1


def test_an_answer_of_another_process_replaces_a_decoded_one(open_answers: Open) -> None:
    answers, other_process = open_answers(), open_answers()
    answers.put("forecast", LARGE, 60)
    assert answers.get("forecast") == LARGE
    other_process.put("forecast", [*LARGE[:-1], "y" * 10], 60)
    assert answers.get("forecast") == [*LARGE[:-1], "y" * 10]
    other_process.put("forecast", None, 0)
    assert answers.get("forecast") is None


def test_a_decoded_answer_expires(tmp_path: Path) -> None:
    now = NOON
    answers = StoredAnswers(Artifacts(str(tmp_path)), "main", lambda: now, DecodedAnswers())
    answers.put("forecast", LARGE, 60)
    assert answers.get("forecast") == LARGE
    now += timedelta(seconds=61)
    assert answers.get("forecast") is None


def test_the_least_recently_used_answer_makes_room(open_answers: Open, decoded_texts: list[int]) -> None:
    answers = open_answers(most_bytes=int(2.5 * LARGE_BYTES))
    for name in ("one", "two"):
        answers.put(name, LARGE, 60)
        answers.get(name)
    answers.get("one")
    answers.put("three", LARGE, 60)
    answers.get("three")
    decoded_texts.clear()
    answers.get("one")
    assert not decoded_texts
    answers.get("two")
    assert len(decoded_texts) == 1


def test_an_answer_larger_than_the_bound_is_not_held(open_answers: Open, decoded_texts: list[int]) -> None:
    answers = open_answers(most_bytes=LARGE_BYTES // 2)
    answers.put("forecast", LARGE, 60)
    assert [answers.get("forecast") for _ in range(2)] == [LARGE] * 2
    assert len(decoded_texts) == 2


def test_a_store_without_versions_is_read_each_time(open_answers: Open, decoded_texts: list[int]) -> None:
    answers = open_answers(url="memory://answers-without-versions")
    answers.put("forecast", LARGE, 60)
    assert [answers.get("forecast") for _ in range(2)] == [LARGE] * 2
    assert len(decoded_texts) == 2


@pytest.mark.parametrize("content", [b"", b'{"until": 17000', b"\x00" * 40], ids=["empty", "cut", "zeros"])
def test_a_torn_answer_counts_as_missing(content: bytes, open_answers: Open, tmp_path: Path) -> None:
    """It is not synced, so a machine that loses power may leave any of these under its name."""
    answers, artifacts = open_answers(), Artifacts(str(tmp_path))
    answers.put("queue", 1, 60)
    [name] = artifacts.names("answers")
    artifacts.put(name, content)
    assert answers.get("queue") is None
    answers.put("queue", 2, 60)
    assert answers.get("queue") == 2
