"""What openpyxl writes once in a process: the parts that are the same in every workbook of a language, and charts."""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Collection, Mapping

from openpyxl.chart import BarChart
from openpyxl.workbook import Workbook

from renderers.xlsx.looks import add_styles

_PARTS = ("docProps/app.xml", "xl/theme/theme1.xml", "xl/styles.xml", "_rels/.rels")
_CHART = "xl/charts/chart1.xml"


@functools.cache
def parts(points_unit: str) -> Mapping[str, str]:
    """Return the parts by name. ``points_unit`` is the word for percentage points."""
    workbook = Workbook()
    add_styles(workbook, points_unit)
    return _saved(workbook, _PARTS)


def chart_part(chart: BarChart) -> str:
    """Return the part of a chart."""
    workbook = Workbook()
    workbook.worksheets[0].add_chart(chart)
    return _saved(workbook, [_CHART])[_CHART]


def _saved(workbook: Workbook, names: Collection[str]) -> dict[str, str]:
    file = io.BytesIO()
    workbook.save(file)
    with zipfile.ZipFile(file) as package:
        return {name: package.read(name).decode() for name in names}
