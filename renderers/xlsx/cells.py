"""Write one cell: text that stays text, and numbers rounded to what the workbook shows.

People type names, and some are hostile. ``=1+1`` must not become a formula, nor ``#N/A`` an error. A control character
must not break the file. ``_x0041_`` must not be read as an escape (ECMA-376 part 1, ST_Xstring).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from openpyxl.worksheet.worksheet import Worksheet

from renderers.tables.column import Value
from renderers.words import Percent, half_up, tidy
from renderers.xlsx.looks import Look, percent_format

CELL_LIMIT = 32_767
"""Excel's longest cell, in UTF-16 code units."""

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Without the prefix such a text becomes a formula when someone edits the cell. The prefix is lost in a CSV file.
_LIVE_WHEN_TYPED = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def put(sheet: Worksheet, row: int, column: int, value: Value, look: Look) -> None:
    """Write ``value``. A string stays a string, whatever it looks like."""
    cell = sheet.cell(row, column)
    cell.style = look.value
    if isinstance(value, Percent):
        cell.value = value.fraction
        cell.number_format = percent_format(value.places)
        return
    if not isinstance(value, str):
        cell.value = _rounded(value, look)
        return
    text = cell_text(value)
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_LIVE_WHEN_TYPED):
        cell.quotePrefix = True


def cell_text(text: str) -> str:
    """Return the text as a cell can hold it: no controls, no escapes, no longer than Excel allows."""
    return _within_limit(_LOOKS_ESCAPED.sub("_x005F_", tidy(text)))


def _within_limit(text: str) -> str:
    if len(text) * 2 <= CELL_LIMIT:
        return text
    return text.encode("utf-16-le")[: CELL_LIMIT * 2].decode("utf-16-le", errors="ignore")


def _rounded(value: int | float | date | timedelta | None, look: Look) -> int | float | date | timedelta | None:
    """Round to what the cell shows, so that it shows the same as a page."""
    if isinstance(value, timedelta):
        unit = 60 if look is Look.MINUTES else 1
        return timedelta(seconds=unit * int(half_up(value.total_seconds() / unit)))
    if isinstance(value, float) and look is Look.POINTS:
        return float(half_up(value, 1))
    return value
