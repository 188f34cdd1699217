"""The message: subject, preheader, HTML and text, complete without opening a document.

page     what the message says, as finished strings, and the subject; HTML and text both show exactly this
queues   the queues' part of the page
today    what the page says of today
why      why the service level is low
notices  the page of a day without a briefing
html     the page as HTML by mail.html, and its summary for chat cards
plain    the page as plain text
columns  plain text in 76 columns: width, padding, folding
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from renderers import PDF, WORKBOOK, Message, Remark
from renderers.message import html, notices, page, plain
from worker.domain.briefing.content import Briefing, Notice


def render(
    subject_matter: Briefing | Notice, remarks: tuple[Remark, ...] = (), documents: Collection[str] = (PDF, WORKBOOK)
) -> Message:
    """Render the message of a briefing or of a notice. It names no agent.

    ``documents`` are the media types of those that go along or wait behind a link.
    """
    shown_page = (
        page.briefing_page(subject_matter, documents)
        if isinstance(subject_matter, Briefing)
        else notices.notice_page(subject_matter)
    )
    shown_page = dataclasses.replace(shown_page, remarks=remarks)
    return Message(
        subject=page.subject(subject_matter),
        preheader=page.preheader(shown_page),
        text=plain.render(shown_page),
        html=html.render(shown_page),
        summary=html.summary(shown_page),
    )
