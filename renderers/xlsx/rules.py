"""Conditional formats. They follow the cells' values, so they stay right when someone sorts or edits.

A blank cell is no data and must not be coloured. A plain ``less than`` rule would read it as 0.
"""

from __future__ import annotations

from openpyxl.formatting.rule import DataBar, FormatObject, Rule
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet

from renderers.words import Words
from renderers.xlsx.looks import BAD, BAD_TINT, GOOD, VOLUME, WATCH, WATCH_TINT, tinted
from renderers.xlsx.table import Block
from worker.domain.metrics import TOLERANCE, Metric, Status

_COLOURS = {
    Status.MISSED: (BAD, BAD_TINT),
    Status.WATCH: (WATCH, WATCH_TINT),
    Status.ON_TARGET: (GOOD, None),
}


def status_colours(sheet: Worksheet, words: Words, block: Block, status_header: str, *headers: str) -> None:
    """Colour the cells of ``headers`` by the status word in column ``status_header`` of their row."""
    for status, (colour, tint) in _COLOURS.items():
        formula = f'{block.first(status_header)}="{words.status(status)}"'
        for header in headers:
            rule = Rule("expression", formula=[formula], dxf=tinted(colour, tint))
            sheet.conditional_formatting.add(block.cells(header), rule)


def below_goal_colours(sheet: Worksheet, block: Block, value: str, goal: str) -> None:
    """Red where service level misses its goal by more than the tolerance, amber within it.

    A row with a note, which says that it has few contacts, is not judged.
    """
    reading, aim = block.first(value), block.first(goal)
    tolerance = TOLERANCE[Metric.SERVICE_LEVEL]
    is_judged = f"ISNUMBER({reading})" + (f',{block.first("Note")}=""' if "Note" in block.letters else "")
    missed = f"AND({is_judged},ROUND({reading}-{aim},4)<-{tolerance})"
    amber = f"AND({is_judged},{reading}<{aim})"
    for formula, status in ((missed, Status.MISSED), (amber, Status.WATCH)):
        rule = Rule("expression", formula=[formula], dxf=tinted(*_COLOURS[status]), stopIfTrue=True)
        sheet.conditional_formatting.add(block.cells(value), rule)


def bars(sheet: Worksheet, block: Block, header: str) -> None:
    """Draw a bar in each cell, from 0 to the column's largest number."""
    ends = [FormatObject(type="num", val=0), FormatObject(type="max")]
    bar = DataBar(cfvo=ends, minLength=0, maxLength=100, color=Color(rgb=f"FF{VOLUME}"))
    sheet.conditional_formatting.add(block.cells(header), Rule("dataBar", dataBar=bar))
