"""Who is asked for together with whom."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomli_w
from redis import Redis

from worker.domain.groups import Group
from worker.domain.runs import RunId
from worker.genesys.answer_cache import UnguardedFlights
from worker.genesys.sharing.plan import Sharing
from worker.groupfiles.reloading import Groups
from worker.services.order import order_for
from worker.services.sharing import RunSources
from worker.state.runs import Runs

MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)


def unused_source(group: Group, run_id: RunId, sharing: Sharing) -> Any:
    raise AssertionError("nothing is fetched here")


def test_a_group_without_its_report_definition_is_left_out_of_sharing(redis: Redis, tmp_path: Path) -> None:
    common = {"title": "T", "zone": "UTC", "standup_at": "08:00", "catch_up_until": "09:00", "deliver": {"email": []}}
    common |= {"source": "reporting", "report": "daily.json"}
    groups = {key: {**common, "queues": [key]} for key in ("good", "gone", "also-good")}
    groups["gone"]["report"] = "gone.json"
    for name in ("daily.json", "gone.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "groups.toml").write_text(tomli_w.dumps({"groups": groups}))
    group_files = Groups(tmp_path / "groups.toml")
    good = group_files.group("good")
    sources = RunSources(
        Runs(redis), group_files, lambda _: UnguardedFlights(), unused_source, unused_source, lambda: MORNING
    )
    (tmp_path / "gone.json").unlink()
    order = order_for(good, MORNING.date().replace(day=19), 1)
    assert [companion.queues for companion in sources.companions(good, order)] == [("also-good",), ("good",)]
