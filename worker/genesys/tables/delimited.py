"""Reads delimited text: its encoding, its delimiter, and its lines, as a stream."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from worker.errors import MalformedAnswer
from worker.genesys.tables.limits import Budget

DELIMITERS = (",", ";", "\t", "|")
_PIECE = 64 * 1024
_FIRST_LINES = 50
_CONTROLS = frozenset(range(9)) | frozenset(range(14, 32))
_MOST_CONTROLS = 3
"""More control characters than this at the beginning of a file are no text."""

_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
"""The first line by which Excel is told the delimiter."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number in the file, from 1. ``ended``: a line break follows, so that it is not cut off.

    ``is_closed``: a line break follows, or the last cell ends with its quotation mark, so that the cell is whole.
    ``is_hidden`` and ``hidden_columns`` (from 0) are those of a worksheet.
    """

    number: int
    cells: list[str]
    ended: bool = True
    after_blank: bool = False
    is_closed: bool = True
    is_hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()

    @property
    def is_blank(self) -> bool:
        """Whether no cell has text."""
        return not any(cell.strip() for cell in self.cells)


class DelimitedText:
    """An open text file. ``lines`` may be called again, and starts at the beginning each time."""

    def __init__(self, file: IO[bytes], label: str, budget_of: Callable[[], Budget]) -> None:
        self._file = file
        self._label = label
        self._budget_of = budget_of
        self.encoding = self._find_encoding()
        self._separator = self._stated_separator()

    def delimiters(self) -> tuple[str, ...]:
        """Return the delimiters that the file may use: the stated one, or all."""
        return (self._separator,) if self._separator else DELIMITERS

    def lines(self, delimiter: str) -> Iterator[Line]:
        """Yield all lines that are not blank. `MalformedAnswer` if the file breaks off inside a quoted cell."""
        budget = self._budget_of()
        text_lines = _TextLines(self._text(), self._label, budget)
        reader = csv.reader(text_lines, delimiter=delimiter, strict=True)
        after_blank = False
        try:
            for cells in reader:
                budget.take_row(len(cells))
                line = Line(reader.line_num, cells, text_lines.ended, after_blank, text_lines.is_closed)
                after_blank = line.is_blank
                if not after_blank and not (line.number == 1 and self._separator):
                    yield line
        except csv.Error as error:
            problem = str(error).encode("unicode_escape").decode()
            raise MalformedAnswer(
                f"{self._label} breaks off at line {reader.line_num} ({problem}).",
                way_out="Have the report exported again. If that does not help, look for a single quotation mark.",
            ) from None
        finally:
            text_lines.detach()

    def first_lines(self, delimiter: str) -> list[Line]:
        """Return the lines among which the header is looked for, those before an error if there is one."""
        lines: list[Line] = []
        try:
            lines.extend(itertools.islice(self.lines(delimiter), _FIRST_LINES))
        except MalformedAnswer:
            if not lines:
                raise
        return lines

    def _find_encoding(self) -> str:
        """By its byte order mark or zero bytes, else UTF-8 if the whole file is that, else Windows-1252."""
        self._file.seek(0)
        beginning = self._file.read(1024)
        if beginning.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return "utf-32"
        if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in beginning and (encoding := _utf_16_without_mark(beginning)):
            if "\0" in beginning.decode(encoding, "ignore"):
                raise self._no_text()
            return encoding
        if sum(byte in _CONTROLS for byte in beginning) > _MOST_CONTROLS:
            raise self._no_text()
        self._file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while piece := self._file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8-sig"

    def _no_text(self) -> MalformedAnswer:
        return MalformedAnswer(
            f"{self._label} is no text and no workbook, or was not written to its end.",
            way_out="Have the report exported as CSV or XLSX.",
        )

    def _stated_separator(self) -> str:
        text = self._text()
        match = _SEPARATOR_LINE.fullmatch(text.readline(20).lstrip("\ufeff"))
        text.detach()
        return match[1] if match else ""

    def _text(self) -> io.TextIOWrapper:
        self._file.seek(0)
        return io.TextIOWrapper(self._file, self.encoding, errors="replace", newline="")


class _TextLines:
    """Lines of bounded length, which remembers whether the last one had a line break or a quotation mark at its end."""

    def __init__(self, text: io.TextIOWrapper, label: str, budget: Budget) -> None:
        self.ended = self.is_closed = True
        self._text = text
        self._label = label
        self._budget = budget

    def __iter__(self) -> Iterator[str]:
        longest = self._budget.limits.line_characters
        while line := self._text.readline(longest):
            self._budget.take_bytes(len(line))
            self.ended = line.endswith(("\n", "\r"))
            self.is_closed = self.ended or line.endswith('"')
            if not self.ended and len(line) >= longest:
                raise MalformedAnswer(
                    f"{self._label} has a line of more than {longest} characters.",
                    way_out="Have the report exported as CSV with a row for each queue and half-hour.",
                )
            yield line

    def detach(self) -> None:
        """Leave the file open for the next reader."""
        if not self._text.closed and self._text.buffer is not None and not self._text.buffer.closed:
            self._text.detach()


def _utf_16_without_mark(beginning: bytes) -> str:
    """Return the encoding if most second bytes are zero, as in Latin text, else nothing."""
    for encoding, zeros in (("utf-16-le", beginning[1::2]), ("utf-16-be", beginning[0::2])):
        if zeros.count(0) > len(zeros) * 0.7:
            return encoding
    return ""
