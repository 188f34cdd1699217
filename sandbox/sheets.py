"""Rows → files: CSV, XLSX, PDF."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from sandbox.jobs import File
from sandbox.scenario import FilesEntry

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = Sequence[Sequence[Any]]
"""Cells are texts, numbers, or None for "nothing known"."""


def as_csv(name: str, header: Sequence[str], rows: Rows, style: FilesEntry) -> File:
    """A CSV file; None is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=style.delimiter)
    writer.writerow(header)
    writer.writerows(rows)
    return File(f"{name}.csv", f"text/csv; charset={style.encoding}", text.getvalue().encode(style.encoding, "replace"))


def as_xlsx(name: str, header: Sequence[str], rows: Rows) -> File:
    """A workbook with one sheet."""
    from openpyxl import Workbook  # slow to import, seldom needed

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Report")
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return File(f"{name}.xlsx", XLSX, packed.getvalue())


def as_pdf(name: str, header: Sequence[str], rows: Rows) -> File:
    """A plain table, one line a row."""
    from reportlab.lib.pagesizes import A4, landscape  # slow to import, seldom needed
    from reportlab.pdfgen.canvas import Canvas

    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=landscape(A4), invariant=True)
    per_page, lines = 48, [header, *rows]
    for first in range(0, len(lines), per_page):
        canvas.setFont("Helvetica", 6)
        for n, line in enumerate(lines[first : first + per_page]):
            text = "   ".join("" if cell is None else str(cell) for cell in line)
            canvas.drawString(24, 570 - n * 11, text.encode("latin-1", "replace").decode("latin-1"))
        canvas.showPage()
    canvas.save()
    return File(f"{name}.pdf", "application/pdf", packed.getvalue())


def percent(fraction: float | None, style: FilesEntry) -> float | str | None:
    """A fraction as the files' style writes it: 81.25, 0.8125 or 81.25%."""
    if fraction is None:
        return None
    if style.percent == "fraction":
        return round(fraction, 4)
    hundred = round(fraction * 100, 2)
    return f"{hundred}%" if style.percent == "sign" else hundred
