"""Page one: the verdict, the four metrics, and what to talk about."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.pdf.drawing import icons, palette, styles, talk
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.drawing.talk import TalkForm
from renderers.pdf.phone import layout, tiles, today
from renderers.pdf.text.typesetting import Style, smaller, width, wrap, wrap_sentences
from renderers.words import Substitute
from worker.domain.briefing.content import Briefing
from worker.domain.metrics import Status

_VERDICT_TOP, _VERDICT_HEIGHT = 78, 74
_GUTTER = 10


@dataclass(frozen=True, slots=True)
class _Spacing:
    """How far parts of the page are from each other: with the card about today they are nearer.

    ``row``: between tiles. ``legend``, ``talk``, ``first``: baselines of the line below the tiles, of the heading
    below that, and of the first talking point below the heading. The others are those of `TalkForm`.
    """

    row: float
    legend: float
    talk: float
    first: float
    head: Style
    body: Style
    below_head: float
    leading: float
    least_between: float


_WIDE = _Spacing(10, 19, 48, 28, styles.ITEM, styles.BODY, 18.5, 17, 19)
_NEAR = _Spacing(8, 15, 40, 24, Style(styles.ITEM.face, 14), Style(styles.BODY.face, 12.5), 16.5, 15.5, 17.5)
_LINE = 19
"""What a lack takes below the tiles."""
_CORRECTION_LEADING = 15


def draw(sheet: Sheet, briefing: Briefing) -> None:
    """Draw page one without its foot."""
    title(sheet, briefing)
    _verdict(sheet, briefing)
    spacing = _NEAR if briefing.today else _WIDE
    tiles_top = _VERDICT_TOP + _VERDICT_HEIGHT + spacing.row + _correction(sheet, briefing)
    for number, tile in enumerate(sheet.words.tiles_shown(briefing)):
        column, row = number % 2, number // 2
        x, y = layout.MARGIN + column * (tiles.WIDTH + _GUTTER), tiles_top + row * (tiles.HEIGHT + spacing.row)
        if isinstance(tile, Substitute):
            tiles.draw_substitute(sheet, x, y, tile)
        else:
            tiles.draw(sheet, x, y, briefing, tile)
    below_tiles = tiles_top + 2 * tiles.HEIGHT + spacing.row
    _legend(sheet, briefing, below_tiles + spacing.legend)
    below_tiles += _lacks(sheet, briefing, below_tiles + spacing.legend + _LINE - 3)
    if briefing.today:
        today.card(sheet, briefing.today, below_tiles + spacing.legend + 8)
        below_tiles += today.CARD_HEIGHT + 8
    _talk_about(sheet, briefing, below_tiles + spacing.talk, spacing)


def title(sheet: Sheet, briefing: Briefing) -> None:
    """Write what this is, for which group and day, and whether it is a correction."""
    with sheet.tagged("P"):
        eyebrow_width = sheet.text(
            layout.MARGIN, 32, sheet.words.say("DAILY STANDUP"), styles.EYEBROW, palette.LINE, spacing=styles.TRACKING
        )
        used_width = eyebrow_width + 12
        if note := sheet.words.corrected(briefing.revision):
            used_width += 10 + sheet.text(layout.MARGIN + used_width, 32, note, styles.AXIS_STRONG, palette.WATCH)
        name = sheet.words.clean(briefing.group_title)
        limit = layout.CONTENT - used_width
        sheet.text(layout.RIGHT, 32, name, styles.CAPTION, palette.INK_2, align="right", limit=limit)
    day = sheet.words.long_day(briefing.reporting_day)
    with sheet.tagged("H1"):
        sheet.text(layout.MARGIN, 62, day, smaller(day, styles.TITLE, layout.CONTENT, 18), palette.INK)


def _correction(sheet: Sheet, briefing: Briefing) -> float:
    """Say below the verdict in at most three lines what a correction changed, and return the height that it takes."""
    limit = layout.CONTENT - 24
    texts = sheet.words.correction_lines(briefing, lambda text: len(wrap(text, styles.CAPTION, limit, 3)) <= 2)
    if not texts:
        return 0
    head, *rest = texts
    heads = wrap(head, styles.CAPTION_STRONG, limit, 1 if rest else 3)
    lines = [line for text in rest for line in wrap(text, styles.CAPTION, limit, 2)]
    top = _VERDICT_TOP + _VERDICT_HEIGHT + 6
    height = 11 + _CORRECTION_LEADING * (len(heads) + len(lines))
    sheet.rounded([(layout.MARGIN, top, layout.CONTENT, height)], 8, palette.TINT_WATCH, palette.BORDER_WATCH)
    x, y = layout.MARGIN + 12, float(top + 17)
    for texts_of_style, style, colour in (
        (heads, styles.CAPTION_STRONG, palette.INK),
        (lines, styles.CAPTION, palette.INK_2),
    ):
        with sheet.tagged("P"):
            y = sheet.lines(x, y, texts_of_style, style, colour, _CORRECTION_LEADING, limit)
    return height + 6


def _verdict(sheet: Sheet, briefing: Briefing) -> None:
    top = _VERDICT_TOP
    whole = briefing.completeness.whole
    verdict = sheet.words.verdict(briefing)
    box = (layout.MARGIN, top, layout.CONTENT, _VERDICT_HEIGHT)
    head_colour, detail_colour = (palette.WHITE, palette.ON_INK) if whole else (palette.INK, palette.INK_2)
    lines = wrap_sentences(verdict.sentences, verdict.short, styles.BODY, layout.CONTENT - 32, 2)
    y = top + (32 if len(lines) < 2 else 26)
    if whole:
        sheet.rounded([box], 12, palette.INK)
        icons.status(sheet, 32, y - 18, 22, verdict.status, palette.STATUS_ON_INK[verdict.status])
    else:
        sheet.rounded([box], 12, palette.TINT_WATCH, palette.WATCH)
        icons.status(sheet, 32, y - 18, 22, Status.WATCH, palette.WATCH)
    limit = layout.RIGHT - 16 - 67
    with sheet.tagged("H2"):
        style = smaller(verdict.head, styles.VERDICT, limit, 14)
        sheet.text(67, y, verdict.head, style, head_colour, limit=limit)
    with sheet.tagged("P"):
        first = y + (27 if len(lines) < 2 else 22)
        sheet.lines(32, first, lines, styles.BODY, detail_colour, 16.5, layout.CONTENT - 32)


def _legend(sheet: Sheet, briefing: Briefing, y: float) -> None:
    """Say how many days the lines of the tiles show, and what is behind them."""
    trends = [tile.trend for tile in briefing.tiles[:4] if tiles.has_line(tile)]
    if not trends:
        return
    known_days = max(sum(value is not None for value in trend) for trend in trends)
    has_band = any(tiles.usual_range_of(tile) for tile in briefing.tiles[:4])
    legend = sheet.words.legend(len(trends[0]), known_days, has_band=has_band)
    with sheet.tagged("P"):
        sheet.text(layout.MARGIN, y, legend, styles.FOOT, palette.MUTED)


def _lacks(sheet: Sheet, briefing: Briefing, y: float) -> float:
    """Say in one line what is not available, and return the height that it takes."""
    text = sheet.words.lacks(briefing, lambda line: width(line, styles.CAPTION_STRONG) <= layout.CONTENT)
    if not text:
        return 0
    with sheet.tagged("P"):
        style = smaller(text, styles.CAPTION_STRONG, layout.CONTENT)
        sheet.text(layout.MARGIN, y, text, style, palette.WATCH, limit=layout.CONTENT)
    return _LINE


def _talk_about(sheet: Sheet, briefing: Briefing, top: float, spacing: _Spacing) -> None:
    with sheet.tagged("H2"):
        sheet.text(layout.MARGIN, top, sheet.words.say("Talk about today"), styles.SECTION, palette.INK)
    form = TalkForm(
        layout.MARGIN,
        layout.MARGIN + 28,
        layout.RIGHT,
        top=top + spacing.first,
        height=layout.FOOT - 10 - top - spacing.first,
        icon=17,
        rise=13,
        head=spacing.head,
        body=spacing.body,
        below_head=spacing.below_head,
        leading=spacing.leading,
        least_between=spacing.least_between,
        most_between=25.5,
    )
    talk.draw(sheet, briefing.insights[:4], form)
    if not briefing.insights:
        with sheet.tagged("P"):
            text_without_points = sheet.words.nothing_to_raise(briefing)
            sheet.text(layout.MARGIN, top + spacing.first, text_without_points, styles.BODY, palette.INK_2)
