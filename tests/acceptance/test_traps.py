"""The traps of the guide that this system comes from, where only the whole chain can fall into them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.domain.runs import RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)


def furnish(installation: Installation, world: dict[str, object], **group: object) -> None:
    base = {"zone": ZONE, "queues": ["Line"], "agents": 4, "workdays": ALL_WEEK, "wfm": False}
    installation.start_sandbox({"groups": {"support": base | world.pop("world", {})}, **world})  # type: ignore[operator]
    common = {"title": "Support", "zone": ZONE, "queues": ["Line"], "deliver": {"email": ["lead@example.com"]}}
    installation.write_groups({"support": common | group})
    installation.start_worker()
    installation.start_beat()


def test_edge_case_empty_data_sets_on_holidays(installation: Installation) -> None:
    """A holiday is found out before anything is exported, and told as one: nobody takes it for an outage."""
    midnight = datetime.combine(DAY, datetime.min.time())
    holiday = {"name": "Founders Day", "start": midnight, "end": midnight + timedelta(days=1)}
    calendar = {"schedule_groups": [{"name": "Hours", "zone": ZONE, "holidays": [holiday]}]}
    furnish(installation, calendar, calendar={"kind": "schedule_group", "name": "Hours"})
    run = installation.wait_for_run(f"support:{DAY}")
    assert (run.state, run.holiday_name) == (RunState.NOTIFIED, "Founders Day")
    assert not [each for each in installation.requests() if "aggregates" in each["path"] or "export" in each["path"]]
    [mail] = installation.mails()
    text = mail.read_text()
    assert "No Business Day Data Available" in text
    assert "Founders Day" in text
    assert "application/pdf" not in text


def test_edge_case_a_day_without_interactions_is_no_page_of_zeros(installation: Installation) -> None:
    """An empty day that is no holiday is a fault until somebody has looked."""
    furnish(installation, {"world": {"trouble": [{"kind": "empty_day", "date": DAY}]}})
    assert installation.wait_for_run(f"support:{DAY}").state == RunState.NOTIFIED
    [mail] = installation.mails()
    assert "No interactions recorded" in mail.read_text()


@pytest.mark.parametrize("wait_seconds", [3])
def test_edge_case_api_rate_limiting_during_peak_hours(installation: Installation, wait_seconds: int) -> None:
    """A 429 is never answered with an immediate retry, and the briefing arrives all the same."""
    trouble = {"kind": "rate_limit", "times": 2, "retry_after": wait_seconds}
    furnish(installation, {"world": {"trouble": [trouble]}})
    assert installation.wait_for_run(f"support:{DAY}").state == RunState.DELIVERED
    asked = [each for each in installation.requests() if each["path"].startswith("/api/")]
    refused = [number for number, each in enumerate(asked) if each["status"] == 429]
    assert len(refused) == 2
    for number in refused:
        apart = _instant(asked[number + 1]["at"]) - _instant(asked[number]["at"])
        assert apart >= timedelta(seconds=wait_seconds - 0.5), "asked again before the time that the API named"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
