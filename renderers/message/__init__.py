"""The message: subject, preheader, HTML and text, complete without opening a document.

page      what the message says, as finished strings; HTML and text both show exactly this
queues    the queues' part of the page
notices   the page of a day without a briefing
subject   the one line that is never encrypted and never folds
html      the page as mail.html shows it in Gmail, Outlook and on a phone
plain     the page in 76 columns
card      the page in a few strings, for chats
"""

from __future__ import annotations

import dataclasses

from renderers import Message, Remark
from renderers.message import html, notices, page, plain
from renderers.message import html as card
from renderers.message import page as subject
from worker.domain.briefing.content import Briefing, Notice


def render(subject_matter: Briefing | Notice, remarks: tuple[Remark, ...] = ()) -> Message:
    """The message of a briefing or of a notice; it names no agent."""
    said = page.of(subject_matter) if isinstance(subject_matter, Briefing) else notices.page_of(subject_matter)
    said = dataclasses.replace(said, remarks=remarks)
    return Message(
        subject=subject.line(subject_matter),
        preheader=page.preheader(said),
        text=plain.render(said),
        html=html.render(said),
        summary=card.summary(said),
    )
