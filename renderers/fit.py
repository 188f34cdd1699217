"""The size ladder: from a briefing to documents and a message that are small enough to be sent.

Figures are always rounded. Over the limit what stands behind the PDF's pages goes, the last part first; then the
workbook is packed tighter, loses columns in a declared order, then the agents on target; then it goes to a bucket and
the message has a link; then the message goes alone. The message and the run's story say every rung that was taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import renderers
from renderers import Document, Message, Remark, behind
from renderers.behind import NotReadable
from renderers.font_files import SHIPPED_ALONE, Fonts
from renderers.trim import WHOLE, Trim
from renderers.words import Words, speak
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.groups import Behind, Pages
from worker.domain.metrics import Status

Measure = Callable[[tuple[Document, ...], Message], int]
"""How many bytes the message has once it is encoded for the wire."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document waits; ``ends_at`` (aware) is when the link stops working, None if it never does."""

    url: str
    ends_at: datetime | None = None


Publish = Callable[[Document], Place | None]
"""Puts a document where a link leads to it; None where there is no such place."""

DROPPED = (
    ("Agents", ("Queues",)),
    ("Agents", ("Goal", "Occupancy", "Late log-ins")),
    ("Queues", ("Goal", "vs previous day", "Average handle", "Average answer", "Occupancy")),
)
"""The columns that a workbook may go without, the dearest and least read first."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is small enough, and the rungs that were taken for it, in their order."""

    documents: tuple[Document, ...]
    message: Message
    rungs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ladder:
    """``gone``: what was left out before the first rung; ``remarks``: what the message says whatever rung is taken."""

    briefing: Briefing
    limit_bytes: int
    measure: Measure
    finish: Callable[[Document], Document]
    pages: Pages
    fonts: Fonts
    source_pdf: bytes | None
    gone: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def words(self) -> Words:
        return speak(self.briefing.language)

    def fits(self, made: Fitted) -> bool:
        return self.measure(made.documents, made.message) <= self.limit_bytes

    def made(self, documents: tuple[Document, ...], rungs: tuple[str, ...], link: str = "") -> Fitted:
        rungs = (*self.gone, *rungs)
        fitting = (Remark(self.words.to_fit(self.limit_bytes, rungs), link),) if rungs else ()
        message = renderers.render_message(self.briefing, (*self.remarks, *fitting))
        return Fitted(documents, message, rungs)

    def pdf(self, parts: tuple[Behind, ...]) -> Document:
        title = self.words.say("From the source")
        return self.finish(behind.render(self.briefing, self.pages, parts, title, self.source_pdf or b"", self.fonts))

    def workbook(self, trim: Trim) -> Document:
        return self.finish(renderers.render_workbook(self.briefing, trim))


def fit(
    matter: Briefing | Notice,
    limit_bytes: int,
    measure: Measure,
    *,
    pages: Pages = "phone",
    fonts: Fonts = SHIPPED_ALONE,
    finish: Callable[[Document], Document] = lambda document: document,
    publish: Publish = lambda _: None,
    behind_pages: tuple[Behind, ...] = (),
    source_pdf: bytes | None = None,
) -> Fitted:
    """Render, and step down the ladder until the message is no larger than ``limit_bytes``.

    ``behind_pages`` follow the pages, and are the first to go, the last of them first; ``source_pdf`` is what
    ``"source"`` among them stands for, if there is one. ``finish`` is done to each document before it is measured
    (locking it). The last rung is returned even if it is too large: there is nothing left to leave out.
    """
    if isinstance(matter, Notice):
        return Fitted((), renderers.render_message(matter))
    ladder = _Ladder(matter, limit_bytes, measure, finish, pages, fonts, source_pdf)
    parts = tuple(part for part in behind_pages if part != "source" or source_pdf is not None)
    try:
        whole = ladder.pdf(parts)
    except NotReadable as error:
        ladder = replace(ladder, remarks=(Remark(ladder.words.unreadable_source_pdf(str(error))),))
        parts = tuple(part for part in parts if part != "source")
        whole = ladder.pdf(parts)
    return _shed(ladder, parts, whole, publish)


def _shed(ladder: _Ladder, parts: tuple[Behind, ...], page: Document, publish: Publish) -> Fitted:
    """Leave out what stands behind the pages, one part after the other, then go on with the workbook."""
    whole = ladder.workbook(WHOLE)
    while parts:
        made = ladder.made((page, whole), ())
        if ladder.fits(made):
            return made
        *kept, gone = parts
        ladder, parts = replace(ladder, gone=(*ladder.gone, ladder.words.without_behind(gone))), tuple(kept)
        page = ladder.pdf(parts)
    return _down(ladder, page, whole, publish)


def _down(ladder: _Ladder, page: Document, whole: Document, publish: Publish) -> Fitted:
    for trim, rungs in trims(ladder.briefing):
        made = ladder.made((page, whole if trim is WHOLE else ladder.workbook(trim)), rungs)
        if ladder.fits(made):
            return made
    return _without_workbook(ladder, page, publish)


def trims(briefing: Briefing) -> Iterator[tuple[Trim, tuple[str, ...]]]:
    """The workbook's rungs, each with all that were taken before it; those that change nothing are left out."""
    yield WHOLE, ()
    trim = Trim(tight=True)
    words = speak(briefing.language)
    rungs: tuple[str, ...] = (words.tight(),)
    yield trim, rungs
    for sheet, headers in DROPPED:
        if briefing.agents if sheet == "Agents" else briefing.queues:
            trim = replace(trim, without=trim.without | {(sheet, header) for header in headers})
            rungs += (words.columns(sheet, headers),)
            yield trim, rungs
    on_target = sum(line.adherence.status is Status.ON_TARGET for line in briefing.agents)
    if on_target:
        yield replace(trim, agents_on_target=False), (*rungs, words.agents_on_target(on_target))


def _without_workbook(ladder: _Ladder, page: Document, publish: Publish) -> Fitted:
    """The whole workbook by a link if there is a place for it, the PDF as long as it fits."""
    place = publish(ladder.workbook(Trim(tight=True)))
    words = ladder.words
    rung = words.by_link(_local(place.ends_at, ladder.briefing)) if place else words.without_workbook()
    link = place.url if place else ""
    made = ladder.made((page,), (rung,), link)
    return made if ladder.fits(made) else ladder.made((), (rung, words.summary_alone()), link)


def _local(ends_at: datetime | None, briefing: Briefing) -> datetime | None:
    return ends_at.astimezone(briefing.generated_at.tzinfo) if ends_at else None
