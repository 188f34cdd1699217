"""Each threat and each situation in the documents names the test that holds it, and all of these tests exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows_with_tests(document: str, heading: str = "") -> list[str]:
    """Return the rows of the tables that name tests, from the heading on to the next."""
    text = (ROOT / "docs" / document).read_text("utf-8")
    section = text.partition(heading)[2].partition("\n## ")[0] if heading else text
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [line for line in lines if not line.startswith(("| threat |", "| situation |", "| --- |"))]


THREATS = rows_with_tests("threat-model.md")
SITUATIONS = rows_with_tests("reliability.md", "## Situations and their tests\n")
OPERATORS = rows_with_tests("operators.md")


def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_documents_have_threats_and_situations() -> None:
    assert len(THREATS) > 20
    assert len(SITUATIONS) > 15
    assert len(OPERATORS) > 25


@pytest.mark.parametrize("row", THREATS + SITUATIONS + OPERATORS, ids=lambda line: line.split("|")[1].strip())
def test_each_threat_and_situation_names_tests_that_exist(row: str) -> None:
    tests = TEST.findall(row.rsplit("|", 2)[1])
    assert tests, "no test"
    assert [name for path, name in tests if name not in functions(path)] == []
