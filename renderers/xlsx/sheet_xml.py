"""A sheet as XML: ECMA-376 part 1, 18.3, elements in the order that the schema asks for."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from renderers.xlsx.sheet import Sheet, reference

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TOP = (
    '<sheetPr><outlinePr summaryBelow="1" summaryRight="1"/><pageSetUpPr fitToPage="1"/></sheetPr>'
    '<dimension ref="A1:{last}"/><sheetViews><sheetView showGridLines="0" workbookViewId="0">{panes}</sheetView>'
    '</sheetViews><sheetFormatPr baseColWidth="8" defaultRowHeight="15"/>'
)
_PAGE = (
    '<pageMargins left="0.75" right="0.75" top="0.5" bottom="0.75" header="0.5" footer="0.5"/>'
    '<pageSetup orientation="landscape" paperSize="9" fitToHeight="{height}" fitToWidth="1"/>'
    "<headerFooter><oddFooter>{footer}</oddFooter></headerFooter>"
)
"""A4 landscape, one page wide."""


def sheet_part(sheet: Sheet) -> str:
    """Return the sheet's part. Its drawing and its tables have the ids rId1, rId2 and so on, in this order."""
    return "".join((f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONSHIPS}">', *_elements(sheet), "</worksheet>"))


def _elements(sheet: Sheet) -> Iterator[str]:
    columns = max(map(len, sheet.cells.values()), default=1)
    yield _TOP.format(last=reference(sheet.last_row, columns), panes=_panes(*sheet.frozen))
    if sheet.widths:
        yield "<cols>"
        for number, width in sorted(sheet.widths.items()):
            yield f'<col width="{width:g}" customWidth="1" min="{number}" max="{number}"/>'
        yield "</cols>"
    yield "<sheetData>"
    for row in sorted(sheet.cells):
        yield from (_row_start(row, sheet.heights.get(row)), *sheet.cells[row], "</row>")
    yield "</sheetData>"
    for area, rules in sheet.rules.items():
        yield from (f'<conditionalFormatting sqref="{area}">', *rules, "</conditionalFormatting>")
    yield _PAGE.format(height=int(sheet.one_page), footer=escape(sheet.footer))
    yield from _links(sheet)


def _panes(columns: int, rows: int) -> str:
    """Return the panes of a sheet whose first columns and rows do not scroll."""
    if not columns and not rows:
        return '<selection activeCell="A1" sqref="A1"/>'
    names = ["topRight"] * bool(columns) + ["bottomLeft"] * bool(rows) + ["bottomRight"] * bool(columns and rows)
    splits = (f'xSplit="{columns}" ' if columns else "") + (f'ySplit="{rows}" ' if rows else "")
    first_cell = f'topLeftCell="{reference(rows + 1, columns + 1)}" activePane="{names[-1]}" state="frozen"'
    corners = "".join(f'<selection pane="{name}"/>' for name in names[:-1])
    return f'<pane {splits}{first_cell}/>{corners}<selection pane="{names[-1]}" activeCell="A1" sqref="A1"/>'


def _row_start(row: int, height: int | None) -> str:
    return f'<row r="{row}">' if height is None else f'<row r="{row}" ht="{height}" customHeight="1">'


def _links(sheet: Sheet) -> Iterator[str]:
    if sheet.chart:
        yield '<drawing r:id="rId1"/>'
    if sheet.tables:
        first = 2 if sheet.chart else 1
        ids = "".join(f'<tablePart r:id="rId{number}"/>' for number, _ in enumerate(sheet.tables, first))
        yield f'<tableParts count="{len(sheet.tables)}">{ids}</tableParts>'
