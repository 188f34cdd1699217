"""Parse TOML with line numbers, and leave out the tables that have mistakes, so that a wrong line stops one table only.

The standard library's parser does all the parsing. A statement (a header, or a key with its value) is also a complete
TOML document. So the start of each statement is found by adding lines until the parser accepts them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

KeyPath = tuple[str, ...]

_HEADER = re.compile(r"\s*\[\[?\s*[\w-]")
_INVALID_BYTE = re.compile("[\udc80-\udcff]")
_PARSER_POSITION = re.compile(r" \(at (line (?P<line>\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class SyntaxMistake:
    """A place that is not valid TOML. ``table`` was left out because of it, () for the part without a header."""

    line: int
    text: str
    complaint: str
    table: KeyPath


@dataclass(frozen=True)
class TomlText:
    """A parsed TOML file. ``data`` has all valid tables, and ``mistakes`` describes the others."""

    data: dict[str, Any]
    text: str
    mistakes: tuple[SyntaxMistake, ...] = ()

    def line_of(self, path: KeyPath) -> int:
        """Return the line of the key, or of the nearest table around it, or 1 if the text has neither."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        lines: dict[KeyPath, int] = {}
        table: KeyPath = ()
        for line, text, parsed in _statements(self.text):
            is_header = text.lstrip().startswith("[")
            for path in _paths(parsed or {}, () if is_header else table):
                lines.setdefault(path, line)
                table = path if is_header else table
        return lines


@dataclass(frozen=True, slots=True)
class _Section:
    """The lines from a table's header to the next header, numbered from 1, including ``last``."""

    first: int
    last: int
    table: KeyPath


def parse(content: bytes) -> TomlText:
    """Parse a TOML file. Leave out tables that are not valid, with all tables of the same group."""
    mistakes: list[SyntaxMistake] = []
    text = content.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
    text += "\n"  # the parser gives no line for a mistake at the end of the text
    while wrong_bytes := _INVALID_BYTE.search(text):
        line = text.count("\n", 0, wrong_bytes.start()) + 1
        mistakes.append(_mistake(text, line, "a byte that is not UTF-8"))
        text = _without_table(text, mistakes[-1])
    while True:
        try:
            return TomlText(tomllib.loads(text), text, tuple(sorted(mistakes, key=lambda mistake: mistake.line)))
        except tomllib.TOMLDecodeError as error:
            mistake = _find(text, error)
            mistakes.append(mistake)
            text = _without_table(text, mistake)


def _find(text: str, error: tomllib.TOMLDecodeError) -> SyntaxMistake:
    lines = text.split("\n")
    for section in _sections(text):
        part = "\n".join(lines[section.first - 1 : section.last]) + "\n"
        try:
            tomllib.loads(part)
        except tomllib.TOMLDecodeError as part_error:
            line = _unfinished(part) or _line(part_error) or 1
            return _mistake(text, section.first - 1 + line, _PARSER_POSITION.sub("", str(part_error)))
    # each section is valid by itself, so two of them contradict each other
    return _mistake(text, _line(error) or len(lines), _PARSER_POSITION.sub("", str(error)))


def _mistake(text: str, line: int, complaint: str) -> SyntaxMistake:
    section = next(section for section in _sections(text) if section.first <= line <= section.last)
    line_text = text.split("\n")[line - 1].strip().encode("utf-8", "replace").decode()
    return SyntaxMistake(line, line_text, complaint, section.table)


def _without_table(text: str, mistake: SyntaxMistake) -> str:
    """Blank the table with the mistake and the other tables of its group, so that no half of a group is left."""
    lines = text.split("\n")
    for section in _sections(text):
        has_mistake = section.first <= mistake.line <= section.last
        if has_mistake or (mistake.table and _owner(section.table) == _owner(mistake.table)):
            lines[section.first - 1 : section.last] = [""] * (section.last - section.first + 1)
    return "\n".join(lines)


def _owner(table: KeyPath) -> KeyPath:
    """Return ``groups.billing`` for ``groups.billing.deliver``, ``defaults`` for ``defaults.targets``."""
    return table[:2] if table[:1] == ("groups",) else table[:1]


def _sections(text: str) -> list[_Section]:
    lines = text.split("\n")
    starts = [1] + [number for number, line in enumerate(lines, 1) if number > 1 and _HEADER.match(line)]
    ends = [start - 1 for start in starts[1:]] + [len(lines)]
    return [_Section(first, last, _table(lines[first - 1])) for first, last in zip(starts, ends, strict=True)]


def _table(line: str) -> KeyPath:
    """Return the path in a header line, () for any other line and for a broken header."""
    parsed = _loads(line) if _HEADER.match(line) else None
    return list(_paths(parsed))[-1] if parsed else ()


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Yield line, text and value of each statement. The value of the last one is None if it is not valid."""
    first, pending = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        pending += line + "\n"
        parsed = _loads(pending)
        if parsed is not None:
            yield first, pending, parsed
            first, pending = number + 1, ""
    if pending:
        yield first, pending, None


def _unfinished(text: str) -> int | None:
    """Return the line of the first statement that is not valid, None if all are."""
    return next((line for line, _, parsed in _statements(text) if parsed is None), None)


def _loads(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _line(error: tomllib.TOMLDecodeError) -> int | None:
    position = _PARSER_POSITION.search(str(error))
    return int(position["line"]) if position and position["line"] else None


def _paths(table: Mapping[str, Any], parent: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the paths of all keys, outer ones first."""
    for key, value in table.items():
        yield (*parent, key)
        if isinstance(value, Mapping):
            yield from _paths(value, (*parent, key))
