"""Operations hear of a failing group once, of a further day once more, and of its recovery."""

from __future__ import annotations

import json
import time
from datetime import timedelta

from tests.acceptance.house import ALL_WEEK, House, awake_zone, yesterday
from worker.domain.runs import RunState

ZONE = awake_zone()
DAY = yesterday(ZONE)
FORBIDDEN = {"kind": "forbidden"}


def furnish(house: House) -> None:
    world = {"zone": ZONE, "queues": ["Q1"], "agents": 3, "workdays": ALL_WEEK, "trouble": [FORBIDDEN]}
    house.sandbox({"groups": {"support": world}})
    group = {"title": "Support", "zone": ZONE, "queues": ["Q1"], "deliver": {"email": ["ana@example.com"]}}
    house.groups({"support": group})


def test_a_streak_is_told_once_a_further_day_once_more_and_its_end_once(house: House) -> None:
    furnish(house)
    house.worker()
    before = DAY - timedelta(days=1)
    house.shell("run", "support", "--date", str(before))
    house.wait(f"support:{before}")
    house.wait_for_alerts(1)
    for _ in range(2):
        house.shell("run", "support", "--date", str(before))
        time.sleep(0.5)
        house.wait(f"support:{before}")
    house.shell("run", "support", "--date", str(DAY))
    assert house.wait(f"support:{DAY}").code == "permission_missing"
    house.wait_for_alerts(2)
    house.trouble("support")
    house.shell("run", "support", "--date", str(before))
    house.shell("run", "support", "--date", str(DAY))
    time.sleep(0.5)
    runs = house.wait_all([f"support:{before}", f"support:{DAY}"])
    assert {run.state for run in runs} == {RunState.DELIVERED}
    told = [alert["blocks"][0]["text"]["text"] for alert in house.wait_for_alerts(3)]
    time.sleep(1)
    assert told == ["No briefing for Support", "No briefing for Support", "Delivered again: Support"]
    assert len(house.alerts()) == 3
    assert "since" in json.dumps(house.alerts()[2])
    assert "operations know: no further alert" in house.shell("explain", f"support:{before}")
