"""The subject of the mail and the card that a chat shows, as passages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.checker.documents.passage import SHAPES, Passage, spaced
from worker.domain.briefing.summary import Point, Summary


def passages(subject: str, summary: Summary) -> Iterator[Passage]:
    """The subject, then the card from top to bottom."""
    yield Passage("subject", "subject", (subject,))
    yield Passage("chat card, head", "day", (summary.day,))
    if summary.corrected:
        yield Passage("chat card, head", "corrected", (summary.corrected,))
    yield _signed("verdict", summary.verdict)
    for warning in summary.warnings:
        yield Passage("chat card, warning", "warning", (spaced(warning),))
    for reading in summary.readings:
        signed = f"{SHAPES[reading.sign]}:{reading.status}"
        yield Passage("chat card, metrics", "tile", (reading.name, spaced(reading.value), signed, spaced(reading.goal)))
        for change in filter(None, re.split(r"; |, (?=[✓▲✕◐○] )", reading.change)):
            if change[0] in SHAPES:
                yield Passage("chat card, metrics", "tile_other", (reading.name, SHAPES[change[0]], spaced(change[1:])))
                continue
            role = "tile_change" if re.search(r" [▲▼=] ", change) else "tile_note"
            yield Passage("chat card, metrics", role, (reading.name, spaced(change)))
    yield from _points(summary.points)


def _points(points: tuple[Point, ...]) -> Iterator[Passage]:
    """Today, which has no sign, the points that are still open, what to talk about, and what became of it."""
    for point in points:
        if re.match("What became of|Was aus ", point.head):
            yield Passage("chat card, follow-up", "follow_up_heading", (spaced(point.head),))
            for outcome in point.detail.split("; "):
                yield Passage("chat card, follow-up", "follow_up", (spaced(outcome), ""))
        elif not point.sign:
            yield Passage("chat card, today", "today_head", (point.head,))
            yield Passage("chat card, today", "today", (spaced(point.detail),))
        elif re.match("Open: |Offen: ", point.head):
            yield Passage("chat card, follow-up", "follow_up", (spaced(point.head), spaced(point.detail)))
        else:
            yield _signed("talk", point)


def _signed(role: str, point: Point) -> Passage:
    return Passage(f"chat card, {role}", role, (SHAPES[point.sign], spaced(point.head), spaced(point.detail)))
