"""How cells look: number formats, fonts and fills, as named styles with a number each.

Every style names the font because Excel's default differs by platform. Fills are explicit because LibreOffice does not
draw table styles.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook import Workbook

from worker.domain.metrics import Status

INK, MUTED, RULE, SURFACE = "0F172A", "475569", "E2E8F0", "F5F7FA"
GOOD, WATCH, BAD = "0B6E69", "975A00", "B3261E"
BAD_TINT, WATCH_TINT = "FDF3F2", "FEF9EE"
VOLUME, LINE, PALE_LINE, GOAL = "7690B8", "1F4E8C", "C7D3E6", "64748B"
FONT = "Calibri"


class Look(enum.StrEnum):
    """What a cell holds, and so how it is shown. The value is the style's name in the workbook."""

    __hash__ = str.__hash__
    """Looked up for each cell. That of an enumeration's member is written in Python."""

    TEXT = "Standup text"
    WRAPPED = "Standup wrapped text"
    GOAL = "Standup goal"
    COUNT = "Standup count"
    PERCENT = "Standup percent"
    POINTS = "Standup points"
    DURATION = "Standup duration"
    MINUTES = "Standup minutes"
    LOCAL_TIME = "Standup local time"
    HEADER = "Standup header"
    NUMBER_HEADER = "Standup number header"
    FILTER_HEADER = "Standup filter header"
    TITLE = "Standup title"
    VERDICT = "Standup verdict"
    SECTION = "Standup section"
    SENTENCE = "Standup sentence"
    WARNING = "Standup warning"
    REMARK = "Standup remark"


TEXTS = frozenset({Look.TEXT, Look.WRAPPED})
"""Looks of table cells that are aligned left."""

_HEADERS = frozenset({Look.HEADER, Look.NUMBER_HEADER, Look.FILTER_HEADER})
_FREE = frozenset({Look.TITLE, Look.VERDICT, Look.SECTION, Look.SENTENCE, Look.WARNING, Look.REMARK})
NUMBER_FORMATS = {
    Look.COUNT: "#,##0",
    Look.PERCENT: "0.0%",
    Look.DURATION: "[h]:mm:ss",
    Look.MINUTES: "[h]:mm",
    Look.LOCAL_TIME: "yyyy-mm-dd hh:mm",
}


def percent_format(places: int) -> str:
    """Return the number format of a percentage with so many decimal places."""
    return f"0.{'0' * places}%"


_BODY = Font(name=FONT, size=11, color=INK)
_COLUMN_HEAD = Font(name=FONT, size=10, color=MUTED, bold=True)
_FONTS = {
    Look.TITLE: Font(name=FONT, size=18, color=INK, bold=True),
    Look.VERDICT: Font(name=FONT, size=13, color=INK, bold=True),
    Look.SECTION: Font(name=FONT, size=12, color=INK, bold=True),
    Look.HEADER: _COLUMN_HEAD,
    Look.NUMBER_HEADER: _COLUMN_HEAD,
    Look.FILTER_HEADER: _COLUMN_HEAD,
    Look.WARNING: Font(name=FONT, size=11, color=WATCH, bold=True),
    Look.REMARK: Font(name=FONT, size=10, color=MUTED),
}
_RULED = Border(bottom=Side(style="thin", color=RULE))


_USUAL_PLACES, _MOST_PLACES = 1, 4


USUAL_PLACES, _MOST_PLACES = 1, 4
"""The decimal places of a percentage."""

_OTHER_PLACES = [places for places in range(_MOST_PLACES + 1) if places != USUAL_PLACES]
PLAIN: Mapping[Look, int] = {look: number for number, look in enumerate(Look, 1)}
"""The number of each look in the file, the same in every workbook."""

PERCENTAGES: Mapping[int, int] = {
    USUAL_PLACES: PLAIN[Look.PERCENT],
    **{places: number for number, places in enumerate(_OTHER_PLACES, len(PLAIN) + 1)},
}
"""The number of `Look.PERCENT` with so many decimal places."""

QUOTED: Mapping[Look, int] = {look: number for number, look in enumerate(Look, len(PLAIN) + len(_OTHER_PLACES) + 1)}
"""The number of each look for text that stays text when it is edited."""

TINTS: Mapping[Status, int] = {Status.MISSED: 0, Status.WATCH: 1, Status.ON_TARGET: 2}
"""The number of the style of each status in the file, for conditional formats."""

_COLOURS = {Status.MISSED: (BAD, BAD_TINT), Status.WATCH: (WATCH, WATCH_TINT), Status.ON_TARGET: (GOOD, None)}


def add_styles(workbook: Workbook, points_unit: str) -> None:
    """Register every style of a cell with the workbook, by its number, and those of conditional formats."""
    # A % format on a difference would read as a relative change.
    unit = f'" {points_unit}"'
    formats = {**NUMBER_FORMATS, Look.POINTS: f"+0.0{unit};-0.0{unit};0.0{unit}"}
    for look in Look:
        workbook.add_named_style(_named_style(look, formats.get(look, "General")))
    sheet = workbook.worksheets[0]
    # openpyxl numbers styles in the order of their first use.
    for look, number in PLAIN.items():
        sheet.cell(number, 1).style = look.value
    for places in _OTHER_PLACES:
        cell = sheet.cell(PERCENTAGES[places], 1)
        cell.style, cell.number_format = Look.PERCENT.value, percent_format(places)
    for look, number in QUOTED.items():
        cell = sheet.cell(number, 1)
        cell.style, cell.quotePrefix = look.value, True
    for status in TINTS:
        rule = Rule("expression", formula=["FALSE"], dxf=_tinted(*_COLOURS[status]))
        sheet.conditional_formatting.add("A1", rule)


def _named_style(look: Look, number_format: str) -> NamedStyle:
    style = NamedStyle(
        name=look.value,
        font=_FONTS.get(look, _BODY),
        alignment=_alignment(look),
        number_format=number_format,
    )
    if look not in _FREE:
        style.border = _RULED
    if look in _HEADERS:
        style.fill = PatternFill("solid", start_color=SURFACE)
    return style


def _alignment(look: Look) -> Alignment:
    if look in _FREE:
        return Alignment(horizontal="left", vertical="center")
    is_left = look in TEXTS or look is Look.HEADER
    return Alignment(
        horizontal="left" if is_left else "right",
        vertical="bottom" if look in _HEADERS else "top",
        wrap_text=look is Look.WRAPPED or look in _HEADERS,
        # LibreOffice indents only some right-aligned numbers. A filter's button covers the end of a header.
        indent=int(is_left or look is Look.FILTER_HEADER),
    )


def _tinted(color: str, tint: str | None) -> DifferentialStyle:
    """Return a conditional format's style: bold in the status colour, on its tint."""
    fill = PatternFill("solid", bgColor=tint) if tint else None
    return DifferentialStyle(font=Font(bold=True, color=color), fill=fill)
