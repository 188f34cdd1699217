"""A morning whose secrets are in a secrets manager alone, and programs that start without one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.acceptance.installation import ALL_WEEK, CLIENT_SECRET, Installation, yesterday, zone_in_daytime
from worker.domain.runs import RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
PLACE = "aws:eu-west-1:standup/morning"
HELD = ("STANDUP_ORGANISATIONS__MAIN__CLIENT_ID", "STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET")


@pytest.fixture
def manager() -> Iterator[dict[str, str]]:
    """A running secrets manager: what a program has to know to ask it."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    requests.post(f"http://{host}:{port}/moto-api/reset", timeout=10)  # all of moto in one process shares its memory
    yield {
        "STANDUP_SECRETS_MANAGER": PLACE,
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "id",
        "AWS_SECRET_ACCESS_KEY": "key",
    }
    server.stop()


def hand_over(installation: Installation, manager: dict[str, str]) -> None:
    """Take the OAuth client out of the installation's environment and put it into the manager."""
    held = {name: installation.environment.pop(name) for name in HELD}
    names = {"aws_access_key_id": "id", "aws_secret_access_key": "key", "region_name": "eu-west-1"}
    client = boto3.client("secretsmanager", endpoint_url=manager["AWS_ENDPOINT_URL"], **names)
    client.create_secret(Name="standup/morning", SecretString=json.dumps(held))


def test_a_worker_briefs_with_secrets_that_the_manager_alone_holds_and_beat_needs_none(
    installation: Installation, manager: dict[str, str]
) -> None:
    installation.start_sandbox(
        {"groups": {"one": {"zone": ZONE, "queues": ["Q"], "agents": 2, "workdays": ALL_WEEK, "wfm": False}}}
    )
    installation.write_groups(
        {"one": {"title": "One", "zone": ZONE, "queues": ["Q"], "deliver": {"email": ["a@example.com"]}}}
    )
    hand_over(installation, manager)
    whole = installation.environment
    installation.environment = redis_alone = {"STANDUP_REDIS_URL": installation.redis_url}
    installation.configure(TICK_SECONDS="1", BEAT_FILE=whole["STANDUP_BEAT_FILE"])
    installation.start_beat()
    installation.environment = whole | manager
    installation.configure()
    installation.start_worker()
    assert installation.wait_for_run(f"one:{DAY}").state == RunState.DELIVERED
    assert f"the settings can be read: the environment, 2 of {PLACE}" in installation.standup(
        "doctor", expect=1
    )  # Redis forgets
    installation.environment = redis_alone
    assert "pong" in installation.celery("-A", "worker", "inspect", "ping", "--timeout", "10")
    assert CLIENT_SECRET not in (installation.programs.logs / "worker.log").read_text()


def test_a_program_whose_manager_holds_nothing_ends_with_a_sentence(
    installation: Installation, manager: dict[str, str]
) -> None:
    installation.environment |= manager
    said = installation.standup("doctor", expect=1)
    assert f"STANDUP_SECRETS_MANAGER: the secrets in {PLACE} cannot be read (ResourceNotFoundException:" in said
    assert "→ The secret must exist" in said
    assert f"Error: STANDUP_SECRETS_MANAGER: the secrets in {PLACE} cannot be read" in installation.standup(
        "runs", expect=1
    )
