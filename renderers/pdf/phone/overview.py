"""Page one: the verdict, the four metrics, and what to talk about."""

from __future__ import annotations

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import layout, tiles
from renderers.pdf.text.typesetting import Style, width
from worker.domain.briefing.content import Briefing
from worker.domain.metrics import Status

_TILES_TOP = 162
_GUTTER = 10
_ITEM_HEIGHT = 61


def draw(sheet: Sheet, briefing: Briefing) -> None:
    """Draw page one without its foot."""
    title(sheet, briefing)
    _verdict(sheet, briefing)
    for number, tile in enumerate(briefing.tiles[:4]):
        column, row = number % 2, number // 2
        x = layout.MARGIN + column * (tiles.WIDTH + _GUTTER)
        tiles.draw(sheet, x, _TILES_TOP + row * (tiles.HEIGHT + _GUTTER), tile)
    if any(tiles.has_line(tile) for tile in briefing.tiles):
        _legend(sheet)
    _talk_about(sheet, briefing)


def _legend(sheet: Sheet) -> None:
    with sheet.tagged("P"):
        legend = sheet.words.say("Lines: last 10 business days · dashes or band = goal")
        sheet.text(layout.MARGIN, 507, legend, styles.FOOT, palette.MUTED)


def title(sheet: Sheet, briefing: Briefing) -> None:
    """Write what this is, for which group and day, and whether it is a correction."""
    with sheet.tagged("P"):
        eyebrow_width = sheet.text(
            layout.MARGIN, 32, sheet.words.say("DAILY STANDUP"), styles.EYEBROW, palette.LINE, spacing=styles.TRACKING
        )
        used_width = eyebrow_width + 12
        if note := sheet.words.corrected(briefing.revision):
            used_width += 10 + sheet.text(layout.MARGIN + used_width, 32, note, styles.AXIS_STRONG, palette.BAD)
        name = sheet.words.clean(briefing.group_title)
        limit = layout.CONTENT - used_width
        sheet.text(layout.RIGHT, 32, name, styles.CAPTION, palette.INK_2, align="right", limit=limit)
    day = sheet.words.long_day(briefing.reporting_day)
    with sheet.tagged("H1"):
        sheet.text(layout.MARGIN, 62, day, _title_style(day), palette.INK)


def _title_style(day: str) -> Style:
    size = styles.TITLE.size
    while size > 18 and width(day, Style(styles.TITLE.face, size)) > layout.CONTENT:
        size -= 0.5
    return Style(styles.TITLE.face, size)


def _verdict(sheet: Sheet, briefing: Briefing) -> None:
    whole = briefing.completeness.whole
    verdict = sheet.words.verdict(briefing)
    box = (layout.MARGIN, 78, layout.CONTENT, 74)
    head_colour, detail_colour = (palette.WHITE, palette.ON_INK) if whole else (palette.INK, palette.INK_2)
    if whole:
        sheet.rounded([box], 12, palette.INK)
        icons.status(sheet, 32, 92, 22, verdict.status, palette.STATUS_ON_INK[verdict.status])
    else:
        sheet.rounded([box], 12, palette.TINT_WATCH, palette.WATCH)
        icons.status(sheet, 32, 92, 22, Status.WATCH, palette.WATCH)
    limit = layout.RIGHT - 16 - 67
    with sheet.tagged("H2"):
        sheet.text(67, 110, verdict.head, styles.VERDICT, head_colour, limit=limit)
    with sheet.tagged("P"):
        sheet.text(32, 137, verdict.detail, styles.BODY, detail_colour, limit=layout.CONTENT - 32)


def _talk_about(sheet: Sheet, briefing: Briefing) -> None:
    with sheet.tagged("H2"):
        sheet.text(layout.MARGIN, 536, sheet.words.say("Talk about today"), styles.SECTION, palette.INK)
    x, limit = layout.MARGIN + 28, layout.CONTENT - 28
    with sheet.grouped("L"):
        for number, insight in enumerate(briefing.insights[:4]):
            sentence = sheet.words.insight(insight)
            y = 564 + number * _ITEM_HEIGHT
            with icons.item(sheet, layout.MARGIN, y - 13, 17, sentence.status):
                sheet.text(x, y, sentence.head, styles.ITEM, palette.INK, limit=limit)
                layout.sentence(sheet, x, y + 18.5, sentence.detail, limit, 2)
    if not briefing.insights:
        with sheet.tagged("P"):
            sheet.text(layout.MARGIN, 564, sheet.words.say("Nothing stands out."), styles.BODY, palette.INK_2)
