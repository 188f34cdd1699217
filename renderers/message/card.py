"""The page in a few strings, for chats: the verdict, the four metrics, what to talk about."""

from __future__ import annotations

from renderers.message.page import Card, Page
from renderers.message.shapes import SHAPES, TRIANGLES
from renderers.words import Sentence
from worker.domain.summary import Point, ReadingLine, Summary


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
