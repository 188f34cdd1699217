"""The traps of the guide that this system comes from, where only the whole chain can fall into them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.acceptance.house import ALL_WEEK, House, awake_zone, yesterday
from worker.domain.runs import RunState

ZONE = awake_zone()
DAY = yesterday(ZONE)


def furnish(house: House, world: dict[str, object], **group: object) -> None:
    base = {"zone": ZONE, "queues": ["Line"], "agents": 4, "workdays": ALL_WEEK, "wfm": False}
    house.sandbox({"groups": {"support": base | world.pop("world", {})}, **world})  # type: ignore[operator]
    common = {"title": "Support", "zone": ZONE, "queues": ["Line"], "deliver": {"email": ["lead@example.com"]}}
    house.groups({"support": common | group})
    house.worker()
    house.beat()


def test_edge_case_empty_data_sets_on_holidays(house: House) -> None:
    """A holiday is found out before anything is exported, and told as one: nobody takes it for an outage."""
    midnight = datetime.combine(DAY, datetime.min.time())
    holiday = {"name": "Founders Day", "start": midnight, "end": midnight + timedelta(days=1)}
    calendar = {"schedule_groups": [{"name": "Hours", "zone": ZONE, "holidays": [holiday]}]}
    furnish(house, calendar, calendar={"kind": "schedule_group", "name": "Hours"})
    run = house.wait(f"support:{DAY}")
    assert (run.state, run.holiday_name) == (RunState.NOTIFIED, "Founders Day")
    assert not [each for each in house.requests() if "aggregates" in each["path"] or "export" in each["path"]]
    [mail] = house.mails()
    text = mail.read_text()
    assert "No Business Day Data Available" in text
    assert "Founders Day" in text
    assert "application/pdf" not in text


def test_edge_case_a_day_without_interactions_is_no_page_of_zeros(house: House) -> None:
    """An empty day that is no holiday is a fault until somebody has looked."""
    furnish(house, {"world": {"trouble": [{"kind": "empty_day", "date": DAY}]}})
    assert house.wait(f"support:{DAY}").state == RunState.NOTIFIED
    [mail] = house.mails()
    assert "No interactions recorded" in mail.read_text()


@pytest.mark.parametrize("wait_seconds", [3])
def test_edge_case_api_rate_limiting_during_peak_hours(house: House, wait_seconds: int) -> None:
    """A 429 is never answered with an immediate retry, and the briefing arrives all the same."""
    trouble = {"kind": "rate_limit", "times": 2, "retry_after": wait_seconds}
    furnish(house, {"world": {"trouble": [trouble]}})
    assert house.wait(f"support:{DAY}").state == RunState.DELIVERED
    asked = [each for each in house.requests() if each["path"].startswith("/api/")]
    refused = [number for number, each in enumerate(asked) if each["status"] == 429]
    assert len(refused) == 2
    for number in refused:
        apart = _instant(asked[number + 1]["at"]) - _instant(asked[number]["at"])
        assert apart >= timedelta(seconds=wait_seconds - 0.5), "asked again before the time that the API named"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
