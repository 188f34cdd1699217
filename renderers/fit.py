"""The size ladder renders a briefing and makes it smaller, rung by rung, until the message is within the limit.

The rungs, in order:
1. Leave out the PDF's full tables and the source's PDF, the last one first.
2. Compress the workbook harder, drop columns in a fixed order, then drop the agents on target.
3. Put the workbook in a bucket and link to it from the message.
4. Send the message without documents.
The message and `standup explain` name every rung that was taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import renderers
from renderers import WORKBOOK, Message, Remark, appendix
from renderers.appendix import NotReadable
from renderers.font_files import SHIPPED_ONLY, Fonts
from renderers.trim import WHOLE, Trim
from renderers.words import Words, speak
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.documents import Document
from worker.domain.groups import AppendixPart, Pages
from worker.domain.metrics import Status

Measure = Callable[[tuple[Document, ...], Message], int]
"""Returns how many bytes the message has once it is encoded for sending."""


@dataclass(frozen=True, slots=True)
class Place:
    """A link to a document. ``ends_at`` (aware) is when it expires, None if it never does."""

    url: str
    ends_at: datetime | None = None


NO_LIBRARY = "the source's own PDF is not appended: pikepdf is not installed, install standup-briefings[protect]"

Publish = Callable[[Document], Place | None]
"""Stores a document and returns its link, or None where no bucket is configured."""

DROPPED = (
    ("Agents", ("Queues",)),
    ("Agents", ("Goal", "Occupancy", "Late log-ins")),
    ("Queues", ("Goal", "vs last workday", "Average handle", "Average answer", "Occupancy")),
)
"""The columns to drop from the workbook, the largest and least read first."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The documents and the message to send, and the rungs that were taken, in order.

    ``links``: the names of documents in a bucket, each with its place.
    """

    documents: tuple[Document, ...]
    message: Message
    rungs: tuple[str, ...] = ()
    links: tuple[tuple[str, Place], ...] = ()


@dataclass(frozen=True, slots=True)
class _Ladder:
    """What every rung needs. ``dropped``: parts already left out. ``remarks``: what the message says on any rung.

    ``for_operators``: what operators read of the PDF.
    """

    briefing: Briefing
    limit_bytes: int
    measure: Measure
    finish: Callable[[Document], Document]
    pages: Pages
    fonts: Fonts
    source_pdf: bytes | None
    dropped: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    for_operators: tuple[str, ...] = ()

    @property
    def words(self) -> Words:
        return speak(self.briefing.language)

    def fits(self, fitted: Fitted) -> bool:
        return self.measure(fitted.documents, fitted.message) <= self.limit_bytes

    def build(
        self, documents: tuple[Document, ...], rungs: tuple[str, ...], links: tuple[tuple[str, Place], ...] = ()
    ) -> Fitted:
        """Render the message that goes with these documents and with links to others."""
        rungs = (*self.dropped, *rungs)
        link = links[0][1].url if links else ""
        fitting = (Remark(self.words.to_fit(self.limit_bytes, rungs), link),) if rungs else ()
        kinds = frozenset(document.media_type for document in documents) | ({WORKBOOK} if links else frozenset())
        message = renderers.render_message(self.briefing, (*self.remarks, *fitting), kinds)
        return Fitted(documents, message, rungs, links)

    def pdf(self, parts: tuple[AppendixPart, ...]) -> Document:
        title = self.words.say("From the source")
        document = appendix.render(self.briefing, self.pages, parts, title, self.source_pdf or b"", self.fonts)
        return self.finish(replace(document, remarks=(*document.remarks, *self.for_operators)))

    def workbook(self, trim: Trim) -> Document:
        return self.finish(renderers.render_workbook(self.briefing, trim))


def fit(
    matter: Briefing | Notice,
    limit_bytes: int,
    measure: Measure,
    *,
    pages: Pages = "phone",
    fonts: Fonts = SHIPPED_ONLY,
    finish: Callable[[Document], Document] = lambda document: document,
    publish: Publish = lambda _: None,
    appendix_parts: tuple[AppendixPart, ...] = (),
    source_pdf: bytes | None = None,
) -> Fitted:
    """Render, and step down the ladder until the message is no larger than ``limit_bytes``.

    ``appendix_parts`` are the parts after the briefing's own pages, and the first to be left out. ``source_pdf`` is the
    content of its part ``"source"``. ``finish`` changes each document before it is measured, e.g. encrypts it.
    The last rung is returned even if it is too large, because nothing more can be left out.
    """
    if isinstance(matter, Notice):
        return Fitted((), renderers.render_message(matter))
    ladder = _Ladder(matter, limit_bytes, measure, finish, pages, fonts, source_pdf)
    parts = tuple(part for part in appendix_parts if part != "source" or source_pdf is not None)
    try:
        whole = ladder.pdf(parts)
    except NotReadable as error:
        ladder = replace(ladder, remarks=(Remark(ladder.words.unreadable_source_pdf(error.fault)),))
        if error.fault == "no_library":
            ladder = replace(ladder, for_operators=(NO_LIBRARY,))
        parts = tuple(part for part in parts if part != "source")
        whole = ladder.pdf(parts)
    return _shed(ladder, parts, whole, publish)


def _shed(ladder: _Ladder, parts: tuple[AppendixPart, ...], page: Document, publish: Publish) -> Fitted:
    """Leave out the parts after the pages one by one, then go on with the workbook."""
    whole = ladder.workbook(WHOLE)
    while parts:
        fitted = ladder.build((page, whole), ())
        if ladder.fits(fitted):
            return fitted
        *remaining, last = parts
        ladder, parts = replace(ladder, dropped=(*ladder.dropped, ladder.words.without_behind(last))), tuple(remaining)
        page = ladder.pdf(parts)
    return _shrink_workbook(ladder, page, whole, publish)


def _shrink_workbook(ladder: _Ladder, page: Document, whole: Document, publish: Publish) -> Fitted:
    for trim, rungs in trims(ladder.briefing):
        fitted = ladder.build((page, whole if trim is WHOLE else ladder.workbook(trim)), rungs)
        if ladder.fits(fitted):
            return fitted
    return _without_workbook(ladder, page, publish)


def trims(briefing: Briefing) -> Iterator[tuple[Trim, tuple[str, ...]]]:
    """Yield the workbook's rungs, each including those before it. Skip rungs that would change nothing."""
    yield WHOLE, ()
    trim = Trim(tight=True)
    words = speak(briefing.language)
    rungs: tuple[str, ...] = (words.tight(),)
    yield trim, rungs
    for sheet, headers in DROPPED:
        if briefing.agents if sheet == "Agents" else briefing.queues:
            trim = replace(trim, dropped_columns=trim.dropped_columns | {(sheet, header) for header in headers})
            rungs += (words.columns(sheet, headers),)
            yield trim, rungs
    on_target = sum(line.adherence.status is Status.ON_TARGET for line in briefing.agents)
    if on_target:
        yield replace(trim, agents_on_target=False), (*rungs, words.agents_on_target(on_target))


def _without_workbook(ladder: _Ladder, page: Document, publish: Publish) -> Fitted:
    """Link to the whole workbook if there is a bucket, and attach the PDF if it fits."""
    workbook = ladder.workbook(Trim(tight=True))
    place, words = publish(workbook), ladder.words
    rung = words.by_link(_local(place.ends_at, ladder.briefing)) if place else words.without_workbook()
    links = ((workbook.name, place),) if place else ()
    fitted = ladder.build((page,), (rung,), links)
    return fitted if ladder.fits(fitted) else ladder.build((), (rung, words.summary_alone()), links)


def _local(ends_at: datetime | None, briefing: Briefing) -> datetime | None:
    return ends_at.astimezone(briefing.generated_at.tzinfo) if ends_at else None
