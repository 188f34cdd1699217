"""The right-hand block of the wall page: today, what to talk about, then why, or what became of earlier points."""

from __future__ import annotations

from renderers.pdf.charts.waterfall import WaterfallForm
from renderers.pdf.drawing import icons, palette, styles, talk, today_card
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.drawing.talk import TalkForm
from renderers.pdf.drawing.today_card import CardForm
from renderers.pdf.phone import why
from renderers.pdf.text.typesetting import fit, smaller, wrap_sentences
from renderers.pdf.wall import charts
from renderers.words import Sentence
from worker.domain.briefing.content import Briefing, FollowUp
from worker.domain.why.content import Why

_CARD_TOP, _CARD_HEIGHT, _BELOW_CARD = 203, 46, 19
_STEP, _BAR, _LABELS = 12.4, 8.6, 118.0
_POINT = 25.5
_BETWEEN = 18
"""From the last line of the talk to the heading below it."""


def has_why(briefing: Briefing) -> bool:
    """Return whether the block says why the service level is low."""
    return isinstance(briefing.explanation, Why)


def draw(sheet: Sheet, briefing: Briefing, left_x: float, right_x: float, bottom: float) -> None:
    """Draw the block, whose last line is above ``bottom``."""
    top = _today(sheet, briefing, left_x, right_x)
    explanation, points = briefing.explanation, briefing.follow_up
    heading = bottom + _BETWEEN
    if isinstance(explanation, Why):
        rows = len(sheet.words.waterfall(explanation).steps) + 2
        heading = bottom - 22 - rows * _STEP
    elif points:
        heading = bottom - 6 - _POINT * len(points.points)
    _talk(sheet, briefing, left_x, right_x, top, heading - _BETWEEN)
    if isinstance(explanation, Why):
        _waterfall(sheet, briefing, explanation, left_x, right_x, heading)
    elif points:
        _points(sheet, briefing, points, left_x, right_x, heading)


def _today(sheet: Sheet, briefing: Briefing, left_x: float, right_x: float) -> float:
    """Draw the card about today. Return the baseline of the heading below it."""
    if briefing.today is None:
        return charts.TOP
    form = CardForm(
        left_x,
        _CARD_TOP,
        right_x - left_x,
        _CARD_HEIGHT,
        padding=8,
        first=13,
        leading=13,
        head=styles.WALL_CAPTION_STRONG,
        strong=styles.WALL_STRONG,
        plain=styles.WALL_BODY,
    )
    today_card.draw(sheet, briefing.today, form)
    return _CARD_TOP + _CARD_HEIGHT + _BELOW_CARD


def _talk(sheet: Sheet, briefing: Briefing, left_x: float, right_x: float, heading: float, end: float) -> None:
    with sheet.tagged("H2"):
        sheet.text(left_x, heading, sheet.words.say("Talk about today"), styles.WALL_SECTION, palette.INK)
    top = heading + 19.5
    form = TalkForm(
        left_x,
        left_x + 22,
        right_x,
        top=top,
        height=end - top,
        icon=14,
        rise=10.5,
        head=styles.WALL_ITEM,
        body=styles.WALL_BODY,
        below_head=13.4,
        leading=12.4,
        least_between=14.8,
        most_between=20.2,
    )
    talk.draw(sheet, briefing.insights[:4], form)
    if not briefing.insights:
        with sheet.tagged("P"):
            limit = right_x - left_x
            text = sheet.words.nothing_to_raise(briefing)
            lines = wrap_sentences([text], "", styles.WALL_BODY, limit, 2)
            sheet.lines(left_x, top, lines, styles.WALL_BODY, palette.INK_2, 12.6, limit)


def _waterfall(sheet: Sheet, briefing: Briefing, explanation: Why, left_x: float, right_x: float, y: float) -> None:
    words = sheet.words
    with sheet.tagged("H2"):
        sheet.text(left_x, y, words.why_title(), styles.WALL_SECTION, palette.INK)
    with sheet.tagged("P"):
        text = words.why_from_to(explanation)
        sheet.text(left_x, y + 13, text, styles.WALL_CAPTION, palette.MUTED, limit=right_x - left_x)
    form = WaterfallForm(
        left_x,
        _LABELS,
        from_x=left_x + _LABELS + 34,
        to_x=right_x - 32,
        first=y + 26,
        step=_STEP,
        bar=_BAR,
        strong=styles.WALL_NAME,
    )
    why.chart(words, explanation, words.short_day(briefing.reporting_day)).draw(sheet, form)


def _points(sheet: Sheet, briefing: Briefing, points: FollowUp, left_x: float, right_x: float, y: float) -> None:
    heading, room = sheet.words.follow_up_heading(points), right_x - left_x
    with sheet.tagged("H2"):
        sheet.text(left_x, y, heading, smaller(heading, styles.WALL_SECTION, room), palette.INK, limit=room)
    with sheet.grouped("L"):
        for number, sentence in enumerate(sheet.words.follow_up(points, briefing.reporting_day)):
            _point(sheet, left_x, right_x, y + 16 + _POINT * number, sentence)


def _point(sheet: Sheet, left_x: float, right_x: float, y: float, sentence: Sentence) -> None:
    """Write what became of a point, and its figures below it."""
    room = right_x - left_x - 18
    with icons.item(sheet, left_x, y - 9, 11, sentence.status, sheet.words.say("Point")):
        style = smaller(sentence.head, styles.WALL_NAME, room)
        sheet.text(left_x + 18, y, fit(sentence.head, style, room), style, palette.INK)
        lines = wrap_sentences(sentence.sentences, "", styles.WALL_CAPTION, room, 1)
        sheet.lines(left_x + 18, y + 11.5, lines, styles.WALL_CAPTION, palette.INK_2, 0, room)
