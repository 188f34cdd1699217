"""`standup preview` sends and uploads nothing."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from renderers.font_files import SHIPPED_ONLY
from tests.integration.services.conftest import NOW, OUTGOING
from worker.channels.bucket import Bucket, BucketChannel
from worker.channels.mail import mime
from worker.cli.preview import as_preview, without_upload
from worker.domain.groups import Deliver, Group
from worker.services.packing import Packer


def test_a_preview_does_not_upload_a_workbook_that_is_too_large(tmp_path: Path) -> None:
    group = Group(
        key="support",
        title="Support",
        zone="Europe/Berlin",
        standup_at=time(8),
        catch_up_until=time(9),
        queues=("Billing",),
        deliver=Deliver(bucket=("archive",)),
    )

    def bucket(name: str) -> BucketChannel:
        return BucketChannel(Bucket(name, "STANDUP_BUCKETS__ARCHIVE", str(tmp_path / "bucket")), lambda: NOW)

    packer = Packer(8_000_000, "s@example.com", SHIPPED_ONLY, lambda _: "", lambda _: False, bucket)
    assert without_upload(packer, group).publish(OUTGOING) is None
    assert not (tmp_path / "bucket").exists()
    place = packer.packing_of(group).publish(OUTGOING)
    assert place is not None
    assert "daily-standup.pdf" in place.url


def test_a_preview_does_not_have_the_identity_of_the_briefing() -> None:
    preview_message = as_preview(OUTGOING, NOW)
    letters = [mime.build(message, "ana@example.com", "s@example.com") for message in (OUTGOING, preview_message)]
    assert letters[0].message_id != letters[1].message_id
    assert preview_message.subject == f"Preview: {OUTGOING.subject}"
    assert preview_message.documents == OUTGOING.documents
