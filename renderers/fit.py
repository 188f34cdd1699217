"""The size ladder: from a briefing to documents and a message that are small enough to be sent.

Figures are always rounded. Over the limit the workbook is packed tighter, then loses columns in a declared order, then
the agents on target; then it goes to a bucket and the message has a link; then the message goes alone. The message and
the run's story say every rung that was taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import renderers
from renderers import Document, Message, Remark
from renderers.behind import NotReadable, behind
from renderers.trim import WHOLE, Trim
from renderers.words import Words, speak
from worker.domain.briefing import Briefing, Notice
from worker.domain.groups import Pages
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

    def workbook(self, trim: Trim) -> Document:
        return self.finish(renderers.render_workbook(self.briefing, trim))


def fit(
    matter: Briefing | Notice,
    limit_bytes: int,
    measure: Measure,
    *,
    pages: Pages = "phone",
    finish: Callable[[Document], Document] = lambda document: document,
    publish: Publish = lambda _: None,
    source_pdf: bytes | None = None,
) -> Fitted:
    """Render, and step down the ladder until the message is no larger than ``limit_bytes``.

    ``source_pdf`` goes behind the pages, and is the first to go. ``finish`` is done to each document before it is
    measured (locking it). The last rung is returned even if it is too large: there is nothing left to leave out.
    """
    if isinstance(matter, Notice):
        return Fitted((), renderers.render_message(matter))
    ladder = _Ladder(matter, limit_bytes, measure, finish)
    plain = renderers.render_pdf(matter, pages)
    if source_pdf is None:
        return _down(ladder, plain, publish)
    try:
        both = behind(plain, ladder.words.say("From the source"), source_pdf)
    except NotReadable as error:
        unreadable = Remark(ladder.words.unreadable_source_pdf(str(error)))
        return _down(replace(ladder, remarks=(unreadable,)), plain, publish)
    made = ladder.made((finish(both), ladder.workbook(WHOLE)), ())
    gone = (ladder.words.without_source_pdf(),)
    return made if ladder.fits(made) else _down(replace(ladder, gone=gone), plain, publish)


def _down(ladder: _Ladder, plain: Document, publish: Publish) -> Fitted:
    page = ladder.finish(plain)
    for trim, rungs in trims(ladder.briefing):
        made = ladder.made((page, ladder.workbook(trim)), rungs)
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
