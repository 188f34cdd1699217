"""Several Genesys organisations in one installation, each with its own client, quota and secrets."""

from __future__ import annotations

import json
from urllib.request import urlopen

import tomli_w

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.cli.demo.processes import Program, python
from worker.domain.runs import RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)


def world(queue: str) -> dict[str, object]:
    return {"zone": ZONE, "queues": [queue], "agents": 3, "workdays": ALL_WEEK, "wfm": False}


def second_organisation(installation: Installation) -> str:
    """Another stand-in organisation beside the installation's own; its address."""
    path = installation.folder / "north.toml"
    clients = [{"id": "north-client", "secret": "north-secret"}]
    path.write_text(tomli_w.dumps({"seed": 5, "clients": clients, "groups": {"north": world("Same Name")}}))
    command = python("-m", "sandbox", "--scenario", str(path), "--out", str(installation.folder / "north"))
    address: str = json.loads(installation.programs.start(Program("north", command), answers=True))["api"]
    installation.configure(
        ORGANISATIONS__NORTH__API_URL=address,
        ORGANISATIONS__NORTH__CLIENT_ID="north-client",
        ORGANISATIONS__NORTH__CLIENT_SECRET="north-secret",
    )
    return address


def group(title: str, **more: object) -> dict[str, object]:
    to = {"email": [f"{title}@example.com"]}
    return {"title": title, "zone": ZONE, "queues": ["Same Name"], "deliver": to} | more


def test_groups_of_two_organisations_are_briefed_from_their_own_and_share_no_quota(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"south": world("Same Name")}})
    address = second_organisation(installation)
    installation.write_groups({"south": group("south"), "north": group("north", organisation="north")})
    installation.start_worker()
    installation.start_beat()
    runs = installation.wait_for_runs([f"south:{DAY}", f"north:{DAY}"])
    assert {run.state for run in runs} == {RunState.DELIVERED}
    with urlopen(f"{address}/_sandbox/requests", timeout=10) as answer:
        north = json.load(answer)
    assert {each["client"] for each in north if each["client"]} == {"north-client"}
    assert {each["client"] for each in installation.requests() if each["client"]} == {"test-client"}
    assert len(installation.parts.redis.keys("standup:access-token:*")) == 2
