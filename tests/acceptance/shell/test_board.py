"""`standup board` as a process: who gets in, what it shows, and that it changes nothing."""

from __future__ import annotations

import base64
from email.message import Message
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from worker.cli.demo.processes import Program, python
from worker.domain.runs import Finished, RunId, RunState, Step

AUTHORIZATION = {"Authorization": "Basic " + base64.b64encode(b"op:a-long-password").decode()}
FAILED = RunId("failing", DAY)
TITLE = "<b>Failing & Co</b>"


@pytest.fixture(scope="module")
def installation(shared_installation: Installation) -> Installation:
    """Two groups, of which one has failed and the other has not begun. No worker runs."""
    shared_installation.start_sandbox({"groups": {"support": sandbox_group("Line")}})
    shared_installation.write_groups(
        {"failing": group("Failing", "Line") | {"title": TITLE}, "support": group("Support", "Line")}
    )
    runs = shared_installation.runs
    runs.claim(FAILED, "beat", briefed_day=DAY.isoformat())
    runs.enter(FAILED, Step.HOLIDAY_CHECK, "worker")
    ending = Finished(RunState.FAILED, "failed", {"code": "lookup_failed", "sentence": "No queue 'Lines'."})
    runs.settle(FAILED, Step.HOLIDAY_CHECK, "worker", ending)
    return shared_installation


@pytest.fixture(scope="module")
def address(installation: Installation) -> str:
    installation.configure(BOARD__BASIC_AUTH="op:a-long-password", BOARD__USER_HEADER="X-Forwarded-User")
    program = Program("board", python("-m", "worker.cli", "board", "--port", "0"))
    return installation.programs.start(program, answers=True).strip()


def answer(url: str, headers: dict[str, str] | None = None, method: str = "GET") -> tuple[int, str, Message]:
    try:
        with urlopen(Request(url, headers=headers or {}, method=method)) as response:  # our own address
            return response.status, response.read().decode(), response.headers
    except HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers


def test_only_those_with_a_password_or_a_proxys_user_get_in(address: str) -> None:
    status, text, headers = answer(address)
    assert (status, text) == (401, "A name and a password are needed.\n")
    assert headers["WWW-Authenticate"].startswith("Basic ")
    assert answer(address, AUTHORIZATION)[0] == 200
    assert answer(address, {"X-Forwarded-User": "dana"})[0] == 200
    assert answer(f"{address}/runs/{FAILED}")[0] == 401
    assert answer(f"{address}/nowhere")[0] == 401


def test_what_failed_is_first_with_its_cause_and_its_command(address: str) -> None:
    _, text, headers = answer(address, AUTHORIZATION)
    assert "<title>(!2) This morning</title>" in text
    assert "&lt;b&gt;Failing &amp; Co&lt;/b&gt;" in text
    assert TITLE not in text
    assert "No queue &#39;Lines&#39;." in text
    assert f"standup run failing --date {DAY}" in text
    assert "It should have begun. Does beat run, and does a worker?" in text
    assert text.index("Needs you: 2") < text.index("group-failing") < text.index("group-support")
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_a_run_has_its_timeline_and_a_group_its_last_weeks(address: str) -> None:
    assert "claimed by beat" in answer(f"{address}/runs/{FAILED}", AUTHORIZATION)[1]
    weeks = answer(f"{address}/groups/failing", AUTHORIZATION)[1]
    assert f"/runs/{FAILED}" in weeks
    assert weeks.count("No run") > 20


@pytest.mark.parametrize("path", ["nowhere", "runs/failing:2001-01-01", "runs/nonsense", "groups/nobody", "runs/%00"])
def test_what_does_not_exist_is_answered_with_the_way_back(address: str, path: str) -> None:
    status, text, _ = answer(f"{address}/{path}", AUTHORIZATION)
    assert (status, text) == (404, "There is no such page. / is the board.\n")


def test_only_get_is_answered(address: str, installation: Installation) -> None:
    key_count = installation.redis.dbsize()
    assert [answer(address, AUTHORIZATION, method)[0] for method in ("POST", "PUT", "DELETE")] == [405] * 3
    assert installation.redis.dbsize() == key_count


def test_a_run_in_a_state_of_a_newer_version_is_told_as_that(installation: Installation, address: str) -> None:
    installation.redis.hset(f"standup:run:{FAILED}", "state", "of_a_later_release")
    try:
        answers = [answer(f"{address}{path}", AUTHORIZATION)[:2] for path in ("/", f"/runs/{FAILED}")]
    finally:
        installation.redis.hset(f"standup:run:{FAILED}", "state", RunState.FAILED)
    text = "The board has failed, and its log says why. If the workers are of a newer version: docs/upgrading.md.\n"
    assert answers == [(500, text)] * 2
    assert answer(address, AUTHORIZATION)[0] == 200


def test_while_redis_is_away_a_page_says_so_and_comes_back_by_itself(installation: Installation, address: str) -> None:
    environment = dict(installation.environment)
    try:
        installation.configure(REDIS_URL="redis://127.0.0.1:1/0")
        program = Program("board-alone", python("-m", "worker.cli", "board", "--port", "0"))
        status, text, headers = answer(installation.programs.start(program, answers=True).strip(), AUTHORIZATION)
    finally:
        installation.environment = installation.programs.environment = environment
    assert (status, headers["Cache-Control"]) == (503, "no-store")
    assert "<h1>Redis does not answer</h1>" in text
    assert 'data-command="standup doctor"' in text
    assert 'http-equiv="refresh"' in text
    assert 'data-renewal="15"' in text


def test_without_a_way_in_the_board_does_not_start(installation: Installation) -> None:
    environment = dict(installation.environment)
    installation.environment = {name: value for name, value in environment.items() if "BOARD" not in name}
    try:
        output = installation.standup("board", expect=1)
    finally:
        installation.environment = environment
    assert "STANDUP_BOARD__BASIC_AUTH is not set. Set it to name:password" in output
