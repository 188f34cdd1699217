"""A downloaded report as lines of cells: CSV in its many dialects, or a workbook's first sheet. Read as a stream."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import IO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from worker.errors import MalformedAnswer
from worker.genesys.api.wire import MEGABYTE

DELIMITERS = (",", ";", "\t")
UNPACKED_LIMIT = 512 * MEGABYTE
_PIECE = 64 * 1024

Line = tuple[int, list[str]]
"""Its number in the file, from 1, and its cells as text."""


class ReportFile:
    """An open file; ``lines`` may be asked for again and again."""

    def __init__(self, file: IO[bytes], where: str) -> None:
        self._file = file
        self._where = where
        self._packed = self._beginning().startswith(b"PK\x03\x04")
        self._encoding = "" if self._packed else self._find_encoding()
        self._delimiter = "," if self._packed else self._find_delimiter()
        self.decimal_comma = self._delimiter == ";"

    def lines(self) -> Iterator[Line]:
        """All lines that are not blank, the header first; `MalformedAnswer` where the file is broken."""
        found = self._workbook_lines() if self._packed else self._csv_lines()
        return ((number, cells) for number, cells in found if any(cell.strip() for cell in cells))

    def _beginning(self) -> bytes:
        self._file.seek(0)
        beginning = self._file.read(1024)
        shown = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if not shown:
            raise self._malformed("is empty")
        if shown.startswith((b"<!doctype", b"<html", b"<?xml")):
            raise self._malformed("is a web page")
        if shown.startswith(b"%pdf"):
            raise self._malformed("is a PDF", "Have the report exported as CSV or XLSX.")
        return beginning

    def _find_encoding(self) -> str:
        """By its mark, else UTF-8 if the whole file is that, else what Excel on Windows writes."""
        beginning = self._beginning()
        if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        self._file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while piece := self._file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8-sig"

    def _text(self) -> io.TextIOWrapper:
        self._file.seek(0)
        return io.TextIOWrapper(self._file, self._encoding, errors="replace", newline="")

    def _find_delimiter(self) -> str:
        """The one that cuts the first line into most cells."""
        text = self._text()
        first = text.readline(_PIECE)
        text.detach()
        return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([first], delimiter=delimiter), [])))

    def _csv_lines(self) -> Iterator[Line]:
        text = self._text()
        reader = csv.reader(text, delimiter=self._delimiter, strict=True)
        try:
            for cells in reader:
                yield reader.line_num, cells
        except csv.Error as error:
            raise self._malformed(f"breaks off at line {reader.line_num} ({error})") from None
        finally:
            if not self._file.closed:
                text.detach()

    def _workbook_lines(self) -> Iterator[Line]:
        self._file.seek(0)
        try:
            self._check_size()
            book = load_workbook(self._file, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(), 1):
                yield number, [_cell_text(cell.value, str(cell.number_format)) for cell in row]
        except (
            zipfile.BadZipFile,
            InvalidFileException,
            KeyError,
            IndexError,
            ValueError,
            SyntaxError,
            OSError,
        ) as error:
            raise self._malformed(f"is no workbook that can be read ({type(error).__name__})") from None

    def _check_size(self) -> None:
        with zipfile.ZipFile(self._file) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
        if unpacked > UNPACKED_LIMIT:
            raise self._malformed(f"unpacks to more than {UNPACKED_LIMIT // MEGABYTE} MB")
        self._file.seek(0)

    def _malformed(self, what: str, way_out: str = "") -> MalformedAnswer:
        return MalformedAnswer(f"{self._where} {what}.", way_out=way_out)


def _cell_text(value: object, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return repr(value.total_seconds())
    if isinstance(value, time):
        return repr(value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, int | float) and "%" in number_format:
        return f"{value * 100!r}%"
    return str(value)
