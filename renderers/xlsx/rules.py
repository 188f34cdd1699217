"""Conditional formats. They colour what stands in the cells and stay right when somebody sorts or edits.

Blank is no data and never coloured: a bare ``less than`` rule takes a blank cell for 0.
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


def status_colours(sheet: Worksheet, words: Words, block: Block, by: str, *headers: str) -> None:
    """Colour the cells of ``headers`` by the status word that stands in column ``by`` of their row."""
    for status, (colour, tint) in _COLOURS.items():
        formula = f'{block.first(by)}="{words.status(status)}"'
        for header in headers:
            rule = Rule("expression", formula=[formula], dxf=tinted(colour, tint))
            sheet.conditional_formatting.add(block.cells(header), rule)


def below_goal_colours(sheet: Worksheet, block: Block, value: str, goal: str) -> None:
    """Red where service level misses its goal by more than the tolerance, amber within it."""
    reading, aim = block.first(value), block.first(goal)
    tolerance = TOLERANCE[Metric.SERVICE_LEVEL]
    missed = f"AND(ISNUMBER({reading}),ROUND({reading}-{aim},4)<-{tolerance})"
    under = f"AND(ISNUMBER({reading}),{reading}<{aim})"
    for formula, status in ((missed, Status.MISSED), (under, Status.WATCH)):
        rule = Rule("expression", formula=[formula], dxf=tinted(*_COLOURS[status]), stopIfTrue=True)
        sheet.conditional_formatting.add(block.cells(value), rule)


def bars(sheet: Worksheet, block: Block, header: str) -> None:
    """A bar in each cell, from 0 to the column's largest number."""
    ends = [FormatObject(type="num", val=0), FormatObject(type="max")]
    bar = DataBar(cfvo=ends, minLength=0, maxLength=100, color=Color(rgb=f"FF{VOLUME}"))
    sheet.conditional_formatting.add(block.cells(header), Rule("dataBar", dataBar=bar))
