"""The card about today, on phone and wall pages: a head and two lines, with a bar on the left instead of a status."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import SMALLEST, Style, smaller, width
from worker.domain.today.outlook import Outlook

_BAR = 4


@dataclass(frozen=True, slots=True)
class CardForm:
    """Measures of the card in points. ``first`` is the baseline of the head below the card's upper edge."""

    left_x: float
    top: float
    width: float
    height: float
    padding: float
    first: float
    leading: float
    head: Style
    strong: Style
    plain: Style

    @property
    def limit(self) -> float:
        """The width of its texts."""
        return self.width - _BAR - 2 * self.padding


def draw(sheet: Sheet, outlook: Outlook, form: CardForm) -> None:
    """Draw the card. Sentences that do not fit are left out, or said in fewer words."""
    styles = form.strong, form.plain
    text = sheet.words.today(outlook, lambda line, number: width(line, styles[number]) <= form.limit)
    sheet.rounded([(form.left_x, form.top, form.width, form.height)], 8, palette.TODAY)
    sheet.boxes([(form.left_x, form.top, _BAR, form.height)], palette.LINE)
    x, y = form.left_x + _BAR + form.padding, form.top + form.first
    with sheet.grouped("Sect"):
        with sheet.tagged("H2"):
            sheet.text(x, y, text.head, form.head, palette.LINE, limit=form.limit)
        for line, style in zip(text.lines, styles, strict=False):
            y += form.leading
            with sheet.tagged("P"):
                sheet.text(x, y, line, smaller(line, style, form.limit, SMALLEST), palette.INK_2, limit=form.limit)
