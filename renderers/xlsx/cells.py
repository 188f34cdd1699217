"""Write one cell: text that stays text, and numbers rounded to what the workbook shows.

People type names, and some are hostile. ``=1+1`` must not become a formula, nor ``#N/A`` an error. A control character
must not break the file. ``_x0041_`` must not be read as an escape (ECMA-376 part 1, ST_Xstring).
"""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from xml.sax.saxutils import escape

from openpyxl.utils.datetime import to_excel

from renderers.tables.column import Value
from renderers.words import Percent, half_up, tidy
from renderers.xlsx.looks import PERCENTAGES, PLAIN, QUOTED, Look
from renderers.xlsx.sheet import Sheet, reference

CELL_LIMIT = 32_767
"""Excel's longest cell, in UTF-16 code units."""

_DAY_SECONDS = 86_400
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Without the prefix such a text becomes a formula when someone edits the cell. The prefix is lost in a CSV file.
_LIVE_WHEN_TYPED = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def put(sheet: Sheet, row: int, column: int, value: Value, look: Look) -> None:
    """Write ``value`` to the next column of the row. Text stays text, also if it begins like a formula."""
    sheet.cells[row].append(_cell(reference(row, column), value, look))


def cell_text(text: str) -> str:
    """Return the text as a cell can hold it: no controls, no escapes, no longer than Excel allows."""
    return _within_limit(_LOOKS_ESCAPED.sub("_x005F_", tidy(text)))


def _cell(name: str, value: Value, look: Look) -> str:
    if isinstance(value, str):
        return _text_cell(name, cell_text(value), look)
    style = PERCENTAGES[value.places] if isinstance(value, Percent) else PLAIN[look]
    return f'<c r="{name}" s="{style}">{_number(value, look)}</c>'


def _text_cell(name: str, text: str, look: Look) -> str:
    style = (QUOTED if text.startswith(_LIVE_WHEN_TYPED) else PLAIN)[look]
    return f'<c r="{name}" s="{style}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _number(value: int | float | Percent | date | timedelta | None, look: Look) -> str:
    """Return the value's element, or nothing for a blank cell."""
    if value is None:
        return ""
    number = _figure(value, look)
    return f"<v>{number!r}</v>" if math.isfinite(number) else ""


def _figure(value: int | float | Percent | date | timedelta, look: Look) -> float:
    """Return the number that a cell holds: rounded to what it shows, so that it shows the same as a page."""
    if isinstance(value, Percent):
        return value.fraction
    if isinstance(value, timedelta):
        unit = 60 if look is Look.MINUTES else 1
        return unit * int(half_up(value.total_seconds() / unit)) / _DAY_SECONDS
    if isinstance(value, date):
        days: float = to_excel(value)  # type: ignore[no-untyped-call]
        return days
    return float(half_up(value, 1)) + 0.0 if look is Look.POINTS else value  # + 0.0 makes 0 of -0.0


def _within_limit(text: str) -> str:
    if len(text) * 2 <= CELL_LIMIT:
        return text
    return text.encode("utf-16-le")[: CELL_LIMIT * 2].decode("utf-16-le", errors="ignore").rstrip()
