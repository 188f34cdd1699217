"""Rows → CSV, XLSX and PDF files."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.scenario.file_options import FileOptions, Unit
from sandbox.wire.jobs import File

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = Sequence[Sequence[Any]]
"""Cells are texts, numbers, or None for an unknown value."""


def as_csv(name: str, header: Sequence[str], rows: Rows, options: FileOptions) -> File:
    """Return a CSV file, compressed if the options say so. None becomes an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=options.delimiter)
    if options.sep_line:
        text.write(f"sep={options.delimiter}\r\n")
    writer.writerows([*_lines(options.title), header, *rows, *_lines(options.footer)])
    content = text.getvalue().encode(options.encoding, "replace")
    if options.compression == "gzip":
        return File(f"{name}.csv.gz", "application/gzip", gzip.compress(content, mtime=0))
    if options.compression == "zip":
        return File(f"{name}.zip", "application/zip", _zip(f"{name}.csv", content))
    return File(f"{name}.csv", f"text/csv; charset={options.encoding}", content)


def _lines(texts: Iterable[str]) -> list[list[str]]:
    return [[text] for text in texts]


def _zip(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def as_xlsx(name: str, header: Sequence[str], rows: Rows, options: FileOptions) -> File:
    """Return a workbook whose rows are spread over as many sheets as the options say."""
    from openpyxl import Workbook  # slow to import and seldom needed

    book = Workbook(write_only=True)
    per_sheet = -(-len(rows) // options.tabs) or 1
    for n in range(options.tabs):
        sheet = book.create_sheet("Report" if n == 0 else f"Report {n + 1}")
        part = rows[n * per_sheet : (n + 1) * per_sheet]
        for row in [*_lines(options.title), header, *part, *_lines(options.footer)]:
            sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return File(f"{name}.xlsx", XLSX, buffer.getvalue())


def as_pdf(name: str, header: Sequence[str], rows: Rows) -> File:
    """Return a plain table, one line per row."""
    from reportlab.lib.pagesizes import A4, landscape  # slow to import and seldom needed
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=landscape(A4), invariant=True)
    per_page, lines = 48, [header, *rows]
    for first in range(0, len(lines), per_page):
        canvas.setFont("Helvetica", 6)
        for n, line in enumerate(lines[first : first + per_page]):
            text = "   ".join("" if cell is None else str(cell) for cell in line)
            canvas.drawString(24, 570 - n * 11, text.encode("latin-1", "replace").decode("latin-1"))
        canvas.showPage()
    canvas.save()
    return File(f"{name}.pdf", "application/pdf", buffer.getvalue())


def figure(value: float | None, unit: Unit, options: FileOptions) -> float | None:
    """Return a figure, or None if it is a zero that the options leave blank."""
    return None if value == 0 and unit in options.blank_zeros else value


def percent(fraction: float | None, options: FileOptions) -> float | str | None:
    """Return a fraction as the options write it: 81.25, 0.8125 or 81.25%."""
    if fraction is None:
        return None
    if options.percent == "fraction":
        return round(fraction, 4)
    hundred = round(fraction * 100, 2)
    return f"{hundred}%" if options.percent == "sign" else hundred
