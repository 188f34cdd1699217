"""Each threat of docs/threat-model.md names the test that holds it, and all of these tests exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "threat-model.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")

THREATS = [
    line
    for line in DOCUMENT.read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| threat |", "| --- |"))
]


def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_document_has_threats() -> None:
    assert len(THREATS) > 20


@pytest.mark.parametrize("threat", THREATS, ids=lambda line: line.split("|")[1].strip())
def test_each_threat_names_tests_that_exist(threat: str) -> None:
    tests = TEST.findall(threat.rsplit("|", 2)[1])
    assert tests, "no test"
    assert [name for path, name in tests if name not in functions(path)] == []
