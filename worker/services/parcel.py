"""A rendered run as files, from the step that makes them to the one that sends them, and to the operator's preview."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime

from renderers import Document, Message
from worker.channels.parcel import Attachment, Parcel
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.briefing.summary import Summary
from worker.domain.groups.privacy import DataClass, classes_in

NAME = "parcel.json"


def of(matter: Briefing | Notice, documents: tuple[Document, ...], message: Message) -> Parcel:
    """What was rendered, as one parcel; its documents count as carrying whatever the briefing names."""
    return Parcel(
        run_id=matter.run_id,
        group_key=matter.group_key,
        reporting_day=matter.reporting_day,
        revision=matter.revision,
        sent_at=matter.generated_at,
        subject=message.subject,
        text=message.text,
        html=message.html,
        attachments=tuple(Attachment(each.name, each.media_type, each.content) for each in documents),
        personal=tuple(sorted(classes_in(matter))) if documents else (),
        summary=message.summary,
    )


def encode(parcel: Parcel) -> bytes:
    """All but the documents' bytes, as JSON."""
    plain = asdict(parcel) | {
        "reporting_day": parcel.reporting_day.isoformat(),
        "sent_at": parcel.sent_at.isoformat(),
        "attachments": [{"name": each.name, "media_type": each.media_type} for each in parcel.attachments],
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()


def decode(data: bytes, fetch: Callable[[str], bytes]) -> Parcel:
    """What `encode` wrote; ``fetch`` gives a document's bytes by name."""
    plain = json.loads(data)
    attachments = (Attachment(each["name"], each["media_type"], fetch(each["name"])) for each in plain["attachments"])
    return Parcel(
        **plain
        | {
            "reporting_day": date.fromisoformat(plain["reporting_day"]),
            "sent_at": datetime.fromisoformat(plain["sent_at"]),
            "attachments": tuple(attachments),
            "personal": tuple(DataClass(each) for each in plain["personal"]),
            "summary": Summary.from_plain(plain["summary"]),
            "links": (),
        }
    )
