"""What a hostile request gets from `standup board`: no page without a login, no header or path of its own making."""

from __future__ import annotations

import base64
import json
import socket

import pytest

from tests.acceptance.installation import DAY, Installation, group
from tests.waiting import HANG_SECONDS
from worker.cli.demo.processes import Program, python
from worker.domain.deliveries import Delivery
from worker.domain.runs import Finished, RunId, RunState, Step

LOGIN = "Authorization: Basic " + base64.b64encode(b"op:a-long-password").decode()
RUN = RunId("failing", DAY)
SCRIPT = "<script>alert(1)</script>"
SECRET_FILE_TEXT = "root:x:0:0"


@pytest.fixture(scope="module")
def address(shared_installation: Installation) -> tuple[str, int]:
    """A board that believes a proxy at 192.0.2.1, of a group whose names and answers are all HTML."""
    installation = shared_installation
    installation.write_groups({"failing": group("Failing", "Line") | {"title": f"Desk {SCRIPT}"}})
    installation.configure(
        GROUPS=str(installation.folder / "groups.toml"),
        REDIS_URL=installation.redis_url,
        BOARD__BASIC_AUTH="op:a-long-password",
        BOARD__USER_HEADER="X-Forwarded-User",
        BOARD__PROXIES=json.dumps(["192.0.2.1"]),
    )
    runs, deliveries = installation.runs, installation.deliveries
    runs.claim(RUN, "beat", briefed_day=DAY.isoformat())
    runs.enter(RUN, Step.HOLIDAY_CHECK, "worker")
    deliveries.plan(RUN, [("email", f"{SCRIPT}@example.com")])
    refused = Delivery("email", f"{SCRIPT}@example.com", "refused", why=f"550 {SCRIPT}")
    deliveries.move(RUN, refused, ("planned",))
    runs.note(RUN, "deliver", f"answer {SCRIPT}", f"detail {SCRIPT}")
    ending = Finished(RunState.FAILED, "failed", {"code": "lookup_failed", "sentence": f"No queue {SCRIPT}."})
    runs.settle(RUN, Step.HOLIDAY_CHECK, "worker", ending)
    program = Program("board", python("-m", "worker.cli", "board", "--port", "0"))
    host, port = installation.programs.start(program, answers=True).strip().removeprefix("http://").split(":")
    return host, int(port)


def exchange(address: tuple[str, int], request: str, *headers: str) -> tuple[int, dict[str, str], str]:
    """Send a request exactly as it is written here, and return the status, the headers and the body."""
    text = "\r\n".join([f"{request} HTTP/1.1", "Host: board", "Connection: close", *headers, "", ""])
    with socket.create_connection(address, timeout=HANG_SECONDS) as connection, connection.makefile("rb") as stream:
        connection.sendall(text.encode("latin-1"))
        answer = stream.read().decode("utf-8")
    head, _, body = answer.partition("\r\n\r\n")
    status_line, *lines = head.split("\r\n")
    return int(status_line.split()[1]), dict(line.split(": ", 1) for line in lines), body


@pytest.mark.parametrize("path", ["/", f"/runs/{RUN}", "/groups/failing", f"/days/{DAY}"])
def test_html_in_names_answers_and_addresses_is_shown_as_text(address: tuple[str, int], path: str) -> None:
    status, _, body = exchange(address, f"GET {path}", LOGIN)
    assert status == 200
    assert SCRIPT not in body
    assert "&lt;script&gt;alert(1)" in body or path.startswith("/days/")


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/runs/../../etc/passwd",
        "/runs/..%2F..%2F..%2Fetc%2Fpasswd",
        "/runs/..%252F..%252Fetc%252Fpasswd",
        f"/runs/..%2Ffailing:{DAY}",
        f"/runs/failing:{DAY}%0d%0aSet-Cookie:%20owned=1",
        f"/runs/failing:{DAY}%00",
        f"/runs/failing:{DAY}:r99999999999999999999",
        "/groups/..%2F..%2Fgroups.toml",
        "/groups/failing%0d%0aSet-Cookie:%20owned=1",
        "/days/0001-01-01",
        "/days/9999-12-31",
        "/days/2026-02-30",
        "/days/..%2F..",
        "//evil.example/",
        "/static/../board.css",
    ],
)
def test_a_path_reaches_only_pages_and_writes_no_header(address: tuple[str, int], path: str) -> None:
    status, headers, body = exchange(address, f"GET {path}", LOGIN)
    assert (status, body) == (404, "There is no such page. / is the board.\n")
    assert "Set-Cookie" not in headers
    assert "Location" not in headers


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-User: dana",
        "x-forwarded-user: dana\r\nX-Forwarded-For: 192.0.2.1\r\nX-Real-Ip: 192.0.2.1\r\nForwarded: for=192.0.2.1",
        "X_Forwarded_User: dana",
        "Authorization: Basic b3A6d3Jvbmc=",
        "Authorization: Basic !!!",
        "Authorization: Digest username=op",
        f"Authorization: {LOGIN.split()[-1]}",
        f"Cookie: {LOGIN}",
    ],
)
def test_who_is_no_proxy_cannot_name_a_user_and_a_wrong_login_sees_nothing(
    address: tuple[str, int], header: str
) -> None:
    for path in ("/", "/nowhere", f"/runs/{RUN}"):
        status, headers, body = exchange(address, f"GET {path}", header)
        assert (status, body) == (401, "A name and a password are needed.\n")
        assert headers["Cache-Control"] == "no-store"


def test_a_refused_login_is_logged_with_its_address_and_without_the_password(
    address: tuple[str, int], shared_installation: Installation
) -> None:
    exchange(address, "GET /", "Authorization: Basic b3A6Z3Vlc3NlZC1wYXNzd29yZA==")
    shared_installation.wait_for_log("board", r'"address": "127.0.0.1".*login refused|login refused.*"127.0.0.1"')
    log = shared_installation.log("board")
    assert "guessed-password" not in log
    assert "b3A6Z3Vlc3NlZC1wYXNzd29yZA" not in log


def test_a_long_query_is_ignored_and_one_longer_than_all_headers_may_be_is_refused(address: tuple[str, int]) -> None:
    status, _, body = exchange(address, f"GET /?{'x' * 8000}", LOGIN)
    assert status == 200
    assert "xxxx" not in body
    refusing = socket.create_connection(address, timeout=HANG_SECONDS)
    with refusing, refusing.makefile("rb") as stream:
        refusing.sendall(f"GET /?{'x' * 15_000}".encode())
        refusing.sendall(f"{'x' * 1_500} HTTP/1.1\r\nHost: board\r\n{LOGIN}\r\n\r\n".encode())
        assert b"200 OK" not in stream.read()
    assert exchange(address, "GET /", LOGIN)[0] == 200


def test_head_is_answered_as_get_without_the_page(address: tuple[str, int]) -> None:
    status, headers, body = exchange(address, "HEAD /", LOGIN)
    assert (status, body) == (200, "")
    assert int(headers["Content-Length"]) > 1000
    assert exchange(address, "HEAD /")[0] == 401
    assert exchange(address, "HEAD /nowhere", LOGIN)[::2] == (404, "")


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def test_every_other_method_is_refused_with_those_that_are_allowed(address: tuple[str, int], method: str) -> None:
    status, headers, _ = exchange(address, f"{method} /", LOGIN, "Origin: https://evil.example", "Content-Length: 0")
    assert (status, headers["Allow"]) == (405, "GET, HEAD")
    assert not [name for name in headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize(("path", "status"), [("/", 200), (f"/runs/{RUN}", 200), ("/weeks", 200), ("/nowhere", 404)])
def test_no_answer_may_be_kept_framed_sniffed_or_load_anything(
    address: tuple[str, int], path: str, status: int
) -> None:
    answer_status, headers, _ = exchange(address, f"GET {path}", LOGIN)
    assert answer_status == status
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Server"] == "standup"
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"].startswith("'sha256-")
    assert "unsafe" not in headers["Content-Security-Policy"]
