"""The checks find what is planted, and nothing in plain code and prose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.style import prose
from tests.style.__main__ import findings
from tests.style.rules import Rules

RULES = Rules(
    vague_names=frozenset({"of", "told", "each"}),
    unusual_words=re.compile(r"\b(?:forsooth|perchan\w*)\b", re.IGNORECASE),
    allowed_names={"stored.py": ("told",)},
)


def lines(folder: Path, name: str, text: str) -> list[str]:
    (folder / name).write_text(text, "utf-8")
    return list(findings(folder / name, RULES, folder))


@pytest.mark.parametrize(
    "code",
    [
        "told = 1",
        "self.told = 1",
        "_told = 1",
        "def told(): ...",
        "async def told(): ...",
        "class told: ...",
        "def run(told): ...",
        "def run(*, told=1): ...",
        "run = lambda told: 1",
        "for told in (): ...",
        "[1 for told in ()]",
        "import json as told",
        "with run() as told: ...",
        "try: ...\nexcept ValueError as told: ...",
        "if (told := 1): ...",
        "match 1:\n    case told: ...",
        "match ():\n    case [*told]: ...",
        "match {}:\n    case {**told}: ...",
        "told: int",
    ],
)
def test_a_vague_name_is_found_wherever_it_is_bound(code: str, tmp_path: Path) -> None:
    (line,) = lines(tmp_path, "module.py", code)
    assert "told" in line
    assert line.startswith(f"module.py:{code[: code.index('told')].count(chr(10)) + 1}:")


@pytest.mark.parametrize("code", ["alert = answer.told", "print(told)", "run(told=1)", "teller = 1", "__told__ = 1"])
def test_a_name_that_is_only_used_is_no_finding(code: str, tmp_path: Path) -> None:
    assert lines(tmp_path, "module.py", code) == []


def test_a_name_is_allowed_in_the_named_file_only(tmp_path: Path) -> None:
    assert lines(tmp_path, "stored.py", "told = 1") == []
    assert len(lines(tmp_path, "module.py", "told = 1")) == 1
    assert len(lines(tmp_path, "stored.py", "told = each = 1")) == 1


def test_a_name_that_need_not_be_allowed_any_more_is_found(tmp_path: Path) -> None:
    assert lines(tmp_path, "stored.py", "answer = 1") == [
        'stored.py:1: the name "told" is allowed in pyproject.toml and not bound here'
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "size = 1",
        "size += 1",
        "for size in (): ...",
        "with run() as size: ...",
        "if (size := 1): ...",
        "a, size = 1, 2",
    ],
)
def test_a_test_that_binds_its_parameter_again_is_found(statement: str, tmp_path: Path) -> None:
    code = f"def test_pages(size):\n    {statement}\n"
    assert lines(tmp_path, "module.py", code) == ['module.py:2: the test binds its parameter "size" again']
    assert lines(tmp_path, "module.py", code.replace("test_", "")) == []


@pytest.mark.parametrize("statement", ["[size for size in ()]", "size.width = 1", "assert size == 1", "width = size"])
def test_a_test_that_keeps_its_parameter_is_no_finding(statement: str, tmp_path: Path) -> None:
    assert lines(tmp_path, "module.py", f"def test_pages(size):\n    {statement}\n") == []


def test_a_long_name_of_a_test_is_found(tmp_path: Path) -> None:
    name = "test_".ljust(79, "a")
    assert lines(tmp_path, "module.py", f"def {name}(): ...") == []
    assert lines(tmp_path, "module.py", f"def {name}b(): ...") == [
        f'module.py:1: the name "{name}b" has 80 characters, 79 are allowed'
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('"""Perchance the day."""', 1),
        ('"""Return the day.\n\nIt is made forsooth.\n"""', 3),
        ("# counted forsooth", 1),
        ("answer = 1\nraise ValueError('it was asked forsooth')", 2),
        ("print(f'the day {number} is asked forsooth')", 1),
    ],
)
def test_an_unusual_word_is_found_in_docstrings_comments_and_messages(text: str, line: int, tmp_path: Path) -> None:
    (finding,) = lines(tmp_path, "module.py", text)
    assert finding.startswith(f"module.py:{line}:")
    assert finding.endswith("is not a word that a colleague would use here")


def test_an_unusual_word_is_found_in_documents_outside_of_code(tmp_path: Path) -> None:
    text = "# Title\n\n```\nforsooth\n```\n\nIt says `forsooth`.\n\nIt is made forsooth.\n"
    assert lines(tmp_path, "page.md", text) == [
        'page.md:9: "forsooth" is not a word that a colleague would use here',
    ]


def test_words_and_semicolons_are_those_of_the_prose(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text('"""Three words; `x; y` here."""\nx = 1; y = 2  # two more; words\n', "utf-8")
    assert prose.word_count(path) == 3 + 3
    assert prose.semicolon_count(path) == 2


def test_the_rules_are_read_from_pyproject() -> None:
    style = {"vague_names": ["of told", "each"], "unusual_words": ["forsooth"], "allowed_names": {"a.py": ["of"]}}
    rules = Rules.from_settings({"tool": {"standup": {"style": style}}})
    assert rules.vague_names == {"of", "told", "each"}
    assert rules.unusual_words.search("made Forsooth")
    assert not rules.unusual_words.search("forsoothly")
    assert rules.allowed_names == {"a.py": ("of",)}


def test_comments_of_lua_are_read_and_code_is_not(tmp_path: Path) -> None:
    script = "-- plain\nlocal forsooth = 1 -- perchance\n"
    assert lines(tmp_path, "claim.lua", script) == [
        'claim.lua:2: "perchance" is not a word that a colleague would use here'
    ]
