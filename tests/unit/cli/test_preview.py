"""What `standup preview` makes reaches nobody."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from tests.integration.services.conftest import PARCEL
from worker.cli.preview import for_nobody
from worker.domain.groups import Deliver, Group
from worker.services.packing import packing_of
from worker.settings import Settings
from worker.wiring import Parts


def test_a_workbook_that_is_too_large_is_put_into_no_bucket(tmp_path: Path) -> None:
    group = Group(
        key="support",
        title="Support",
        zone="Europe/Berlin",
        standup_at=time(8),
        catch_up_until=time(9),
        queues=("Billing",),
        deliver=Deliver(bucket=("archive",)),
    )
    parts = Parts(Settings(buckets={"archive": {"url": str(tmp_path / "bucket")}}))
    assert for_nobody(parts, group).publish(PARCEL) is None
    assert not (tmp_path / "bucket").exists()
    place = packing_of(parts, group).publish(PARCEL)
    assert place is not None
    assert "daily-standup.pdf" in place.url
