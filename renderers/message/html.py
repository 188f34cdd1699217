"""The page as HTML: tables of 600 px that shrink, every style inline, no remote parts, every name escaped by default.

The template is one file a designer can read; Jinja escapes whatever is put into it and refuses a name it does not know.
"""

from __future__ import annotations

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from renderers.message.page import SHAPES, TRIANGLES, Card, Page, preheader
from renderers.words import Sentence
from worker.domain.briefing.summary import Point, ReadingLine, Summary


def summary(page: Page) -> Summary:
    """What a card shows of the page; all of it stands in the page as well."""
    return Summary(
        group=page.group,
        day=page.day,
        corrected=page.corrected,
        verdict=_point(page.verdict),
        warnings=page.warnings,
        readings=tuple(_reading(page, card) for card in page.cards),
        points=tuple(_point(said) for said in page.talk),
        until=page.words.say("until {instant}"),
        cut_short=page.words.say("The figures do not fit into this card."),
    )


def _point(said: Sentence) -> Point:
    return Point(SHAPES[said.status], said.head, said.detail)


def _reading(page: Page, card: Card) -> ReadingLine:
    moved = "; ".join(f"{reference} {TRIANGLES[change.direction]} {change.text}" for reference, change in card.changes)
    return ReadingLine(
        name=card.name,
        value=card.value,
        goal=page.words.say("goal {goal}", goal=card.goal),
        sign=SHAPES[card.status],
        status=page.words.status(card.status),
        change=moved or card.why,
    )


def render(page: Page) -> str:
    """The whole HTML document, the same for the same page."""
    return _template().render(
        page=page,
        preheader=preheader(page),
        shapes=SHAPES,
        triangles=TRIANGLES,
        words=page.words,
        say=page.words.say,
    )


@functools.cache
def _template() -> Template:
    return Environment(
        loader=PackageLoader("renderers.message", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("mail.html")
