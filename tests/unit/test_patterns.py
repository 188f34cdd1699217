"""No regular expression has a possessive group: Python before 3.11.5 matches it wrongly (CPython issue 106052)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+")


@pytest.mark.parametrize("folder", ["renderers", "sandbox", "tasks", "worker"])
def test_no_pattern_has_a_possessive_group(folder: str) -> None:
    patterns = (
        (path, line)
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"\br[fb]?['\"]", line)
    )
    assert [f"{path}: {line}" for path, line in patterns if POSSESSIVE_GROUP.search(line)] == []


def test_a_possessive_group_is_found() -> None:
    assert POSSESSIVE_GROUP.search(r"(?:[^x]|x(?!x))*+y")
