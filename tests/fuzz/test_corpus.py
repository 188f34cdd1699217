"""Every input of the corpus is read, or refused by a named error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.targets import CORPUS, TARGETS, check

LARGEST_CORPUS = 200 * 1024


def inputs(target: str) -> list[Path]:
    return sorted((CORPUS / target).iterdir())


@pytest.mark.parametrize("target", TARGETS)
def test_each_input_is_read_or_refused_by_name(target: str) -> None:
    assert len(inputs(target)) >= 2
    for path in inputs(target):
        check(target, path.read_bytes())


def test_the_corpus_stays_small() -> None:
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) <= LARGEST_CORPUS


def test_the_corpus_has_a_folder_for_each_target() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)
