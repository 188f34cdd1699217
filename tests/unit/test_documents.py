"""The documents name only files, headings and commands that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from worker.cli import main

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE_BLOCK = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)\s#]*)#?([^)\s]*)\)")
PATH = re.compile(r"`((?:docs|renderers|sandbox|tasks|tests|worker)/[\w/.-]+)`")
COMMAND = re.compile(r"\bstandup ([a-z][a-z-]*)((?: [^`\n]*)?)")
OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")


def prose(document: Path) -> str:
    """Return a document without its blocks of code."""
    return CODE_BLOCK.sub("", document.read_text("utf-8"))


def code(document: Path) -> Iterator[str]:
    """Yield a document's inline code and the lines of its blocks of code."""
    text = document.read_text("utf-8")
    for block in CODE_BLOCK.findall(text):
        yield from (line.partition("  #")[0] for line in block.splitlines())
    yield from re.findall(r"`([^`]+)`", CODE_BLOCK.sub("", text).replace("\n", " "))


def anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub makes from a document's headings."""
    headings = re.findall(r"^#+ (.*)$", prose(document), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_to_a_file_and_a_heading(document: Path) -> None:
    for target, anchor in LINK.findall(prose(document)):
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), f"{target}#{anchor}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    assert [path for path in PATH.findall(prose(document)) if not (ROOT / path).exists()] == []


def test_every_class_that_the_glossary_names_exists() -> None:
    class_names = set(re.findall(r"`([A-Z][a-z]+[A-Z]\w+)`", (ROOT / "docs" / "glossary.md").read_text("utf-8")))
    sources = (path.read_text("utf-8") for room in ("tasks", "worker") for path in (ROOT / room).rglob("*.py"))
    defined = {name for text in sources for name in re.findall(r"^(?:class )?(\w+)(?: =|[(:])", text, re.MULTILINE)}
    assert class_names
    assert class_names <= defined


def unknown_commands(document: Path, context: click.Context) -> Iterator[str]:
    """Yield the commands, and the options of a command, that a document names and that do not exist."""
    for name, arguments in (match for text in code(document) for match in COMMAND.findall(text)):
        command = main.get_command(context, name)
        if command is None:
            yield name
            continue
        options = {option for parameter in command.params for option in parameter.opts}
        yield from (f"{name} {option}" for option in OPTION.findall(arguments) if option not in options)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_and_option_that_a_document_names_exists(document: Path) -> None:
    assert list(unknown_commands(document, click.Context(main))) == []


def test_an_unknown_command_and_an_unknown_option_are_noticed(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text("`standup nap` and `standup runs --sorted`, but `standup runs --json`.\n")
    assert list(unknown_commands(document, click.Context(main))) == ["nap", "runs --sorted"]


def test_every_decision_is_in_the_table() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = re.findall(r"^\| \[([\w-]+\.md)\]", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(pages) == sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_command_for_the_checkout_names_its_python(document: Path) -> None:
    """`make` installs into `.venv`, so another Python has none of the modules."""
    commands = re.findall(r"(\S*)python -m (?:renderers|sandbox|tests|worker)\b", document.read_text("utf-8"))
    assert {command.strip("`") for command in commands} <= {".venv/bin/"}
