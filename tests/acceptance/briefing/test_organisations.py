"""Several Genesys organisations in one installation, each with its own client, quota and secrets."""

from __future__ import annotations

import json
from urllib.request import urlopen

import tomli_w

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.waiting import HANG_SECONDS
from worker.cli.demo.processes import Program, python
from worker.domain.runs import RunState


def start_second_organisation(installation: Installation) -> str:
    """Start another organisation beside the installation's own; return its address."""
    path = installation.folder / "north.toml"
    clients = [{"id": "north-client", "secret": "north-secret"}]
    groups = {"north": sandbox_group("Same Name", wfm=False)}
    path.write_text(tomli_w.dumps({"seed": 5, "clients": clients, "groups": groups}))
    command = python("-m", "sandbox", "--scenario", str(path), "--out", str(installation.folder / "north"))
    address: str = json.loads(installation.programs.start(Program("north", command), answers=True))["api"]
    installation.configure(
        ORGANISATIONS__NORTH__API_URL=address,
        ORGANISATIONS__NORTH__CLIENT_ID="north-client",
        ORGANISATIONS__NORTH__CLIENT_SECRET="north-secret",
    )
    return address


def test_groups_of_two_organisations_use_their_own_data_and_quota(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"south": sandbox_group("Same Name", wfm=False)}})
    address = start_second_organisation(installation)
    north, south = group("north", "Same Name", organisation="north"), group("south", "Same Name")
    installation.write_groups({"south": south, "north": north})
    installation.start_worker()
    installation.start_beat()
    runs = installation.wait_for_runs([f"south:{DAY}", f"north:{DAY}"])
    assert {run.state for run in runs} == {RunState.DELIVERED}
    with urlopen(f"{address}/_sandbox/requests", timeout=HANG_SECONDS) as answer:
        requests_to_north = json.load(answer)
    assert {request["client"] for request in requests_to_north if request["client"]} == {"north-client"}
    assert {request["client"] for request in installation.requests() if request["client"]} == {"test-client"}
    assert len(installation.redis.keys("standup:access-token:*")) == 2
