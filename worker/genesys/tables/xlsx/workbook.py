"""Reads the worksheets of an .xlsx file as a stream of rows, within bounds. Only what tables need: values and formats.

openpyxl creates every row up to the highest row number, and stops at a style that it does not know. Calamine allocates
the whole rectangle between the first and the last cell, and a failed allocation ends the process. So a file of 5 KB can
block or kill a worker with either of them (docs/decisions/workbook-reader.md).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat  # nosec - see xml_parts

from openpyxl.styles.numbers import BUILTIN_FORMATS

from worker.genesys.api.shapes import NAME_CHARACTERS
from worker.genesys.tables.limits import LAST_COLUMN, LAST_ROW, Budget
from worker.genesys.tables.xlsx.number_formats import text_of_number
from worker.genesys.tables.xlsx.rich_text import RichText, cut
from worker.genesys.tables.xlsx.xml_parts import Attributes, XmlRefused, parse

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    XmlRefused,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    KeyError,
    IndexError,
    ValueError,
    OverflowError,
    ArithmeticError,
)
"""What reading a damaged archive or part can raise."""

_WORKSHEET = "/worksheet"
_HIDDEN_STATES = ("hidden", "veryHidden")
"""A very hidden worksheet can only be shown by a program (ECMA-376 18.18.68)."""

_TRUE = ("1", "true")
_NO_VALUE = "#N/A"
"""What a formula is read as whose value was never calculated: it is not blank."""

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_FORMAT_CHARACTERS = 255


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a worksheet with its number. ``hidden_columns`` are those of the worksheet, from 0."""

    number: int
    cells: list[str]
    is_hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()


@dataclass
class Workbook:
    """An opened workbook. ``tabs`` are the paths of the worksheets by name, ``hidden_tabs`` the hidden names."""

    archive: zipfile.ZipFile
    budget: Budget
    tabs: dict[str, str] = field(default_factory=dict)
    hidden_tabs: set[str] = field(default_factory=set)
    is_1904: bool = False
    shared_texts: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)

    def add_tab(self, sheet: Attributes, path: str) -> None:
        """Add a worksheet. `ValueError` for a second one of the same name, which no program writes."""
        name = sheet.get("name", "")[:NAME_CHARACTERS]
        if name in self.tabs:
            raise ValueError("two worksheets of one name")
        self.tabs[name] = path
        if sheet.get("state") in _HIDDEN_STATES:
            self.hidden_tabs.add(name)

    def rows(self, path: str) -> Iterator[SheetRow]:
        """Yield the rows of a worksheet. A row without cells is left out."""
        sheet = _Sheet(self)
        with self.archive.open(path) as stream:
            for _ in parse(stream, self.budget, sheet.start, sheet.end):
                while sheet.finished:
                    yield sheet.finished.popleft()


def open_workbook(archive: zipfile.ZipFile, budget: Budget) -> Workbook:
    """Read everything but the sheets. Raises the errors of `DAMAGED`. Styles that cannot be read are left out."""
    book = Workbook(archive, budget)
    targets = _targets(archive, budget)
    sheets: list[Attributes] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            if len(sheets) == budget.limits.tabs:
                raise budget.exceeded(f"has more than {budget.limits.tabs} tabs")
            sheets.append(attributes)
        elif name == "workbookPr":
            book.is_1904 = attributes.get("date1904") in _TRUE

    _read_part(archive, "xl/workbook.xml", budget, start)
    for sheet in sheets:
        kind, target = targets[sheet["id"]]
        if kind.endswith(_WORKSHEET):
            book.add_tab(sheet, target)
    if "xl/sharedStrings.xml" in archive.namelist():
        book.shared_texts = _shared_texts(archive, budget)
    book.formats = _formats_or_none(archive, budget)
    return book


def _targets(archive: zipfile.ZipFile, budget: Budget) -> dict[str, tuple[str, str]]:
    """Return type and path of the workbook's parts by relation id."""
    targets: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            budget.take_row(1)
            path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
            targets[attributes.get("Id", "")] = (attributes.get("Type", ""), path)

    _read_part(archive, "xl/_rels/workbook.xml.rels", budget, start)
    return targets


def _shared_texts(archive: zipfile.ZipFile, budget: Budget) -> list[str]:
    texts: list[str] = []
    rich_text = RichText()

    def start(name: str, _attributes: Attributes) -> None:
        rich_text.start(name)

    def end(name: str, text: str) -> None:
        rich_text.end(name, text)
        if name == "si":
            budget.take_row(1)
            texts.append(rich_text.take())

    _read_part(archive, "xl/sharedStrings.xml", budget, start, end)
    return texts


def _formats_or_none(archive: zipfile.ZipFile, budget: Budget) -> list[str]:
    """Return the number format of each cell style, or none if the styles are missing, damaged or too large."""
    try:
        if archive.getinfo("xl/styles.xml").file_size > budget.limits.style_bytes:
            return []
        return _formats(archive, budget)
    except DAMAGED:
        return []


def _formats(archive: zipfile.ZipFile, budget: Budget) -> list[str]:
    own_formats: dict[str, str] = {}
    style_ids: list[str] = []
    inside: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            own_formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:_FORMAT_CHARACTERS]
        elif name == "xf" and inside and inside[-1] == "cellXfs":
            style_ids.append(attributes.get("numFmtId", "0"))
        inside.append(name)

    def end(_name: str, _text: str) -> None:
        inside.pop()

    _read_part(archive, "xl/styles.xml", budget, start, end)
    builtin = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    return [own_formats.get(style_id) or builtin.get(style_id, "General") for style_id in style_ids]


def _read_part(  # type: ignore[no-untyped-def]
    archive: zipfile.ZipFile, path: str, budget: Budget, on_start, on_end=lambda *_: None
) -> None:
    part = archive.getinfo(path)
    if part.file_size > budget.limits.part_bytes:
        raise budget.exceeded(f"has a part {path} of more than {budget.limits.part_bytes >> 20} MB")
    with archive.open(part) as stream:
        for _ in parse(stream, budget, on_start, on_end):
            pass


class _Sheet:
    """Collects the rows of a worksheet while it is parsed."""

    def __init__(self, book: Workbook) -> None:
        self.finished: deque[SheetRow] = deque()
        self._book = book
        self._row_number = 0
        self._is_row_hidden = False
        self._hidden_mask = 0
        self._hidden_columns: frozenset[int] | None = None
        self._cells: dict[int, str] = {}
        self._column = 0
        self._cell: Attributes = {}
        self._value = ""
        self._rich_text = RichText()

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin a row or a cell."""
        if name == "row":
            self._row_number = _row_number(attributes.get("r"), self._row_number)
            self._cells, self._column = {}, 0
            self._is_row_hidden = attributes.get("hidden") in _TRUE or attributes.get("ht") in ("0", "0.0")
        elif name == "col" and attributes.get("hidden") in _TRUE:
            self._hidden_mask |= _column_mask(attributes)
        elif name == "c":
            self._cell, self._value = attributes, ""
            self._column = _column_number(attributes.get("r"), self._column)
        self._rich_text.start(name)

    def end(self, name: str, text: str) -> None:
        """Take a value, or finish a cell or a row."""
        self._rich_text.end(name, text)
        if name == "v":
            self._value = cut(text) or self._value
        elif name == "is":
            self._value = self._rich_text.take()
        elif name == "f" and not self._value:
            self._value = _NO_VALUE
        elif name == "c" and self._value:
            self._cells[self._column] = _NO_VALUE if self._value == _NO_VALUE else self._cell_text()
        elif name == "row" and self._cells:
            width = max(self._cells)
            self._book.budget.take_row(width)
            cells = [self._cells.get(column, "") for column in range(1, width + 1)]
            self.finished.append(SheetRow(self._row_number, cells, self._is_row_hidden, self._hidden()))

    def _hidden(self) -> frozenset[int]:
        """Return the hidden columns. They stand before the first row, and are listed once."""
        if self._hidden_columns is None:
            mask = self._hidden_mask
            self._hidden_columns = frozenset(column for column in range(LAST_COLUMN) if mask >> column & 1)
        return self._hidden_columns

    def _cell_text(self) -> str:
        kind = self._cell.get("t", "n")
        if kind == "s":
            return self._book.shared_texts[int(self._value)]
        if kind == "b":
            return "TRUE" if self._value == "1" else "FALSE"
        if kind != "n":
            return self._value
        return text_of_number(self._value, self._format(), is_1904=self._book.is_1904)

    def _format(self) -> str:
        style = int(self._cell.get("s", "0"))
        formats = self._book.formats
        return formats[style] if 0 <= style < len(formats) else "General"


def _column_mask(attributes: Attributes) -> int:
    """Return a bit for each column that a ``col`` element is about. Thousands of elements may name all columns."""
    first = max(int(attributes.get("min", "1")), 1)
    last = min(int(attributes.get("max", "1")), LAST_COLUMN)
    return (1 << last) - (1 << (first - 1)) if first <= last else 0


def _row_number(reference: str | None, previous: int) -> int:
    number = int(reference) if reference else previous + 1
    if not previous < number <= LAST_ROW:
        raise ValueError(f"row {number} after row {previous}")
    return number


def _column_number(reference: str | None, previous: int) -> int:
    if not reference:
        number = previous + 1
    else:
        match = _REFERENCE.fullmatch(reference)
        if not match:
            raise ValueError("cell reference")
        number = 0
        for letter in match[1]:
            number = number * 26 + ord(letter) - ord("A") + 1
    if not previous < number <= LAST_COLUMN:
        raise ValueError(f"column {number} after column {previous}")
    return number
