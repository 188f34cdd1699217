"""Flower as the README starts it: it does not start open to others, and no other web site can use it."""

from __future__ import annotations

import base64
from http.client import HTTPConnection
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from redis import Redis

from tests.acceptance.installation import Installation
from tests.redis_server import free_port
from tests.waiting import HANG_SECONDS, wait_until
from worker.celery import WAITING_QUEUE
from worker.cli.demo.processes import Program, python

LOGIN = "ops:planted-flower-password"
AUTHORIZATION = {"Authorization": f"Basic {base64.b64encode(LOGIN.encode()).decode()}"}
FORM = {"Content-Type": "text/plain"}
"""What a form of another site can send without asking: ``enctype="text/plain"`` makes any body."""


@pytest.fixture
def port(installation: Installation) -> int:
    installation.configure(REDIS_URL=installation.redis_url)
    return free_port()


def flower(port: int, *options: str) -> list[str]:
    return python("-m", "celery", "-A", "worker", "flower", f"--port={port}", *options)


def start(installation: Installation, port: int, *options: str) -> None:
    installation.programs.start(Program("flower", flower(port, *options)))

    def answers() -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthcheck", timeout=HANG_SECONDS) as answer:
                return bool(answer.status == 200)
        except URLError:
            return False

    wait_until(answers, "Flower answers")


def send_task(port: int, headers: dict[str, str]) -> int:
    """Ask Flower to start a run, as another site's form would. Return the HTTP status."""
    body = b'{"args": ["support", "2026-11-27"]}'
    request = Request(f"http://127.0.0.1:{port}/api/task/send-task/briefing.run", body, FORM | headers)
    try:
        with urlopen(request, timeout=HANG_SECONDS) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def started(installation: Installation) -> int:
    return int(Redis.from_url(installation.broker_url).llen(WAITING_QUEUE))


def test_flower_refuses_to_start_open_to_other_machines(installation: Installation, port: int) -> None:
    refusal = installation.run(flower(port), expect=1)
    assert "standup: Flower would listen on all interfaces without a password." in refusal
    assert "FLOWER_BASIC_AUTH=name:password" in refusal
    assert "Traceback" not in refusal


def test_only_a_login_from_flowers_own_pages_starts_a_task(installation: Installation, port: int) -> None:
    start(installation, port, f"--basic-auth={LOGIN}", "--address=127.0.0.1")
    assert send_task(port, {}) == 401
    assert send_task(port, AUTHORIZATION | {"Origin": "https://evil.example"}) == 403
    assert send_task(port, AUTHORIZATION | {"Origin": "null"}) == 403
    assert send_task(port, AUTHORIZATION | {"Sec-Fetch-Site": "cross-site"}) == 403
    assert started(installation) == 0
    assert send_task(port, AUTHORIZATION | {"Origin": f"http://127.0.0.1:{port}"}) == 200
    assert started(installation) == 1
    assert LOGIN.partition(":")[2] not in installation.log("flower")


def test_without_a_password_flower_on_this_machine_starts_nothing(installation: Installation, port: int) -> None:
    start(installation, port, "--address=127.0.0.1")
    assert send_task(port, {}) == 401
    assert send_task(port, {"Origin": f"http://127.0.0.1:{port}"}) == 401
    assert started(installation) == 0
    connection = HTTPConnection("127.0.0.1", port, timeout=HANG_SECONDS)
    connection.request("GET", "/workers")
    assert connection.getresponse().status == 200
