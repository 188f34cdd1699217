"""What a parcel says in a chat, before it takes a receiver's form: heading, lines, links, within limits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from worker.channels.parcel import Link, Parcel
from worker.domain.briefing.summary import Point, ReadingLine

MAX_HEADING = 150
MAX_LINKS = 6
"""A card in Teams shows no more buttons."""

MAX_TEXT = 600
"""Characters of a single text; the briefing's own sentences are far shorter, a source's warning may be longer."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message in its parts, each within its limit; an empty part is not shown.

    ``links``: label and address. ``cut_short``: what is said instead of the rows where they do not fit.
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
        """What is left when the receiver finds it too long: verdict, warnings and links."""
        return replace(self, readings=(), points=())


def message_of(parcel: Parcel) -> ChatMessage:
    """The parcel's summary and links. A parcel without summary shows its subject."""
    said = parcel.summary
    verdict = Point(said.verdict.sign, cut(said.verdict.head), cut(said.verdict.detail))
    return ChatMessage(
        heading=cut(parcel.subject, MAX_HEADING),
        where_and_when=cut(" · ".join(part for part in (said.group, said.day, said.corrected) if part)),
        verdict=verdict,
        warnings=tuple(cut(warning) for warning in said.warnings[:10]),
        readings=said.readings[:10],
        points=tuple(Point(point.sign, cut(point.head), cut(point.detail)) for point in said.points[:10]),
        links=tuple((_label(link, said.until), link.url) for link in parcel.links[:MAX_LINKS]),
        cut_short=said.cut_short,
    )


def reading_lines(reading: ReadingLine) -> tuple[str, str]:
    """``✕ Service level 78.4% (goal ≥ 80%): missed``, and what stands below it."""
    return f"{reading.sign} {reading.name} {reading.value} ({reading.goal}): {reading.status}", reading.change


def cut(text: str, length: int = MAX_TEXT) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _label(link: Link, until: str) -> str:
    """The document's name, and until when the link works."""
    if link.ends_at is None:
        return link.name
    return f"{link.name} ({until.format(instant=link.ends_at.isoformat(sep=' ', timespec='minutes'))})"
