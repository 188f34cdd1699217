"""What the message says, as finished strings. HTML and text both show exactly this, so neither can know less."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from renderers import Remark, words
from renderers.message.queues import NAME_LIMIT, Queues, queues
from renderers.words import ChangeText, CorrectionText, Figure, Sentence
from worker.domain.briefing import Briefing, Tile
from worker.domain.metrics import Status

TITLE_LIMIT = 60
FACTS_LIMIT, LINES_LIMIT, LINE_LIMIT = 16, 12, 300
"""Rows, lines of a row and characters of a line: no source with a hundred parts may push the message over the size at
which Gmail cuts it off."""


@dataclass(frozen=True, slots=True)
class Card:
    """One of the four metrics; ``changes`` are (reference, change), ``why`` says what a missing value lacks."""

    name: str
    value: str
    goal: str
    status: Status
    changes: tuple[tuple[str, ChangeText], ...]
    why: str


@dataclass(frozen=True, slots=True)
class Page:
    """The message from top to bottom; a part that is empty is not shown."""

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


def of(briefing: Briefing) -> Page:
    """The page of a briefing; on a day without interactions only that fact and where it comes from."""
    frame = _frame(briefing)
    if not briefing.has_interactions:
        return frame
    half_hours = words.half_hours_summary(briefing)
    return dataclasses.replace(
        frame,
        cards=tuple(_card(tile) for tile in briefing.tiles),
        talk=tuple(words.insight(found) for found in briefing.insights),
        figures=_figures(briefing),
        half_hours=f"{half_hours.head} {half_hours.detail}".strip(),
        queues=queues(briefing),
        agents=words.clean(words.agents_summary(briefing)),
    )


def preheader(page: Page) -> str:
    """What a mailbox shows beside the subject: the verdict."""
    return f"{page.group}: {page.verdict.head}. {page.verdict.detail}".strip()


def title(group_title: str) -> str:
    """The group's title as the message shows it."""
    return words.shorten(words.clean(group_title), TITLE_LIMIT)


def _frame(briefing: Briefing) -> Page:
    return Page(
        group=title(briefing.group_title),
        day=words.long_day(briefing.reporting_day),
        corrected=words.corrected(briefing.revision),
        verdict=words.verdict(briefing),
        facts=tuple((label, _lines(lines)) for label, lines in words.completeness(briefing)[:FACTS_LIMIT]),
        warnings=_lines(words.gaps(briefing)),
        correction=_correction(briefing),
    )


def _correction(briefing: Briefing) -> CorrectionText | None:
    told = words.correction(briefing)
    if told is None:
        return None
    short = (dataclasses.replace(of, label=words.shorten(of.label, NAME_LIMIT)) for of in told.changes)
    return dataclasses.replace(told, changes=tuple(short))


def _lines(said: Sequence[str]) -> tuple[str, ...]:
    """As many lines as the message has room for, and how many more the workbook has."""
    shown = tuple(words.shorten(line, LINE_LIMIT) for line in said[:LINES_LIMIT])
    hidden = len(said) - len(shown)
    return (*shown, f"+ {hidden:,} more in the workbook") if hidden else shown


def _card(tile: Tile) -> Card:
    reading = tile.reading
    return Card(
        name=words.METRIC_NAMES[reading.metric],
        value=words.value(reading),
        goal=words.goal(reading),
        status=reading.status,
        changes=tuple((words.reference(moved), words.change(moved, reading.metric)) for moved in tile.changes),
        why=words.clean(reading.why) if reading.why else "",
    )


def _figures(briefing: Briefing) -> tuple[Figure, ...]:
    """The day's sums, without those that the source does not say."""
    return tuple(figure for figure in words.figures(briefing) if figure.value != words.MISSING)
