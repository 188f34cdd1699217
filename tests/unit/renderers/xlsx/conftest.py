"""A rendered workbook, read back the way a spreadsheet does and the way an attacker would: as XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from renderers import xlsx
from worker.domain.briefing.content import Briefing

Column = Callable[[str, str], list[Any]]


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def cells_under(sheet: Worksheet, header: str) -> list[Any]:
    """The cells of the first column with this header, down to the first row without a value in column A."""
    (head,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == header)
    values = sheet.iter_rows(min_row=head.row + 1, min_col=head.column, max_col=head.column)
    return [cell for (cell,) in values if sheet.cell(cell.row, 1).value is not None]


@pytest.fixture
def workbook(briefing: Briefing) -> Workbook:
    """The sample's workbook, read back."""
    return opened(xlsx.render(briefing))
