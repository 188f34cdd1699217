"""Conditional formats. They follow the cells' values, so they stay right when someone sorts or edits.

A blank cell is no data and must not be coloured. A plain ``less than`` rule would read it as 0.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from renderers.words import Words
from renderers.xlsx.looks import TINTS, VOLUME
from renderers.xlsx.sheet import Sheet
from renderers.xlsx.table import Block
from worker.domain.metrics import Status
from worker.domain.usual.target import WITHIN_CHANCE

_ROUNDING = 0.0006
"""By so much a share that is rounded to a tenth of a percent may differ from that of the counts beside it."""


def status_colours(sheet: Sheet, words: Words, block: Block, status_header: str, *headers: str) -> None:
    """Colour the cells of ``headers`` by the status word in column ``status_header`` of their row."""
    for status in TINTS:
        formula = f'{block.first(status_header)}="{words.status(status)}"'
        for header in headers:
            _add_colour(sheet, block.cells(header), formula, status)


def below_goal_colours(sheet: Sheet, block: Block) -> None:
    """Red where service level misses its goal by more than chance, amber within it.

    All contacts answered or abandoned count if that gives the share in its cell, which is rounded. Otherwise how many
    count follows from those not in time and their share. Without them a miss is a miss. A row with a note, which says
    that it has few contacts, is not judged.
    """
    reading, aim, not_in_time = block.first("Service level"), block.first("Goal"), block.first("Not in time")
    ended, late_share = f"({block.first('Answered')}+{block.first('Abandoned')})", f"(1-{reading})"
    is_every_one_counted = f"ABS({not_in_time}-{ended}*{late_share})<={_ROUNDING}*{ended}"
    counted = f"IF({is_every_one_counted},{ended},ROUND({not_in_time}/{late_share},0))"
    chance = f"BINOMDIST({counted}-{not_in_time},{counted},{aim},TRUE)"
    is_beyond_chance = f"IF(ISNUMBER({not_in_time}),{chance}<{WITHIN_CHANCE},TRUE)"
    is_judged = f"ISNUMBER({reading})" + (f',{block.first("Note")}=""' if "Note" in block.letters else "")
    missed = f"AND({is_judged},{reading}<{aim},{is_beyond_chance})"
    amber = f"AND({is_judged},{reading}<{aim})"
    for formula, status in ((missed, Status.MISSED), (amber, Status.WATCH)):
        _add_colour(sheet, block.cells("Service level"), formula, status, ' stopIfTrue="1"')


def bars(sheet: Sheet, block: Block, header: str) -> None:
    """Draw a bar in each cell, from 0 to the column's largest number."""
    ends = '<cfvo type="num" val="0"/><cfvo type="max"/>'
    bar = f'<dataBar minLength="0" maxLength="100">{ends}<color rgb="FF{VOLUME}"/></dataBar>'
    sheet.add_rule(block.cells(header), "dataBar", bar)


def _add_colour(sheet: Sheet, area: str, formula: str, status: Status, attributes: str = "") -> None:
    content = f"<formula>{escape(formula)}</formula>"
    sheet.add_rule(area, "expression", content, f' dxfId="{TINTS[status]}"{attributes}')
