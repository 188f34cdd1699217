"""From a briefing to what people get: documents and a message. Same briefing in, same bytes out.

pdf/       phone pages first, an A4 page for the wall
xlsx/      the workbook: all figures, as numbers, with native charts
message/   subject, preheader, HTML and text, complete without opening a document
words      every English word of the three above

A renderer is imported when it is first needed: reportlab and openpyxl take longer to import than a page takes to draw.
"""

from __future__ import annotations

from dataclasses import dataclass

from worker.domain.briefing import Briefing, Notice
from worker.domain.groups import Pages

PDF = "application/pdf"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Document:
    """Rendered bytes with an ASCII file name and a media type."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """What is read without opening a document; ``html`` and ``text`` say the same, ``preheader`` is the list's line."""

    subject: str
    preheader: str
    text: str
    html: str


def render_documents(briefing: Briefing, pages: Pages = "phone") -> tuple[Document, ...]:
    """The PDF, with the pages that the group wants, and the workbook of a briefing, in this order."""
    from renderers import pdf, xlsx

    stem = _file_stem(briefing)
    return (
        Document(f"{stem}.pdf", PDF, pdf.render(briefing, pages)),
        Document(f"{stem}.xlsx", WORKBOOK, xlsx.render(briefing)),
    )


def render_message(subject_matter: Briefing | Notice) -> Message:
    """The message of a briefing, or the notice that goes out instead of one."""
    from renderers import message

    return message.render(subject_matter)


def _file_stem(briefing: Briefing) -> str:
    revision = "" if briefing.revision == 1 else f"-r{briefing.revision}"
    return f"daily-standup-{briefing.group_key}-{briefing.reporting_day.isoformat()}{revision}"
