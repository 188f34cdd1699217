"""Render the page as plain text in 76 columns, for readers without HTML, screen readers and search."""

from __future__ import annotations

from collections.abc import Iterator

from renderers.message.columns import fold, isolate, pad, width
from renderers.message.page import SHAPES, TRIANGLES, FollowedPoints, Page
from renderers.message.queues import QueueRow
from renderers.words import MISSING, ChangeText, Sentence

_LABEL = 19
_STATUS = 17
_INDENT = 2
_TIME = 7
_PART = 28
"""The columns of the name of a part of a change."""


def render(page: Page) -> str:
    """Return the message's text/plain part, in lines of at most 76 columns."""
    parts = (
        _head(page),
        _correction(page),
        _cards(page),
        _today(page),
        _points(page.open_points),
        _talk(page),
        _explanation(page),
        _day(page),
        _riskiest(page),
        _queues(page),
        _points(page.follow_up),
        _agents(page),
        _compared_days(page),
    )
    blocks = ["\n".join(part) for part in parts]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _head(page: Page) -> Iterator[str]:
    eyebrow = page.words.say("DAILY STANDUP")
    yield from fold(f"{eyebrow}  {isolate(page.group)}")
    yield page.day
    if page.corrected:
        yield page.corrected
    yield ""
    yield from _sentence(page.verdict)
    for warning in page.warnings:
        yield from fold(warning, lead="! ", hang=_INDENT)
    for remark in page.remarks:
        yield from fold(remark.text, lead="! ", hang=_INDENT)
        if remark.link:
            yield remark.link  # a folded address leads nowhere


def _correction(page: Page) -> Iterator[str]:
    if page.correction:
        yield page.words.say("WHAT CHANGED")
        yield from fold(page.correction.head)
        for changed in page.correction.changes:
            yield from fold(f"{isolate(changed.label)}: {changed.earlier} → {changed.now}", lead="  ", hang=4)
        if page.correction.rest:
            yield f"  {page.correction.rest}"


def _cards(page: Page) -> Iterator[str]:
    for card in page.cards:
        goal = page.words.say("goal {goal}", goal=card.goal) if card.goal != MISSING else ""
        status = f"{SHAPES[card.status]} {page.words.status(card.status)}"
        if width(card.name) < _LABEL:
            yield f"{pad(card.name, _LABEL)}{pad(card.value, 8)}{pad(status, _STATUS)}{goal}".rstrip()
        else:
            yield card.name
            yield f"{pad('', _LABEL)}{pad(card.value, 8)}{pad(status, _STATUS)}{goal}".rstrip()
        if card.reason:
            yield from fold(card.reason, lead=" " * _LABEL, hang=_LABEL)
        if card.changes:
            changes = ", ".join(f"{reference} {_change(change)}" for reference, change in card.changes)
            yield from fold(changes, lead=" " * _LABEL, hang=_LABEL)
        for line in (card.usual.sentence if card.usual else "", card.caption, card.hidden_change):
            if line:
                yield from fold(line, lead=" " * _LABEL, hang=_LABEL)
        for status_of_other, text in card.other_media:
            yield from fold(text, lead=f"{' ' * _LABEL}{SHAPES[status_of_other]} ", hang=_LABEL + 2)


def _today(page: Page) -> Iterator[str]:
    if page.today:
        yield page.today.text.head.upper()
        for line in page.today.text.lines:
            yield from fold(line, lead=" " * _INDENT, hang=_INDENT)


def _riskiest(page: Page) -> Iterator[str]:
    if page.today and page.today.rows:
        yield page.today.title.upper()
        for row in page.today.rows:
            yield from fold(f"{row.figures}: {row.short}", lead=f"  {pad(row.time, _TIME)}", hang=_INDENT + _TIME)
        for note in page.today.notes:
            yield from fold(note)


def _talk(page: Page) -> Iterator[str]:
    if page.talk:
        yield page.words.say("TALK ABOUT TODAY")
        for sentence in page.talk:
            yield from _sentence(sentence)


def _explanation(page: Page) -> Iterator[str]:
    if page.explanation:
        yield page.explanation.heading.upper()
        yield from fold(page.explanation.summary)
        yield from fold(page.explanation.from_to)
        for label, points in (*((part.label, part.points) for part in page.explanation.parts), page.explanation.total):
            yield f"  {pad(label, _PART)}{points.rjust(6)}"


def _day(page: Page) -> Iterator[str]:
    if page.figures:
        yield page.words.say("THE DAY")
        yield from fold(page.half_hours)
        for figure in page.figures:
            yield f"{pad(figure.label, _LABEL)}{pad(figure.value, 9)}{figure.caption}".rstrip()


def _queues(page: Page) -> Iterator[str]:
    if page.queues:
        yield page.queues.heading.upper()
        yield from fold(page.queues.summary)
        for row in page.queues.rows:
            yield from _queue(row)
        if page.queues.rest:
            yield page.queues.rest


def _queue(row: QueueRow) -> Iterator[str]:
    yield from fold(isolate(row.name), lead=f"{SHAPES[row.status]} ", hang=_INDENT)
    change = _change(row.change) if row.change else ""
    yield from fold(row.caption, lead=f"  {pad(row.value, 8)}{pad(change, 17)} ", hang=_INDENT)


def _points(points: FollowedPoints | None) -> Iterator[str]:
    if points:
        yield points.heading.upper()
        for sentence in points.points:
            yield from _sentence(sentence)


def _agents(page: Page) -> Iterator[str]:
    if page.agents:
        yield page.words.say("AGENTS")
        yield from fold(page.agents)


def _compared_days(page: Page) -> Iterator[str]:
    if page.compared_days:
        yield page.words.say("COMPARED WITH")
        for label, line in page.compared_days:
            yield from fold(line, lead=pad(label, _LABEL), hang=_LABEL)


def _sentence(sentence: Sentence) -> Iterator[str]:
    yield from fold(sentence.head, lead=f"{SHAPES[sentence.status]} ", hang=2 * _INDENT)
    if sentence.detail:
        yield from fold(sentence.detail, lead=" " * _INDENT, hang=_INDENT)


def _change(change: ChangeText) -> str:
    return f"{TRIANGLES[change.direction]} {change.text}"
