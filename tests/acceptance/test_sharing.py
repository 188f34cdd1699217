"""The groups of one morning ask together: with real workers, and with one group that cannot be served."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.domain.briefing.history import figures_of
from worker.domain.rows import Rows
from worker.domain.runs import RunState

ZONES = (
    zone_in_daytime("Europe/Berlin", "Asia/Kolkata"),
    zone_in_daytime("America/New_York", "Asia/Tokyo", "Pacific/Auckland"),
)
QUEUE_QUERY = "/api/v2/analytics/conversations/aggregates/query"
USER_QUERY = "/api/v2/analytics/users/aggregates/query"
BULK = "/api/v2/workforcemanagement/adherence/historical/bulk"
LISTS = "/api/v2/routing/queues"


def furnish(installation: Installation, *, broken: str) -> dict[str, str]:
    """Three groups in each of two zones, one of which names a queue that does not exist; run ids by group."""
    places = {f"group-{n}": ZONES[n % 2] for n in range(6)}
    worlds = {
        key: {"zone": zone, "queues": [f"{key} one", f"{key} two"], "agents": 4, "workdays": ALL_WEEK}
        for key, zone in places.items()
    }
    installation.start_sandbox({"groups": worlds})
    units = installation.management_units()
    for key, zone in places.items():  # a group without a past asks for it once, by itself
        installation.parts.history.record(key, yesterday(zone) - timedelta(days=20), 1, figures_of(Rows((), ())))
    installation.write_groups(
        {
            key: {
                "title": key,
                "zone": zone,
                "queues": [f"{key} one", f"{key} {'too' if key == broken else 'two'}"],
                "management_units": [units[key]],
                "deliver": {"email": [f"{key}@example.com"]},
            }
            for key, zone in places.items()
        }
    )
    return {key: f"{key}:{yesterday(zone)}" for key, zone in places.items()}


def test_six_groups_in_two_zones_ask_twice_and_one_that_is_broken_harms_none(installation: Installation) -> None:
    ids = furnish(installation, broken="group-3")
    installation.start_worker("first")
    installation.start_worker("second")
    installation.start_beat()
    runs = {run.id.group: run for run in installation.wait_for_runs(list(ids.values()))}

    failed = runs.pop("group-3")
    assert (failed.state, failed.code) == (RunState.FAILED, "lookup_failed")
    assert {run.state for run in runs.values()} == {RunState.DELIVERED}
    assert len(installation.mails()) == 5

    asked = [each for each in installation.requests() if each["path"].startswith("/api/")]
    paths = Counter(each["path"] for each in asked)
    assert (paths[QUEUE_QUERY], paths[USER_QUERY], paths[BULK]) == (2, 2, 2)
    assert paths[LISTS] <= 6  # the list of all, which two may begin, and three looks for what is near the wrong name

    # all that was sent stands with the runs that sent it, and the others say that they shared
    assert sum(run.requests for run in (*runs.values(), failed)) == len(asked)
    sharers = [run for run in runs.values() if run.shared]
    assert len(sharers) >= 3
    told = installation.standup("explain", str(sharers[0].id))
    assert f"{sharers[0].shared} answer" in told
    assert f"{len(asked)} requests for 5 briefings" in told
    explained = json.loads(installation.standup("explain", str(sharers[0].id), "--json"))
    assert explained["morning"] == {"requests": len(asked), "briefings": 5}


def test_a_rerun_asks_anew_for_its_own_group_alone(installation: Installation) -> None:
    ids = furnish(installation, broken="")
    installation.start_worker()
    installation.start_beat()
    installation.wait_for_runs(list(ids.values()))
    before = len(installation.requests())
    installation.standup("rerun", ids["group-0"])
    assert installation.wait_for_run(f"{ids['group-0']}.r2").state == RunState.DELIVERED
    asked = [each for each in installation.requests()[before:] if each["path"] in (QUEUE_QUERY, USER_QUERY, BULK)]
    assert {each["group"] for each in asked} == {"group-0"}
    assert len(asked) == 3
