"""The traps of the guide that this system comes from, where only the whole chain can fall into them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.acceptance.installation import DAY, ZONE, Installation, group, sandbox_group
from worker.domain.runs import RunState

MIDNIGHT = datetime.combine(DAY, datetime.min.time())
HOLIDAY = {"name": "Founders Day", "start": MIDNIGHT, "end": MIDNIGHT + timedelta(days=1)}
RETRY_AFTER_SECONDS = 3
TROUBLES: dict[str, list[dict[str, object]]] = {
    "holiday": [],
    "empty": [{"kind": "empty_day", "date": DAY}],
    "limited": [{"kind": "rate_limit", "times": 2, "retry_after": RETRY_AFTER_SECONDS}],
}
"""A group for each trap, and what goes wrong for it."""


@pytest.fixture(scope="module")
def morning(shared_installation: Installation) -> Installation:
    """All groups, a worker and a beat, after every run has ended."""
    installation = shared_installation
    worlds = {key: sandbox_group(f"Queue {key}", wfm=False, trouble=trouble) for key, trouble in TROUBLES.items()}
    hours = {"name": "Hours", "zone": ZONE, "holidays": [HOLIDAY]}
    installation.start_sandbox({"groups": worlds, "schedule_groups": [hours]})
    groups = {key: group(key, f"Queue {key}") for key in TROUBLES}
    groups["holiday"]["calendar"] = {"kind": "schedule_group", "name": "Hours"}
    installation.write_groups(groups)
    installation.start_worker()
    installation.start_beat()
    installation.wait_for_runs([f"{key}:{DAY}" for key in TROUBLES])
    return installation


def text_of_only_mail(installation: Installation, key: str) -> str:
    [mail] = installation.mails_to(f"{key}@example.com")
    return mail.read_text()


def test_edge_case_empty_data_sets_on_holidays(morning: Installation) -> None:
    """A holiday is found before anything is exported, and reported as one: no one takes it for an outage."""
    run = morning.wait_for_run(f"holiday:{DAY}")
    assert (run.state, run.holiday_name) == (RunState.NOTIFIED, "Founders Day")
    paths = [request["path"] for request in morning.requests() if request["group"] == "holiday"]
    assert not [path for path in paths if "aggregates" in path or "export" in path]
    text = text_of_only_mail(morning, "holiday")
    assert "No Business Day Data Available" in text
    assert "Founders Day" in text
    assert "application/pdf" not in text


def test_edge_case_a_day_without_interactions_is_no_page_of_zeros(morning: Installation) -> None:
    """An empty day that is no holiday is a fault until someone has looked."""
    assert morning.wait_for_run(f"empty:{DAY}").state == RunState.NOTIFIED
    assert "No interactions recorded" in text_of_only_mail(morning, "empty")


def test_edge_case_api_rate_limiting_during_peak_hours(morning: Installation) -> None:
    """A 429 is never answered with an immediate retry, and the briefing arrives all the same."""
    assert morning.wait_for_run(f"limited:{DAY}").state == RunState.DELIVERED
    requests = [request for request in morning.requests() if request["group"] == "limited"]
    pauses = [
        datetime.fromisoformat(following["at"]) - datetime.fromisoformat(request["at"])
        for request, following in pairwise(requests)
        if request["status"] == 429
    ]
    assert len(pauses) == 2
    assert min(pauses) >= timedelta(seconds=RETRY_AFTER_SECONDS - 0.5), "asked before the time that the API named"
