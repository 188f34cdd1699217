"""Render the page as HTML, and sum it up for a chat card.

The HTML is tables of at most 600 px with inline styles and no remote content. Jinja escapes every value and raises an
error for a name that is not defined.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from renderers.message.page import SHAPES, TRIANGLES, Card, Page, preheader
from renderers.words import MISSING, Sentence
from worker.domain.briefing.summary import Point, ReadingLine, Summary

_FIGURE_SIZES = ((7, 18), (9, 16), (11, 14))
"""Up to how many characters a figure has which size. The wide digits of DejaVu Sans fit too."""
_SMALLEST_FIGURE = 11
_GOAL_SIGN = re.compile("([≥≤]) ")


def summary(page: Page) -> Summary:
    """Return what a chat card shows of the page. The page says all of it too."""
    return Summary(
        group=page.group,
        day=page.day,
        corrected=page.corrected,
        verdict=_point(page.verdict),
        warnings=(*page.card_warnings, *(remark.text for remark in page.remarks)),
        readings=tuple(_reading(page, card) for card in page.cards),
        points=(*_today(page), *_open_points(page), *map(_point, page.talk), *_followed_points(page)),
        until=page.words.say("until {instant}"),
        cut_short=page.words.say("The figures do not fit into this card."),
    )


def _today(page: Page) -> tuple[Point, ...]:
    """Return what today brings as the first point. It has no sign, because it is no verdict."""
    return (Point("", page.today.text.head, " ".join(page.today.text.lines)),) if page.today else ()


def _open_points(page: Page) -> Iterator[Point]:
    """Yield the points that are still open. Their day is in each."""
    yield from map(_point, page.open_points.points if page.open_points else ())


def _followed_points(page: Page) -> Iterator[Point]:
    """Yield one line about all points of the day before: "Again: 11:00–12:30 under target; Gone: …"."""
    if page.follow_up:
        yield Point("", page.follow_up.heading, "; ".join(sentence.head for sentence in page.follow_up.points))


def _point(sentence: Sentence) -> Point:
    return Point(SHAPES[sentence.status], sentence.head, sentence.detail)


def _reading(page: Page, card: Card) -> ReadingLine:
    other_media = ", ".join(f"{SHAPES[status]} {text}" for status, text in card.other_media)
    changes = "; ".join(
        f"{reference} {TRIANGLES[change.direction]} {change.text}" for reference, change in card.changes
    )
    return ReadingLine(
        name=card.name,
        value=card.value,
        goal=page.words.say("goal {goal}", goal=card.goal) if card.goal != MISSING else "",
        sign=SHAPES[card.status],
        status=page.words.status(card.status),
        change="; ".join(filter(None, (changes, card.caption, card.usual.sentence if card.usual else "", other_media)))
        or card.reason,
    )


def render(page: Page) -> str:
    """Return the HTML document, the same for the same page."""
    return _template().render(
        page=page,
        preheader=preheader(page),
        shapes=SHAPES,
        triangles=TRIANGLES,
        figure_size=_figure_size,
        whole_parts=_whole_parts,
        whole_clauses=_whole_clauses,
        words=page.words,
        say=page.words.say,
    )


def _figure_size(value: str) -> int:
    """Return the size in pixels with which a figure of the day stays on one line of a third of a phone's screen."""
    return next((size for length, size in _FIGURE_SIZES if len(value) <= length), _SMALLEST_FIGURE)


def _whole_parts(caption: str) -> str:
    """Return the caption with lines that end only after a dot, or inside a part of more than two words."""
    parts = (part.replace(" ", "\xa0") if part.count(" ") < 2 else part for part in caption.split(" · "))
    return "\xa0· ".join(parts)


def _whole_clauses(head: str) -> str:
    """Return the head with no line that ends inside a short clause after a comma, such as "1 just missed"."""
    first, *clauses = head.split(", ")
    return ", ".join([first, *(clause.replace(" ", "\xa0") if len(clause) < 25 else clause for clause in clauses)])


def _whole_goals(value: object) -> object:
    """Return a text with no line that ends between a goal's sign and its number. Markup is returned as it is."""
    return _GOAL_SIGN.sub("\\1\xa0", value) if type(value) is str else value


@functools.cache
def _template() -> Template:
    return Environment(
        loader=PackageLoader("renderers.message", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_whole_goals,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("mail.html")
