"""What the message says, as finished strings. HTML and text both show exactly this."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from renderers import Remark
from renderers.message.queues import NAME_LIMIT, Queues, queues
from renderers.words import MISSING, ChangeText, CorrectionText, Figure, Sentence, Words, shorten, speak
from worker.domain.briefing.content import Briefing, Notice, Tile
from worker.domain.metrics import Status


def subject(subject_matter: Briefing | Notice) -> str:
    """Return ``Daily Standup Report - 2026-10-21``, with ``(corrected, rev 2)`` and ``- incomplete data``."""
    words, revision = speak(subject_matter.language), subject_matter.revision
    corrected = words.say(" (corrected, rev {revision})", revision=revision) if revision > 1 else ""
    incomplete = words.say(" - incomplete data") if _is_incomplete(subject_matter) else ""
    return f"Daily Standup Report - {subject_matter.reporting_day.isoformat()}{corrected}{incomplete}"


def _is_incomplete(subject_matter: Briefing | Notice) -> bool:
    return isinstance(subject_matter, Briefing) and not subject_matter.completeness.whole


SHAPES = {
    Status.ON_TARGET: "✓",
    Status.WATCH: "▲",
    Status.MISSED: "✕",
    Status.PARTIAL: "◐",
    Status.NOT_JUDGED: "○",
    Status.THIN: "○",
    Status.NO_DATA: "○",
}
TRIANGLES = {"up": "▲", "down": "▼", "flat": "="}


TITLE_LIMIT = 60
FACTS_LIMIT, LINES_LIMIT, LINE_LIMIT = 16, 12, 300
"""The most rows, lines of a row and characters of a line. Gmail cuts a message off at 102 KB, and a source with a
hundred parts must not make it that long."""


@dataclass(frozen=True, slots=True)
class Card:
    """One of the four metrics. ``changes`` are pairs (reference, change). ``reason`` says why a value is missing.

    ``others`` are the status and the text of each other medium, on a day with several.
    """

    name: str
    value: str
    goal: str
    status: Status
    changes: tuple[tuple[str, ChangeText], ...]
    reason: str
    other_media: tuple[tuple[Status, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The message from top to bottom, in the language of ``words``. Empty parts are not shown."""

    words: Words
    group: str
    day: str
    corrected: str
    verdict: Sentence
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    warnings: tuple[str, ...] = ()
    correction: CorrectionText | None = None
    remarks: tuple[Remark, ...] = ()
    cards: tuple[Card, ...] = ()
    talk: tuple[Sentence, ...] = ()
    figures: tuple[Figure, ...] = ()
    half_hours: str = ""
    queues: Queues | None = None
    agents: str = ""


def briefing_page(briefing: Briefing) -> Page:
    """Build the page of a briefing. A day without interactions gets only that fact and its sources."""
    words = speak(briefing.language)
    frame = _frame(words, briefing)
    if not briefing.has_interactions:
        return frame
    half_hours = words.half_hours_summary(briefing)
    return dataclasses.replace(
        frame,
        cards=tuple(_card(words, briefing, tile) for tile in briefing.tiles),
        talk=tuple(words.insight(insight) for insight in briefing.insights),
        figures=_figures(words, briefing),
        half_hours=words.by_medium(f"{half_hours.head} {half_hours.detail}".strip(), briefing.medium),
        queues=queues(words, briefing),
        agents=words.agents_summary(briefing),
    )


def preheader(page: Page) -> str:
    """Return what a mailbox shows beside the subject: the verdict."""
    return f"{page.group}: {page.verdict.head}. {page.verdict.detail}".strip()


def title(words: Words, group_title: str) -> str:
    """Return the group's title as the message shows it."""
    return shorten(words.clean(group_title), TITLE_LIMIT)


def _frame(words: Words, briefing: Briefing) -> Page:
    return Page(
        words=words,
        group=title(words, briefing.group_title),
        day=words.long_day(briefing.reporting_day),
        corrected=words.corrected(briefing.revision),
        verdict=words.verdict(briefing),
        facts=_facts(words, briefing),
        warnings=tuple(filter(None, [words.lacks(briefing)])),
        correction=_correction(words, briefing),
    )


def _facts(words: Words, briefing: Briefing) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return as many rows of the completeness panel as the message has room for, and one that counts the rest."""
    rows = words.completeness(briefing)
    hidden = len(rows) - FACTS_LIMIT
    facts = tuple((label, _lines(words, lines)) for label, lines in rows[:FACTS_LIMIT])
    return (*facts, ("", (words.more_in_workbook(hidden),))) if hidden > 0 else facts


def _correction(words: Words, briefing: Briefing) -> CorrectionText | None:
    correction = words.correction(briefing)
    if correction is None:
        return None
    short = (dataclasses.replace(change, label=shorten(change.label, NAME_LIMIT)) for change in correction.changes)
    return dataclasses.replace(correction, changes=tuple(short))


def _lines(words: Words, texts: Sequence[str]) -> tuple[str, ...]:
    """Return as many lines as the message has room for, and one that counts the rest."""
    lines = tuple(shorten(line, LINE_LIMIT) for line in texts[:LINES_LIMIT])
    hidden = len(texts) - len(lines)
    return (*lines, words.more_in_workbook(hidden)) if hidden else lines


def _card(words: Words, briefing: Briefing, tile: Tile) -> Card:
    reading = tile.reading
    return Card(
        name=words.tile_name(tile),
        value=words.value(reading),
        goal=words.goal(reading),
        status=reading.status,
        changes=tuple((words.reference(change), words.change(change, reading.metric)) for change in tile.changes),
        reason=words.own_reason(briefing, reading),
        other_media=tuple(
            (reading_of_medium.reading.status, words.other_medium(reading_of_medium))
            for reading_of_medium in tile.other_media
        ),
    )


def _figures(words: Words, briefing: Briefing) -> tuple[Figure, ...]:
    """Return the day's figures without those that the source does not give."""
    return tuple(figure for figure in words.figures(briefing) if figure.value != MISSING)
