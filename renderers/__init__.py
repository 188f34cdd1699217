"""Renderers turn a briefing into documents and a message. The same briefing gives the same bytes.

pdf/        the PDF: phone pages, an A4 or Letter page for the wall, full tables
xlsx/       the workbook: every figure as a number, with native charts
message/    the message: subject, preheader, HTML, text and the chat card
tables/     the columns that the PDF's full tables and the workbook's sheets share
words/      every sentence, label and number, in the group's language
appendix    the pages after the briefing's own: full tables and the source's PDF
fit         the size ladder: what is left out of a message that is too large
trim        what a workbook can be rendered without
protect     documents that open only with a password
font_files  which font files to search for letters that no shipped font has

The functions below import a renderer when they are called, because importing reportlab and openpyxl takes longer than
drawing a page.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from renderers.font_files import SHIPPED_ONLY, Fonts
from renderers.trim import WHOLE, Trim
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.briefing.summary import Summary
from worker.domain.documents import Document
from worker.domain.groups import Pages, Table

PDF = "application/pdf"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Message:
    """What a supervisor reads without opening a document. ``html`` and ``text`` say the same.

    ``preheader`` is the line that a mailbox shows beside the subject. ``summary`` is the chat card.
    """

    subject: str
    preheader: str
    text: str
    html: str
    summary: Summary = field(default_factory=Summary)


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about the delivery, e.g. what was left out for size. ``link`` is never shortened."""

    text: str
    link: str = ""


def render_pdf(
    briefing: Briefing, pages: Pages = "phone", tables: tuple[Table, ...] = (), fonts: Fonts = SHIPPED_ONLY
) -> Document:
    """Render the PDF with the group's pages, then the full tables.

    ``fonts`` draw the letters that no shipped font has.
    """
    from renderers import pdf

    remarks: list[str] = []
    content = pdf.render(briefing, pages, tables, fonts=fonts, tell=remarks.append)
    return Document(f"{_file_stem(briefing)}.pdf", PDF, content, tuple(remarks))


def render_workbook(briefing: Briefing, trim: Trim = WHOLE) -> Document:
    """Render the workbook without what ``trim`` leaves out."""
    from renderers import xlsx

    return Document(f"{_file_stem(briefing)}.xlsx", WORKBOOK, xlsx.render(briefing, trim))


def render_message(
    subject_matter: Briefing | Notice,
    remarks: tuple[Remark, ...] = (),
    documents: Collection[str] = (PDF, WORKBOOK),
) -> Message:
    """Render the message of a briefing, or of the notice that is sent instead.

    ``documents`` are the media types of those that go along or wait behind a link. The message points to no others.
    """
    from renderers import message

    return message.render(subject_matter, remarks, documents)


def _file_stem(briefing: Briefing) -> str:
    revision = "" if briefing.revision == 1 else f"-r{briefing.revision}"
    return f"daily-standup-{briefing.group_key}-{briefing.reporting_day.isoformat()}{revision}"
