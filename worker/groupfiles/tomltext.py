"""Parse TOML with line numbers, and leave out the tables that have mistakes, so that a wrong line stops one table only.

The standard library's parser does all the parsing. It stops at the first mistake, so the tables of a file with a
mistake are parsed one by one. Each line is parsed a fixed number of times, however many mistakes there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from worker.groupfiles import hints
from worker.groupfiles.repairs import repair
from worker.groupfiles.statements import InvalidToml, load, statements

KeyPath = tuple[str, ...]

MAX_LINE_LENGTH = 20_000
"""Refuse longer lines, which no author writes."""

_MAX_CONTRADICTIONS = 10
_MAX_QUOTED = 200

_HEADER = re.compile(rf"\s*\[\[?\s*[\w-]|{hints.BROKEN_HEADER}")
_INVALID_BYTE = re.compile("[\udc80-\udcff]")
_LONG_KEY = re.compile(r"""(?<![\w-])(?:(?:"[^"]*+"|'[^']*+'|[\w-]++)[ \t]*+\.[ \t]*+){50}""")


@dataclass(frozen=True, slots=True)
class SyntaxMistake:
    """A place that is not valid TOML. ``table`` was left out because of it, () for the part without a header.

    ``suggestion`` is the line as it was probably meant, "" if nothing is likely. ``earlier`` is the line that has the
    same key already, if that is the mistake.
    """

    line: int
    text: str
    complaint: str
    table: KeyPath
    suggestion: str = ""
    earlier: int | None = None

    @property
    def expected(self) -> str:
        """What is expected at this place, for the author."""
        if self.earlier:
            return f"each key and each table once. It is already in line {self.earlier}"
        return "valid TOML" if self.suggestion else f"valid TOML (the parser says: {self.complaint})"


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

    def line_of_value(self, path: KeyPath, value: str) -> int:
        """Return the line of a value inside the key's text or list, or the line of the key."""
        first = self.line_of(path)
        _, statement = next(statements("\n".join(self.text.split("\n")[first - 1 :])), (1, ""))
        lines = statement.split("\n")
        return first + next((number for number, line in enumerate(lines) if value in line), 0)

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        lines: dict[KeyPath, int] = {}
        for line, paths in _definitions(self.text):
            for path in paths:
                lines.setdefault(path, line)
        return lines


@dataclass(frozen=True, slots=True)
class _Section:
    """The lines from a table's header to the next header. ``first`` is the number of the first one."""

    first: int
    lines: tuple[str, ...]
    table: KeyPath

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def mistake(self, line: int, complaint: str, *, suggestion: str = "", earlier: int | None = None) -> SyntaxMistake:
        text = _printable(self.lines[line - self.first].strip())
        return SyntaxMistake(line, text, complaint, self.table, _printable(suggestion), earlier)


def parse(content: bytes) -> TomlText:
    """Parse a TOML file. Leave out tables that are not valid, with all tables of the same group."""
    text = content.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
    sections = list(_sections(text.split("\n")))
    mistakes: list[SyntaxMistake] = []
    if any(_line_complaint(line) for section in sections for line in section.lines):
        sections = _sound(sections, mistakes)
    for _ in range(_MAX_CONTRADICTIONS):
        text = _text(sections)
        try:
            return TomlText(load(text), text, tuple(sorted(mistakes, key=lambda mistake: mistake.line)))
        except InvalidToml as error:
            remaining = _sound(sections, mistakes)
            if len(remaining) == len(sections):  # two groups contradict each other
                remaining = _without_line(sections, error, mistakes)
            sections = remaining
    return TomlText({}, "", tuple(sorted(mistakes, key=lambda mistake: mistake.line)))


def _sound(sections: list[_Section], mistakes: list[SyntaxMistake]) -> list[_Section]:
    """Return the sections of the groups that are valid by themselves, and add the mistakes of the others."""
    by_owner: dict[object, list[_Section]] = {}
    for section in sections:
        by_owner.setdefault(_owner(section.table) or section.first, []).append(section)
    sound: list[_Section] = []
    for siblings in by_owner.values():
        if mistake := _first_mistake(siblings):
            mistakes.append(mistake)
        else:
            sound += siblings
    return sorted(sound, key=lambda section: section.first)


def _first_mistake(siblings: list[_Section]) -> SyntaxMistake | None:
    for section in siblings:
        if mistake := _mistake_in(section):
            return mistake
    try:
        load("".join(section.text for section in siblings))
    except InvalidToml as error:  # each table is valid, so two of them contradict each other
        return _at_line(siblings, error)
    return None


def _mistake_in(section: _Section) -> SyntaxMistake | None:
    for number, text in enumerate(section.lines, section.first):
        if complaint := _line_complaint(text):
            return section.mistake(number, complaint)
    try:
        load(section.text)
    except InvalidToml as error:
        if invalid := _invalid_statement(section.text):
            line, complaint, suggestion = invalid
            return section.mistake(section.first - 1 + line, complaint, suggestion=suggestion)
        return _at_line([section], error)  # each statement is valid, so two of them contradict each other
    return None


def _line_complaint(line: str) -> str:
    if len(line) > MAX_LINE_LENGTH:
        return f"a line of more than {MAX_LINE_LENGTH} characters"
    if _LONG_KEY.search(line):  # the parser's time grows with the square of the parts of a key
        return "a key of more than 50 parts"
    return "a byte that is not UTF-8; save the file in UTF-8" if _INVALID_BYTE.search(line) else ""


def _invalid_statement(text: str) -> tuple[int, str, str] | None:
    """Return the line of the first statement that is not valid, what is wrong with it, and what was probably meant.

    The line is the one to repair. If no repair is likely, it is the first one of the statement.
    """
    for line, statement in statements(text):
        try:
            load(statement)
        except InvalidToml as error:
            header = hints.header(statement.strip())
            if not header and (likely := repair(statement)):
                return line + likely.offset, error.complaint, likely.line
            return line, error.complaint, header
    return None


def _at_line(sections: list[_Section], error: InvalidToml) -> SyntaxMistake:
    """Return the mistake at a line of the joined sections, which are numbered without gaps there."""
    line = error.line or 1
    for section in sections:
        if line <= len(section.lines):
            return _contradiction(sections, section, section.first - 1 + line, error)
        line -= len(section.lines)
    return sections[-1].mistake(sections[-1].first, error.complaint)


def _contradiction(sections: Iterable[_Section], section: _Section, line: int, error: InvalidToml) -> SyntaxMistake:
    """Return the mistake with the line above it that defines the same key."""
    lines: dict[KeyPath, int] = {}
    statement: tuple[int, list[KeyPath]] = (line, [])
    for sibling in sections:
        for number, paths in _definitions(sibling.text, sibling.first):
            if number > line:
                break
            for path in statement[1]:
                lines.setdefault(path, statement[0])
            statement = number, paths
    repeated = max((path for path in statement[1] if path in lines), key=len, default=())
    return section.mistake(statement[0] if repeated else line, error.complaint, earlier=lines.get(repeated))


def _without_line(sections: list[_Section], error: InvalidToml, mistakes: list[SyntaxMistake]) -> list[_Section]:
    """Leave out the group that contradicts another one."""
    line = error.line or 1
    wrong = next((section for section in reversed(sections) if section.first <= line), sections[-1])
    mistakes.append(_contradiction(sections, wrong, max(line, wrong.first), error))
    owner = _owner(wrong.table)
    return [section for section in sections if section is not wrong and not (owner and _owner(section.table) == owner)]


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:_MAX_QUOTED])


def _definitions(text: str, first: int = 1) -> Iterator[tuple[int, list[KeyPath]]]:
    """Yield the line of each statement of valid text, and the paths of all keys in it, outer ones first."""
    table: KeyPath = ()
    for line, statement in statements(text):
        is_header = statement.lstrip().startswith("[")
        paths = list(_paths(load(statement), () if is_header else table))
        table = paths[-1] if is_header else table
        yield first - 1 + line, paths


def _text(sections: Iterable[_Section]) -> str:
    """Return the sections at their lines, with blank lines in place of those that were left out."""
    lines: list[str] = []
    for section in sections:
        lines += [""] * (section.first - 1 - len(lines))
        lines += section.lines
    return "\n".join(lines) + "\n"  # the parser gives no line for a mistake at the end of the text


def _owner(table: KeyPath) -> KeyPath:
    """Return ``groups.billing`` for ``groups.billing.deliver``, ``defaults`` for ``defaults.targets``."""
    return table[:2] if table[:1] == ("groups",) else table[:1]


def _sections(lines: list[str]) -> Iterator[_Section]:
    starts = [0] + [index for index, line in enumerate(lines) if index > 0 and _HEADER.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _Section(start + 1, tuple(lines[start:end]), _table(lines[start]))


def _table(line: str) -> KeyPath:
    """Return the path in a header line, () for any other line and for a broken header."""
    if not _HEADER.match(line) or _line_complaint(line):
        return ()
    try:
        return list(_paths(load(line)))[-1]
    except InvalidToml:
        return ()


def _paths(table: Mapping[str, Any], parent: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the paths of all keys, outer ones first."""
    for key, value in table.items():
        yield (*parent, key)
        if isinstance(value, Mapping):
            yield from _paths(value, (*parent, key))
