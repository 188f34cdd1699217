"""The list of what to talk about, on phone and wall pages: a shape, a head of one or two lines, a body of one to three.

A third line keeps the figures of a long sentence on the page. Where not all items have room for what they say, the last
go without it first: without the body's third line, then with cut names in the head, then with one line of body or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from renderers.pdf.drawing import icons, palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, smaller, width, wrap, wrap_sentences
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

    @property
    def head_leading(self) -> float:
        """The distance from a head's first line to its second."""
        return self.head.size * 1.2

    def item_height(self, head_lines: int, body_lines: int) -> float:
        """Return the height of an item with so many lines."""
        body = self.below_head + self.leading * (body_lines - 1) if body_lines else 0
        return self.head_leading * (head_lines - 1) + body


@dataclass(frozen=True, slots=True)
class _Item:
    """The lines of a talking point."""

    sentence: Sentence
    head: list[str]
    body: list[str]

    def height(self, form: TalkForm) -> float:
        return form.item_height(len(self.head), len(self.body))


def draw(sheet: Sheet, insights: Sequence[Insight], form: TalkForm) -> None:
    """Draw the list."""
    items = _items([sheet.words.insight(insight) for insight in insights], form)
    free = form.height - sum(item.height(form) for item in items)
    gap, y = min(free / max(len(items) - 1, 1), form.most_between), form.top
    with sheet.grouped("L"):
        for item in items:
            _draw_item(sheet, y, item, form)
            y += item.height(form) + gap


def _draw_item(sheet: Sheet, y: float, item: _Item, form: TalkForm) -> None:
    status = item.sentence.status
    with icons.item(sheet, form.left_x, y - form.rise, form.icon, status, sheet.words.sign_of_talk(status)):
        style = min((smaller(line, form.head, form.limit) for line in item.head), key=lambda style: style.size)
        sheet.lines(form.text_x, y, item.head, style, palette.INK, form.head_leading, form.limit)
        first_line_y = y + form.head_leading * (len(item.head) - 1) + form.below_head
        sheet.lines(form.text_x, first_line_y, item.body, form.body, palette.INK_2, form.leading, form.limit)


def _items(sentences: Sequence[Sentence], form: TalkForm) -> list[_Item]:
    """Break the lines of each item, with less of the last ones where all are too high together."""
    items = [_Item(sentence, _head(sentence, form), _body(sentence, form, 3)) for sentence in sentences]
    for shorten in (_with_two_lines, _with_short_head, _with_one_line):
        for index in reversed(range(len(items))):
            gaps = form.least_between * (len(items) - 1)
            if sum(item.height(form) for item in items) + gaps <= form.height:
                return items
            items[index] = shorten(items[index], form)
    return items


def _with_two_lines(item: _Item, form: TalkForm) -> _Item:
    return replace(item, body=_body(item.sentence, form, 2))


def _with_short_head(item: _Item, form: TalkForm) -> _Item:
    short_head = item.sentence.short_head
    return replace(item, head=[short_head]) if short_head and short_head != item.sentence.head else item


def _with_one_line(item: _Item, form: TalkForm) -> _Item:
    """Return the item with one line of body, or with none where not even its shortest sentence fits on a line."""
    body = _body(item.sentence, form, 1)
    return replace(item, body=[line for line in body if width(line, form.body) <= form.limit])


def _head(sentence: Sentence, form: TalkForm) -> list[str]:
    """Return the head in one line of nearly its size, else in two, and with cut names where two are too few."""
    head, style = sentence.head, smaller(sentence.head, form.head, form.limit, form.head.size * 0.9)
    lines = [head] if width(head, style) <= form.limit else wrap(head, form.head, form.limit, 2)
    fits = len(lines) == 1 or all(width(line, form.head) <= form.limit for line in lines)
    return lines if fits else [sentence.short_head or head]


def _body(sentence: Sentence, form: TalkForm, most: int) -> list[str]:
    return wrap_sentences(sentence.sentences, sentence.short, form.body, form.limit, most)
