"""What the message says, as finished strings. HTML and text both show exactly this."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass

from renderers import PDF, WORKBOOK, Remark
from renderers.message.queues import NAME_LIMIT, Queues, queues
from renderers.message.today import Today, today
from renderers.message.why import WhyPart, why_part
from renderers.words import (
    MISSING,
    ChangeText,
    CorrectionText,
    Figure,
    Sentence,
    Substitute,
    UsualText,
    Words,
    shorten,
    shorten_name,
    speak,
)
from worker.domain.briefing.content import Briefing, Notice, Tile
from worker.domain.metrics import Metric, Status


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


@dataclass(frozen=True, slots=True)
class Card:
    """One of the four metrics. ``changes`` are pairs (reference, change). ``reason`` says why a value is missing.

    ``other_media`` are the status and the text of each other medium, on a day with several. ``usual`` says what
    is usual for the figure, ``hidden_change`` which change would not be noticed there. ``caption``: the change of a
    figure that is in the place of a metric.
    """

    name: str
    value: str
    goal: str
    status: Status
    changes: tuple[tuple[str, ChangeText], ...]
    reason: str
    other_media: tuple[tuple[Status, str], ...] = ()
    usual: UsualText | None = None
    hidden_change: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class FollowedPoints:
    """The talking points of the last business day: what became of them, or that they are still open."""

    heading: str
    points: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The message from top to bottom, in the language of ``words``. Empty parts are not shown.

    ``card_warnings`` are those of a chat card, which may carry no PDF to point to.
    """

    words: Words
    group: str
    day: str
    corrected: str
    verdict: Sentence
    warnings: tuple[str, ...] = ()
    card_warnings: tuple[str, ...] = ()
    correction: CorrectionText | None = None
    remarks: tuple[Remark, ...] = ()
    cards: tuple[Card, ...] = ()
    today: Today | None = None
    open_points: FollowedPoints | None = None
    talk: tuple[Sentence, ...] = ()
    explanation: WhyPart | None = None
    follow_up: FollowedPoints | None = None
    figures: tuple[Figure, ...] = ()
    half_hours: str = ""
    queues: Queues | None = None
    agents: str = ""
    compared_days: tuple[tuple[str, str], ...] = ()


def briefing_page(briefing: Briefing, documents: Collection[str] = (PDF, WORKBOOK)) -> Page:
    """Build the page of a briefing. A day without interactions gets only that fact.

    ``documents`` are the media types of those that go along or wait behind a link. The page points to no others.
    """
    words = speak(briefing.language)
    frame = _frame(words, briefing, documents)
    if not briefing.has_interactions:
        return frame
    half_hours = words.half_hours_summary(briefing)
    return dataclasses.replace(
        frame,
        cards=tuple(_shown_card(words, briefing, tile) for tile in words.tiles_shown(briefing)),
        today=today(words, briefing.today) if briefing.today else None,
        talk=tuple(words.insight(insight) for insight in briefing.insights),
        explanation=why_part(words, briefing),
        follow_up=_follow_up(words, briefing),
        figures=_figures(words, briefing),
        half_hours=" ".join(
            filter(
                None,
                (
                    words.by_medium(f"{half_hours.head} {half_hours.detail}".strip(), briefing.medium),
                    words.leading_medium(briefing),
                ),
            )
        ),
        queues=queues(words, briefing, has_workbook=WORKBOOK in documents),
        agents="" if lacks_adherence(briefing) else words.agents_summary(briefing),
        compared_days=tuple((label, line) for label, (line,) in words.references(briefing)),
    )


def lacks_adherence(briefing: Briefing) -> bool:
    """Return whether the day has no adherence and the line about what is missing says so."""
    is_named = any(gap.metric == Metric.ADHERENCE for gap in briefing.completeness.gaps)
    return is_named and all(line.adherence.ratio is None for line in briefing.agents)


def preheader(page: Page) -> str:
    """Return what a mailbox shows beside the subject: the verdict."""
    return f"{page.group}: {page.verdict.head}. {page.verdict.detail}".strip()


def title(words: Words, group_title: str) -> str:
    """Return the group's title as the message shows it."""
    return shorten(words.clean(group_title), TITLE_LIMIT)


def _frame(words: Words, briefing: Briefing, documents: Collection[str]) -> Page:
    lacks = tuple(filter(None, [words.lacks(briefing)]))
    reasons = words.gaps(briefing) if lacks else ()
    return Page(
        words=words,
        group=title(words, briefing.group_title),
        day=words.long_day(briefing.reporting_day),
        corrected=words.corrected(briefing.revision),
        verdict=words.verdict(briefing),
        warnings=tuple(filter(None, [words.lacks_with_pointer(briefing)])) if PDF in documents else reasons,
        card_warnings=lacks if PDF in documents else reasons,
        correction=_correction(words, briefing),
    )


def _correction(words: Words, briefing: Briefing) -> CorrectionText | None:
    correction = words.correction(briefing)
    if correction is None:
        return None
    short = (dataclasses.replace(change, label=shorten_name(change.label, NAME_LIMIT)) for change in correction.changes)
    return dataclasses.replace(correction, changes=tuple(short))


def _shown_card(words: Words, briefing: Briefing, tile: Tile | Substitute) -> Card:
    if isinstance(tile, Tile):
        return _card(words, briefing, tile)
    return Card(tile.name, tile.value, MISSING, Status.NOT_JUDGED, (), "", usual=tile.usual, caption=tile.caption)


def _card(words: Words, briefing: Briefing, tile: Tile) -> Card:
    reading = tile.reading
    return Card(
        name=words.tile_name(tile),
        value=words.value(reading),
        goal=words.goal(reading),
        status=reading.status,
        changes=tuple(
            (words.reference(change), words.change(change, reading.metric, tile.usual)) for change in tile.changes
        ),
        reason=words.own_reason(briefing, reading),
        other_media=tuple(
            (reading_of_medium.reading.status, words.other_medium(reading_of_medium))
            for reading_of_medium in tile.other_media
        ),
        usual=words.usual(briefing, tile),
        hidden_change=words.hidden_change(briefing, tile),
    )


def _follow_up(words: Words, briefing: Briefing) -> FollowedPoints | None:
    if briefing.follow_up is None:
        return None
    points = words.follow_up(briefing.follow_up, briefing.reporting_day)
    return FollowedPoints(words.follow_up_heading(briefing.follow_up), with_short_heads(points))


def with_short_heads(points: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Return talking points of an earlier day with heads of at most the length of a name."""
    return tuple(dataclasses.replace(point, head=shorten(point.head, NAME_LIMIT)) for point in points)


def _figures(words: Words, briefing: Briefing) -> tuple[Figure, ...]:
    """Return the day's figures without those that the source does not give."""
    return tuple(figure for figure in words.figures(briefing) if figure.value != MISSING)
