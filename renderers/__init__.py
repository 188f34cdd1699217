"""From a briefing to what people get: documents and a message. Same briefing in, same bytes out.

pdf/       phone pages first, an A4 page for the wall, full tables behind them
xlsx/      the workbook: all figures, as numbers, with native charts
tables/    what those tables and its sheets have in common
message/   subject, preheader, HTML and text, complete without opening a document
behind     what stands behind the briefing's pages, in the group's order; the source's own PDF among it
font_files where letters are looked for that no shipped face has
trim       what a workbook may go without
fit        the size ladder: what goes when the message is too large
protect    documents that open with a password only
words      every English word of the three above

A renderer is imported when it is first needed: reportlab and openpyxl take longer to import than a page takes to draw.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from renderers.font_files import SHIPPED_ALONE, Fonts
from renderers.trim import WHOLE, Trim
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.briefing.summary import Summary
from worker.domain.groups import Pages, Table

PDF = "application/pdf"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Document:
    """Rendered bytes with an ASCII file name and a media type; ``remarks`` are for operations, not for its readers."""

    name: str
    media_type: str
    content: bytes
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What is read without opening a document; ``html`` and ``text`` say the same, ``preheader`` is the list's line.

    ``summary`` is what a card in a chat shows of it.
    """

    subject: str
    preheader: str
    text: str
    html: str
    summary: Summary = field(default_factory=Summary)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the sending that the message has to say, e.g. what was left out; ``link`` is shown whole."""

    said: str
    link: str = ""


def render_documents(briefing: Briefing, pages: Pages = "phone") -> tuple[Document, ...]:
    """The PDF, with the pages that the group wants, and the workbook of a briefing, in this order."""
    return render_pdf(briefing, pages), render_workbook(briefing)


def render_pdf(
    briefing: Briefing, pages: Pages = "phone", tables: tuple[Table, ...] = (), fonts: Fonts = SHIPPED_ALONE
) -> Document:
    """The PDF, with the pages that the group wants and the full tables behind them; ``fonts`` are for names that no
    shipped face can draw.
    """
    from renderers import pdf

    remarks: list[str] = []
    content = pdf.render(briefing, pages, tables, fonts=fonts, tell=remarks.append)
    return Document(f"{_file_stem(briefing)}.pdf", PDF, content, tuple(remarks))


def render_workbook(briefing: Briefing, trim: Trim = WHOLE) -> Document:
    """The workbook, without what ``trim`` leaves out."""
    from renderers import xlsx

    return Document(f"{_file_stem(briefing)}.xlsx", WORKBOOK, xlsx.render(briefing, trim))


def render_message(subject_matter: Briefing | Notice, remarks: tuple[Remark, ...] = ()) -> Message:
    """The message of a briefing, or the notice that goes out instead of one."""
    from renderers import message

    return message.render(subject_matter, remarks)


def _file_stem(briefing: Briefing) -> str:
    revision = "" if briefing.revision == 1 else f"-r{briefing.revision}"
    return f"daily-standup-{briefing.group_key}-{briefing.reporting_day.isoformat()}{revision}"
