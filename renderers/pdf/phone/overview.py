"""Page one: the verdict, the four metrics, and what to talk about."""

from __future__ import annotations

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import page, tile
from renderers.pdf.text.typesetting import Style, width
from worker.domain.briefing.content import Briefing
from worker.domain.metrics import Status

_TILES_TOP = 162
_GUTTER = 10
_ITEM_HEIGHT = 61


def draw(sheet: Sheet, briefing: Briefing) -> None:
    """All of page one but its foot."""
    title(sheet, briefing)
    _verdict(sheet, briefing)
    for number, one in enumerate(briefing.tiles[:4]):
        column, row = number % 2, number // 2
        x = page.MARGIN + column * (tile.WIDTH + _GUTTER)
        tile.draw(sheet, x, _TILES_TOP + row * (tile.HEIGHT + _GUTTER), one)
    if any(tile.has_line(one) for one in briefing.tiles):
        _legend(sheet)
    _talk_about(sheet, briefing)


def _legend(sheet: Sheet) -> None:
    with sheet.tagged("P"):
        legend = sheet.words.say("Lines: last 10 business days · dashes or band = goal")
        sheet.text(page.MARGIN, 507, legend, styles.FOOT, palette.MUTED)


def title(sheet: Sheet, briefing: Briefing) -> None:
    """What this is, for whom, about which day, and whether it corrects an earlier one."""
    with sheet.tagged("P"):
        taken = sheet.text(
            page.MARGIN, 32, sheet.words.say("DAILY STANDUP"), styles.EYEBROW, palette.LINE, spacing=styles.TRACKING
        )
        used = taken + 12
        if note := sheet.words.corrected(briefing.revision):
            used += 10 + sheet.text(page.MARGIN + used, 32, note, styles.AXIS_STRONG, palette.BAD)
        name = sheet.words.clean(briefing.group_title)
        limit = page.CONTENT - used
        sheet.text(page.RIGHT, 32, name, styles.CAPTION, palette.INK_2, align="right", limit=limit)
    day = sheet.words.long_day(briefing.reporting_day)
    with sheet.tagged("H1"):
        sheet.text(page.MARGIN, 62, day, _title_style(day), palette.INK)


def _title_style(day: str) -> Style:
    size = styles.TITLE.size
    while size > 18 and width(day, Style(styles.TITLE.face, size)) > page.CONTENT:
        size -= 0.5
    return Style(styles.TITLE.face, size)


def _verdict(sheet: Sheet, briefing: Briefing) -> None:
    whole = briefing.completeness.whole
    told = sheet.words.verdict(briefing)
    box = (page.MARGIN, 78, page.CONTENT, 74)
    head_colour, detail_colour = (palette.WHITE, palette.ON_INK) if whole else (palette.INK, palette.INK_2)
    if whole:
        sheet.rounded([box], 12, palette.INK)
        icons.status(sheet, 32, 92, 22, told.status, palette.STATUS_ON_INK[told.status])
    else:
        sheet.rounded([box], 12, palette.TINT_WATCH, palette.WATCH)
        icons.status(sheet, 32, 92, 22, Status.WATCH, palette.WATCH)
    limit = page.RIGHT - 16 - 67
    with sheet.tagged("H2"):
        sheet.text(67, 110, told.head, styles.VERDICT, head_colour, limit=limit)
    with sheet.tagged("P"):
        sheet.text(32, 137, told.detail, styles.BODY, detail_colour, limit=page.CONTENT - 32)


def _talk_about(sheet: Sheet, briefing: Briefing) -> None:
    with sheet.tagged("H2"):
        sheet.text(page.MARGIN, 536, sheet.words.say("Talk about today"), styles.SECTION, palette.INK)
    x, limit = page.MARGIN + 28, page.CONTENT - 28
    with sheet.grouped("L"):
        for number, found in enumerate(briefing.insights[:4]):
            told = sheet.words.insight(found)
            y = 564 + number * _ITEM_HEIGHT
            with icons.item(sheet, page.MARGIN, y - 13, 17, told.status):
                sheet.text(x, y, told.head, styles.ITEM, palette.INK, limit=limit)
                page.sentence(sheet, x, y + 18.5, told.detail, limit, 2)
    if not briefing.insights:
        with sheet.tagged("P"):
            sheet.text(page.MARGIN, 564, sheet.words.say("Nothing stands out."), styles.BODY, palette.INK_2)
