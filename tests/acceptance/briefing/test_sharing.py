"""The groups of one morning share their requests: with real workers, and with one group that cannot be served."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.installation import Installation, group, sandbox_group, yesterday, zone_in_daytime
from worker.domain.briefing.history import figures_of
from worker.domain.rows import Rows
from worker.domain.runs import Run, RunState

ZONES = (
    zone_in_daytime("Europe/Berlin", "Asia/Kolkata"),
    zone_in_daytime("America/New_York", "Asia/Tokyo", "Pacific/Auckland"),
)
GROUPS = {f"group-{number}": ZONES[number % 2] for number in range(6)}
RUNS = {key: f"{key}:{yesterday(zone)}" for key, zone in GROUPS.items()}
BROKEN = "group-3"
"""Names a queue that does not exist."""

QUEUE_QUERY = "/api/v2/analytics/conversations/aggregates/query"
USER_QUERY = "/api/v2/analytics/users/aggregates/query"
ADHERENCE = "/api/v2/workforcemanagement/adherence/historical/bulk"
QUEUES = "/api/v2/routing/queues"


@pytest.fixture(scope="module")
def morning(shared_installation: Installation) -> Installation:
    """Three groups in each of two zones, two workers and one beat, after all runs have ended."""
    installation = shared_installation
    prepare(installation)
    installation.start_worker("first")
    installation.start_worker("second")
    installation.start_beat()
    installation.wait_for_runs(list(RUNS.values()))
    return installation


@pytest.fixture(scope="module")
def requests(morning: Installation) -> list[dict[str, Any]]:
    """What the organisation was asked that morning."""
    return api_requests(morning)


@pytest.fixture(scope="module")
def runs(morning: Installation, requests: list[dict[str, Any]]) -> dict[str, Run]:
    """The runs of that morning by group."""
    return {run.id.group: run for run in morning.wait_for_runs(list(RUNS.values()))}


def prepare(installation: Installation) -> None:
    installation.start_sandbox(
        {"groups": {key: sandbox_group(f"{key} one", f"{key} two", zone=zone) for key, zone in GROUPS.items()}}
    )
    units = installation.management_units()
    groups = {}
    for key, zone in GROUPS.items():
        second_queue = f"{key} {'too' if key == BROKEN else 'two'}"
        groups[key] = group(key, f"{key} one", second_queue, zone=zone, management_units=[units[key]])
        # a group without a past fetches it once, by itself
        installation.history.record(key, yesterday(zone) - timedelta(days=20), 1, figures_of(Rows((), ())))
    installation.write_groups(groups)


def api_requests(installation: Installation) -> list[dict[str, Any]]:
    return [request for request in installation.requests() if request["path"].startswith("/api/")]


def test_one_broken_group_fails_and_the_others_are_delivered(morning: Installation, runs: dict[str, Run]) -> None:
    assert (runs[BROKEN].state, runs[BROKEN].code) == (RunState.FAILED, "lookup_failed")
    assert {run.state for key, run in runs.items() if key != BROKEN} == {RunState.DELIVERED}
    recipients = {mail.stem.partition("-")[2] for mail in morning.mails()}
    assert recipients == {f"{key}@example.com" for key in GROUPS if key != BROKEN}


def test_each_query_is_sent_once_a_zone(requests: list[dict[str, Any]]) -> None:
    paths = Counter(request["path"] for request in requests)
    assert (paths[QUEUE_QUERY], paths[USER_QUERY], paths[ADHERENCE]) == (2, 2, 2)
    assert paths[QUEUES] <= 6, "the list of all, which two may begin, and three for names similar to the wrong one"


def test_each_request_is_counted_for_one_run_and_the_others_count_as_shared(
    morning: Installation, requests: list[dict[str, Any]], runs: dict[str, Run]
) -> None:
    assert sum(run.requests for run in runs.values()) == len(requests)
    sharers = [run for key, run in runs.items() if key != BROKEN and run.shared]
    assert len(sharers) >= 3
    run_id = str(sharers[0].id)
    story = morning.standup("explain", run_id)
    assert f"{sharers[0].shared} answer" in story
    assert f"{len(requests)} requests for 5 briefings" in story
    explained = json.loads(morning.standup("explain", run_id, "--json"))
    assert explained["morning"] == {"requests": len(requests), "briefings": 5}


def test_a_rerun_asks_again_for_its_own_group_only(
    morning: Installation, requests: list[dict[str, Any]], runs: dict[str, Run]
) -> None:
    run_id = str(runs["group-0"].id)
    morning.standup("rerun", run_id, "--send-unchanged")
    assert morning.wait_for_run(f"{run_id}.r2").state == RunState.DELIVERED
    later_requests = api_requests(morning)[len(requests) :]
    queries = [request for request in later_requests if request["path"] in (QUEUE_QUERY, USER_QUERY, ADHERENCE)]
    assert {request["group"] for request in queries} == {"group-0"}
    assert len(queries) == 3
