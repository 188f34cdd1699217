"""A morning whose secrets are in a secrets manager alone, and programs that start without one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.acceptance.house import ALL_WEEK, SECRET, House, awake_zone, yesterday
from worker.domain.runs import RunState

ZONE = awake_zone()
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


def hand_over(house: House, manager: dict[str, str]) -> None:
    """Take the OAuth client out of the house's environment and put it into the manager."""
    held = {name: house.environment.pop(name) for name in HELD}
    names = {"aws_access_key_id": "id", "aws_secret_access_key": "key", "region_name": "eu-west-1"}
    client = boto3.client("secretsmanager", endpoint_url=manager["AWS_ENDPOINT_URL"], **names)
    client.create_secret(Name="standup/morning", SecretString=json.dumps(held))


def test_a_worker_briefs_with_secrets_that_the_manager_alone_holds_and_beat_needs_none(
    house: House, manager: dict[str, str]
) -> None:
    house.sandbox({"groups": {"one": {"zone": ZONE, "queues": ["Q"], "agents": 2, "workdays": ALL_WEEK, "wfm": False}}})
    house.groups({"one": {"title": "One", "zone": ZONE, "queues": ["Q"], "deliver": {"email": ["a@example.com"]}}})
    hand_over(house, manager)
    whole = house.environment
    house.environment = redis_alone = {"STANDUP_REDIS_URL": house.redis_url}
    house.settings(TICK_SECONDS="1", BEAT_FILE=whole["STANDUP_BEAT_FILE"])
    house.beat()
    house.environment = whole | manager
    house.settings()
    house.worker()
    assert house.wait(f"one:{DAY}").state == RunState.DELIVERED
    assert f"the settings can be read: the environment, 2 of {PLACE}" in house.shell(
        "doctor", expect=1
    )  # Redis forgets
    house.environment = redis_alone
    assert "pong" in house.celery("-A", "worker", "inspect", "ping", "--timeout", "10")
    assert SECRET not in (house.programs.logs / "worker.log").read_text()


def test_a_program_whose_manager_holds_nothing_ends_with_a_sentence(house: House, manager: dict[str, str]) -> None:
    house.environment |= manager
    said = house.shell("doctor", expect=1)
    assert f"STANDUP_SECRETS_MANAGER: {PLACE} gives no secrets (ResourceNotFoundException:" in said
    assert "→ The secret has to be there" in said
    assert f"Error: STANDUP_SECRETS_MANAGER: {PLACE} gives no secrets" in house.shell("runs", expect=1)
