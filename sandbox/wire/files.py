"""Rows → CSV, XLSX and PDF files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from sandbox.scenario.file import FilesEntry
from sandbox.wire.jobs import File

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = Sequence[Sequence[Any]]
"""Cells are texts, numbers, or None for an unknown value."""


def as_csv(name: str, header: Sequence[str], rows: Rows, style: FilesEntry) -> File:
    """Return a CSV file. None becomes an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=style.delimiter)
    writer.writerow(header)
    writer.writerows(rows)
    return File(f"{name}.csv", f"text/csv; charset={style.encoding}", text.getvalue().encode(style.encoding, "replace"))


def as_xlsx(name: str, header: Sequence[str], rows: Rows) -> File:
    """Return a workbook with one sheet."""
    from openpyxl import Workbook  # slow to import and seldom needed

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Report")
    sheet.append(list(header))
    for row in rows:
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


def percent(fraction: float | None, style: FilesEntry) -> float | str | None:
    """Return a fraction in the style of the files: 81.25, 0.8125 or 81.25%."""
    if fraction is None:
        return None
    if style.percent == "fraction":
        return round(fraction, 4)
    hundred = round(fraction * 100, 2)
    return f"{hundred}%" if style.percent == "sign" else hundred
