"""Who is asked for together with whom."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import tomli_w

from worker import wiring
from worker.services import sharing
from worker.services.order import order_for
from worker.settings import Settings
from worker.wiring import Parts

MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_a_group_whose_report_definition_has_gone_is_left_out_and_harms_no_other(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    common = {"title": "T", "zone": "UTC", "standup_at": "08:00", "catch_up_until": "09:00", "deliver": {"email": []}}
    common |= {"source": "reporting", "report": "daily.json"}
    groups = {key: {**common, "queues": [key]} for key in ("good", "gone", "also-good")}
    groups["gone"]["report"] = "gone.json"
    for name in ("daily.json", "gone.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "groups.toml").write_text(tomli_w.dumps({"groups": groups}))
    parts = Parts(Settings(redis_url=redis_url, groups=tmp_path / "groups.toml"))
    good = parts.group("good")
    monkeypatch.setattr(wiring, "now", lambda: MORNING)
    (tmp_path / "gone.json").unlink()
    order = order_for(good, MORNING.date().replace(day=19), 1)
    assert [each.queues for each in sharing._companions(parts, good, order)] == [("also-good",), ("good",)]
