"""The list of what to talk about, on phone and wall pages: a shape, a head, and a body of two or three lines.

A third line keeps the figures of a long sentence on the page. Where not all items can have one, the last go without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.pdf.drawing import icons, palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, smaller, wrap_sentences
from renderers.words import Sentence
from worker.domain.briefing.content import Insight


@dataclass(frozen=True, slots=True)
class TalkForm:
    """Measures of the list in points. Distances are from baseline to baseline.

    ``top`` is the baseline of the first head, ``height`` the room from there to the last line. ``rise`` is how far the
    shape's upper edge is above the baseline. ``least_between`` and ``most_between`` are from an item to the next.
    """

    left_x: float
    text_x: float
    right_x: float
    top: float
    height: float
    icon: float
    rise: float
    head: Style
    body: Style
    below_head: float
    leading: float
    least_between: float
    most_between: float

    @property
    def limit(self) -> float:
        """The width of the texts."""
        return self.right_x - self.text_x

    def item_height(self, lines: int) -> float:
        """Return the height of an item whose body has so many lines."""
        return self.below_head + self.leading * (lines - 1)

    def most_lines(self, items: int) -> int:
        """Return how many lines the bodies of so many items may have together."""
        for_further_lines = self.height - self.below_head * items - self.least_between * (items - 1)
        return items + int(for_further_lines / self.leading)


def draw(sheet: Sheet, insights: Sequence[Insight], form: TalkForm) -> None:
    """Draw the list."""
    sentences = [sheet.words.insight(insight) for insight in insights]
    bodies = _bodies(sentences, form)
    free = form.height - sum(form.item_height(len(lines)) for lines in bodies)
    gap, y = min(free / max(len(bodies) - 1, 1), form.most_between), form.top
    with sheet.grouped("L"):
        for sentence, lines in zip(sentences, bodies, strict=True):
            sign = sheet.words.sign_of_talk(sentence.status)
            with icons.item(sheet, form.left_x, y - form.rise, form.icon, sentence.status, sign):
                style = smaller(sentence.head, form.head, form.limit)
                sheet.text(form.text_x, y, sentence.head, style, palette.INK, limit=form.limit)
                first_line_y = y + form.below_head
                sheet.lines(form.text_x, first_line_y, lines, form.body, palette.INK_2, form.leading, form.limit)
            y += form.item_height(len(lines)) + gap


def _bodies(sentences: Sequence[Sentence], form: TalkForm) -> list[list[str]]:
    """Wrap each body into at most three lines, the last ones into two where all have too many lines together."""
    bodies = [_body(sentence, form, 3) for sentence in sentences]
    for index in reversed(range(len(sentences))):
        if sum(map(len, bodies)) > form.most_lines(len(bodies)):
            bodies[index] = _body(sentences[index], form, 2)
    return bodies


def _body(sentence: Sentence, form: TalkForm, most: int) -> list[str]:
    return wrap_sentences(sentence.sentences, sentence.short, form.body, form.limit, most)
