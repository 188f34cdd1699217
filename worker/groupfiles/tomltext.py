"""TOML with line numbers, and with its mistakes cut out, so that one wrong line costs one table and not the file.

The standard library's parser does all the parsing. A statement (a header, or a key with its value) is also a whole TOML
document, so feeding it lines until they parse finds where each statement begins.
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
_NO_UTF8 = re.compile("[\udc80-\udcff]")
_PLACE = re.compile(r" \(at (line (?P<line>\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class SyntaxMistake:
    """A place where the text is no TOML. ``table`` is the table that was cut out for it, () for what has no header."""

    line: int
    text: str
    complaint: str
    table: KeyPath


@dataclass(frozen=True)
class TomlText:
    """``data`` of all tables that could be read; the others are in ``mistakes``."""

    data: dict[str, Any]
    text: str
    mistakes: tuple[SyntaxMistake, ...] = ()

    def line_of(self, path: KeyPath) -> int:
        """The line where the key, or the nearest table around it, stands; 1 if the text has neither."""
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
    """The lines from a table's header to the next, numbered from 1, ``last`` included."""

    first: int
    last: int
    table: KeyPath


def parse(content: bytes) -> TomlText:
    """Read a TOML file. A table that is no TOML is cut out, with all tables of the same group, until the rest is."""
    mistakes: list[SyntaxMistake] = []
    text = content.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
    text += "\n"  # the parser names no line for a mistake at the very end
    while wrong_bytes := _NO_UTF8.search(text):
        line = text.count("\n", 0, wrong_bytes.start()) + 1
        mistakes.append(_mistake(text, line, "a byte that is not UTF-8"))
        text = _without(text, mistakes[-1])
    while True:
        try:
            return TomlText(tomllib.loads(text), text, tuple(sorted(mistakes, key=lambda mistake: mistake.line)))
        except tomllib.TOMLDecodeError as error:
            mistake = _find(text, error)
            mistakes.append(mistake)
            text = _without(text, mistake)


def _find(text: str, error: tomllib.TOMLDecodeError) -> SyntaxMistake:
    lines = text.split("\n")
    for section in _sections(text):
        part = "\n".join(lines[section.first - 1 : section.last]) + "\n"
        try:
            tomllib.loads(part)
        except tomllib.TOMLDecodeError as own:
            line = _unfinished(part) or _line(own) or 1
            return _mistake(text, section.first - 1 + line, _PLACE.sub("", str(own)))
    # each section is fine alone: two of them contradict each other
    return _mistake(text, _line(error) or len(lines), _PLACE.sub("", str(error)))


def _mistake(text: str, line: int, complaint: str) -> SyntaxMistake:
    section = next(section for section in _sections(text) if section.first <= line <= section.last)
    written = text.split("\n")[line - 1].strip().encode("utf-8", "replace").decode()
    return SyntaxMistake(line, written, complaint, section.table)


def _without(text: str, mistake: SyntaxMistake) -> str:
    """Blank the lines of the table with the mistake, and of the others of its group, so that no half group is left."""
    lines = text.split("\n")
    for section in _sections(text):
        at_fault = section.first <= mistake.line <= section.last
        if at_fault or (mistake.table and _owner(section.table) == _owner(mistake.table)):
            lines[section.first - 1 : section.last] = [""] * (section.last - section.first + 1)
    return "\n".join(lines)


def _owner(table: KeyPath) -> KeyPath:
    """``groups.billing`` of ``groups.billing.deliver``, ``defaults`` of ``defaults.targets``."""
    return table[:2] if table[:1] == ("groups",) else table[:1]


def _sections(text: str) -> list[_Section]:
    lines = text.split("\n")
    starts = [1] + [number for number, line in enumerate(lines, 1) if number > 1 and _HEADER.match(line)]
    ends = [start - 1 for start in starts[1:]] + [len(lines)]
    return [_Section(first, last, _table(lines[first - 1])) for first, last in zip(starts, ends, strict=True)]


def _table(line: str) -> KeyPath:
    """The path that a header line names; () for any other line and for a broken header."""
    parsed = _loads(line) if _HEADER.match(line) else None
    return list(_paths(parsed))[-1] if parsed else ()


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Line, text and value of each statement; the last one's value is None if it never parses."""
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
    """The line of the first statement that never parses; None when each does."""
    return next((line for line, _, parsed in _statements(text) if parsed is None), None)


def _loads(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _line(error: tomllib.TOMLDecodeError) -> int | None:
    found = _PLACE.search(str(error))
    return int(found["line"]) if found and found["line"] else None


def _paths(table: Mapping[str, Any], above: KeyPath = ()) -> Iterator[KeyPath]:
    """The paths of all keys, outer ones first."""
    for key, value in table.items():
        yield (*above, key)
        if isinstance(value, Mapping):
            yield from _paths(value, (*above, key))
