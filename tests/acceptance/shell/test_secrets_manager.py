"""A morning whose secrets are in a secrets manager alone, and programs that start without one."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.acceptance.installation import CLIENT_SECRET, DAY, Installation, group, sandbox_group
from tests.waiting import HANG_SECONDS
from worker.domain.runs import RunState

ADDRESS = "aws:eu-west-1:standup/morning"
SECRET_NAMES = ("STANDUP_ORGANISATIONS__MAIN__CLIENT_ID", "STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET")


@pytest.fixture
def manager() -> Iterator[dict[str, str]]:
    """Start a secrets manager; give what a program must know to ask it."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    requests.post(f"http://{host}:{port}/moto-api/reset", timeout=HANG_SECONDS)  # moto has one state per process
    yield {
        "STANDUP_SECRETS_MANAGER": ADDRESS,
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "id",
        "AWS_SECRET_ACCESS_KEY": "key",
    }
    server.stop()


def move_secrets(installation: Installation, manager: dict[str, str]) -> None:
    """Take the OAuth client out of the installation's environment and put it into the manager."""
    secrets = {name: installation.environment.pop(name) for name in SECRET_NAMES}
    names = {"aws_access_key_id": "id", "aws_secret_access_key": "key", "region_name": "eu-west-1"}
    client = boto3.client("secretsmanager", endpoint_url=manager["AWS_ENDPOINT_URL"], **names)
    client.create_secret(Name="standup/morning", SecretString=json.dumps(secrets))


def test_only_a_worker_needs_the_secrets_that_the_manager_holds(
    installation: Installation, manager: dict[str, str]
) -> None:
    installation.start_sandbox({"groups": {"one": sandbox_group("Q", wfm=False)}})
    installation.write_groups({"one": group("One", "Q")})
    move_secrets(installation, manager)
    complete = installation.environment
    installation.environment = redis_only = {"STANDUP_REDIS_URL": installation.redis_url}
    installation.configure(TICK_SECONDS="1", BEAT_FILE=complete["STANDUP_BEAT_FILE"])
    installation.start_beat()
    installation.environment = complete | manager
    installation.configure()
    installation.start_worker()
    assert installation.wait_for_run(f"one:{DAY}").state == RunState.DELIVERED
    output = installation.standup("doctor", expect=1)  # Redis has no append-only file
    assert f"the settings can be read: the environment, 2 of {ADDRESS}" in output
    installation.environment = redis_only
    worker = f"worker@{socket.gethostname()}"  # celery waits for the whole timeout if it does not know whom to ask
    ping = ("inspect", "ping", "--timeout", str(HANG_SECONDS), "--destination", worker)
    assert "pong" in installation.celery("-A", "worker", *ping)
    assert CLIENT_SECRET not in installation.log("worker")


def test_a_program_whose_manager_has_no_secret_ends_with_a_sentence(
    installation: Installation, manager: dict[str, str]
) -> None:
    installation.environment |= manager
    for command in ("doctor", "runs"):
        output = installation.standup(command, expect=1)
        sentence = f"STANDUP_SECRETS_MANAGER: the secrets in {ADDRESS} cannot be read (ResourceNotFoundException:"
        assert sentence in output
    assert "→ The secret must exist" in installation.standup("doctor", expect=1)
