"""What a briefing says in a chat, before it takes a receiver's form: heading, lines and links within limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from worker.channels.channel import Link, OutgoingMessage
from worker.domain.briefing.summary import Point, ReadingLine

MAX_HEADING = 150
MAX_LINKS = 6
"""A card in Teams shows at most six buttons."""

MAX_TEXT = 600
"""Characters of a single text. The briefing's sentences are far shorter, but a source's warning may be longer."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message in parts, each within its limit. An empty part is not shown.

    ``links`` are pairs of label and address. ``cut_short`` replaces the rows if they do not fit.
    """

    heading: str
    where_and_when: str
    verdict: Point
    warnings: tuple[str, ...]
    readings: tuple[ReadingLine, ...]
    points: tuple[Point, ...]
    links: tuple[tuple[str, str], ...]
    cut_short: str

    def without_rows(self) -> ChatMessage:
        """Return a shorter message for a receiver that finds this one too long: verdict, warnings and links."""
        return replace(self, readings=(), points=())


def message_of(outgoing: OutgoingMessage) -> ChatMessage:
    """Return the message's summary and links. One without a summary shows its subject."""
    summary = outgoing.summary
    verdict = Point(summary.verdict.sign, cut(summary.verdict.head), cut(summary.verdict.detail))
    return ChatMessage(
        heading=cut(outgoing.subject, MAX_HEADING),
        where_and_when=cut(" · ".join(part for part in (summary.group, summary.day, summary.corrected) if part)),
        verdict=verdict,
        warnings=tuple(cut(warning) for warning in summary.warnings[:10]),
        readings=summary.readings[:10],
        points=tuple(Point(point.sign, cut(point.head), cut(point.detail)) for point in summary.points[:10]),
        links=tuple((_label(link, summary.until, outgoing.sent_at), link.url) for link in outgoing.links[:MAX_LINKS]),
        cut_short=summary.cut_short,
    )


def reading_lines(reading: ReadingLine) -> tuple[str, str]:
    """``✕ Service level 78.4% (goal ≥ 80%): missed``, without brackets if it has no goal, and the line below it."""
    goal = f" ({reading.goal})" if reading.goal else ""
    return f"{reading.sign} {reading.name} {reading.value}{goal}: {reading.status}", reading.change


def cut(text: str, length: int = MAX_TEXT) -> str:
    """Return the text, or its beginning with an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _label(link: Link, template: str, sent_at: datetime) -> str:
    """Return the document's name, and until when the link works, in the zone of ``sent_at``, which is the group's."""
    if link.ends_at is None:
        return link.name
    ends_at = link.ends_at.astimezone(sent_at.tzinfo).isoformat(sep=" ", timespec="minutes")
    return f"{link.name} ({template.format(instant=ends_at)})"
