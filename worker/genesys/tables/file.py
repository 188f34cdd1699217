"""Opens a report file: delimited text, zipped or not, or a workbook. Anything else is named for what it is."""

from __future__ import annotations

import codecs
import gzip
import re
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from worker.errors import MalformedAnswer
from worker.genesys.api.wire import MEGABYTE
from worker.genesys.tables.delimited import DelimitedText, Line
from worker.genesys.tables.limits import EXPORT_AGAIN, Budget, Limits, ZipBytes, shorten
from worker.genesys.tables.names import clean_name
from worker.genesys.tables.xlsx.workbook import DAMAGED, Workbook, open_workbook

_IN_MEMORY = 4 * MEGABYTE
_PIECE = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office stores an encrypted workbook ([MS-OFFCRYPTO] 2.3.4.4)."""

_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_AS_TABLE = "Have the report exported as CSV or XLSX."
_SIGN_IN = "Open the download link by hand: the gateway may ask to sign in, or report an error."
_SIGN_IN_OR_TABLE = f"{_SIGN_IN} If it has figures, have the report exported as CSV or XLSX."
_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[\[\]{\"]")
"""How objects and arrays begin. A title such as ``[Report]`` begins with a letter."""

_MARKED_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BEGINNINGS = (
    ((b"<?xml",), "is an XML document", _SIGN_IN),
    ((b"mime-version:",), "is a web page that was saved as a workbook", _AS_TABLE),
    ((b"<!doctype", b"<!--", b"<html", b"<head", b"<body", b"<meta", b"<script"), "is a web page", _SIGN_IN),
    ((b"%pdf",), "is a PDF", 'Have the report exported as CSV or XLSX, or state "format": "PDF" in its definition.'),
    ((b"<",), "is a web page or an XML document", _AS_TABLE),
    ((b"{\\rtf", b"rar!", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"bzh"), "is no text and no workbook", _AS_TABLE),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One table of a file: a worksheet, or all of a text file, whose tab has no name."""

    name: str
    lines: Callable[[], Iterator[Line]]
    first_lines: Callable[[], list[Line]]
    delimiter: str = ""
    encoding: str = ""
    is_hidden: bool = False

    @property
    def is_sheet(self) -> bool:
        """Whether short rows may be padded, because trailing empty cells are not stored."""
        return not self.delimiter


class TableFile:
    """An open report file with its tabs.

    ``tabs`` lists every delimiter's reading of a text file, of which the reader takes the one with the best header.
    """

    def __init__(
        self,
        file: IO[bytes],
        label: str,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._label = label
        self._limits = limits or Limits()
        self._clock = clock
        self._unpacked: list[IO[bytes]] = []
        self.tabs = self._open(file)

    @property
    def is_workbook(self) -> bool:
        """Whether the tabs are worksheets."""
        return all(tab.is_sheet for tab in self.tabs)

    def _open(self, file: IO[bytes], *, nested: bool = False) -> tuple[Tab, ...]:
        file.seek(0)
        beginning = file.read(1024)
        self._refuse_other_kinds(file, beginning)
        if beginning.startswith(_ARCHIVES):
            if beginning.startswith(b"PK"):
                return self._zipped(file, nested=nested)
            if not nested:
                return self._gzipped(file)
            raise self._malformed("is an archive inside an archive", _AS_TABLE)
        return self._text_tabs(DelimitedText(file, self._label, self._budget))

    def _refuse_other_kinds(self, file: IO[bytes], beginning: bytes) -> None:
        start = _in_ascii(beginning).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if not start:
            raise self._malformed("is empty", EXPORT_AGAIN)
        if _JSON.match(start):
            raise self._malformed("is JSON and no table", _SIGN_IN_OR_TABLE)
        for marks, problem, way_out in _BEGINNINGS:
            if start.startswith(marks):
                raise self._malformed(problem + _title(beginning), way_out)
        if beginning.startswith(_OLE):
            if _contains(file, _ENCRYPTED_PACKAGE):
                raise self._malformed("is an encrypted workbook", "Have the report exported without a password.")
            raise self._malformed("is a workbook in the old .xls format", _AS_TABLE)

    def _text_tabs(self, text: DelimitedText) -> tuple[Tab, ...]:
        def tab(delimiter: str) -> Tab:
            return Tab("", lambda: text.lines(delimiter), lambda: text.first_lines(delimiter), delimiter, text.encoding)

        return tuple(tab(delimiter) for delimiter in text.delimiters())

    def _gzipped(self, file: IO[bytes]) -> tuple[Tab, ...]:
        file.seek(0)
        with self._named_errors("is a damaged gzip file"), gzip.GzipFile(fileobj=file, mode="rb") as stream:
            return self._open(self._unpack(stream), nested=True)

    def _zipped(self, file: IO[bytes], *, nested: bool) -> tuple[Tab, ...]:
        """A workbook is a zip file too, so one level more is allowed for it."""
        file.seek(0)
        with self._named_errors("is a damaged workbook or zip file"):
            archive = zipfile.ZipFile(cast(IO[bytes], ZipBytes(file, self._budget())))
            members = [info for info in archive.infolist() if not _is_ignored(info)]
            names = {info.filename for info in members}
            if any(info.flag_bits & 1 for info in members):
                raise self._malformed("is an encrypted zip file", "Have the report exported without a password.")
            self._refuse_unknown_compression(members)
            if "xl/workbook.xml" in names:
                return self._sheet_tabs(open_workbook(archive, self._budget()))
            if "xl/workbook.bin" in names or "content.xml" in names:
                raise self._malformed("is a workbook in another format than .xlsx", _AS_TABLE)
            if nested:
                raise self._malformed("is an archive inside an archive", _AS_TABLE)
            if len(members) != 1:
                file_names = ", ".join(repr(shorten(name)) for name in sorted(names)[:8]) or "nothing"
                raise self._malformed(f"is a zip file with {len(members)} files ({file_names})", _AS_TABLE)
            with archive.open(members[0]) as stream:
                return self._open(self._unpack(stream), nested=True)

    def _refuse_unknown_compression(self, members: Iterable[zipfile.ZipInfo]) -> None:
        for info in members:
            if info.compress_type not in _COMPRESSIONS:
                raise self._malformed(
                    f"is packed by the compression method {info.compress_type}, which is not read", _AS_TABLE
                )

    def _sheet_tabs(self, book: Workbook) -> tuple[Tab, ...]:
        def tab(name: str, path: str) -> Tab:
            def lines() -> Iterator[Line]:
                book.budget = self._budget()
                with self._named_errors(f"has a damaged tab {shorten(name)!r}"):
                    for row in book.rows(path):
                        line = Line(row.number, row.cells, is_hidden=row.is_hidden, hidden_columns=row.hidden_columns)
                        if not line.is_blank:
                            yield line

            return Tab(
                name,
                lines,
                lambda: [line for line, _ in zip(lines(), range(50), strict=False)],
                is_hidden=name in book.hidden_tabs,
            )

        tabs = tuple(tab(name, path) for name, path in book.tabs.items())
        if not tabs:
            raise self._malformed("is a workbook without worksheets", EXPORT_AGAIN)
        return tabs

    def _unpack(self, stream: IO[bytes] | gzip.GzipFile) -> IO[bytes]:
        """Copy a packed file, because readers start at its beginning more than once."""
        budget = self._budget()
        target: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - lives as long as the reader
        self._unpacked.append(target)
        while piece := stream.read(_PIECE):
            budget.take_bytes(len(piece))
            target.write(piece)
        return target

    def _budget(self) -> Budget:
        return Budget(self._label, self._limits, self._clock)

    @contextmanager
    def _named_errors(self, problem: str) -> Iterator[None]:
        try:
            yield
        except MalformedAnswer:
            raise
        except DAMAGED as error:
            reason = str(error) if isinstance(error, zlib.error) else type(error).__name__
            raise self._malformed(f"{problem} ({reason})", EXPORT_AGAIN) from None

    def _malformed(self, problem: str, way_out: str = "") -> MalformedAnswer:
        return MalformedAnswer(f"{self._label} {problem}.", way_out=way_out)


def _in_ascii(beginning: bytes) -> bytes:
    """Return the beginning of a text in UTF-16 or UTF-32 with one byte for each character, of others as it is."""
    for mark, encoding in _MARKED_ENCODINGS:
        if beginning.startswith(mark):
            return beginning.decode(encoding, "ignore").encode("ascii", "replace")
    return beginning


def _title(beginning: bytes) -> str:
    """Return the title of a web page, such as "Sign in", as a clause."""
    match = _TITLE.search(beginning)
    title = clean_name(match[1].decode("utf-8", "replace")) if match else ""
    return f" with the title {shorten(title)!r}" if title else ""


def _is_ignored(info: zipfile.ZipInfo) -> bool:
    """Folders, and what macOS adds to archives."""
    return info.is_dir() or info.filename.startswith("__MACOSX/") or info.filename.endswith(".DS_Store")


def _contains(file: IO[bytes], mark: bytes) -> bool:
    file.seek(0)
    tail = b""
    while piece := file.read(_PIECE):
        if mark in tail + piece:
            return True
        tail = piece[-len(mark) :]
    return False
