"""A stand-in API whose answers a test scripts byte by byte, over real sockets."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from worker.domain.rows import Window
from worker.genesys.api.auth import AccessTokens, MemoryTokenStore
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.session import Session
from worker.genesys.api.wire import Wire
from worker.genesys.source import Order
from worker.wiring.process import clock as system_clock

SECRET = "s3cret-never-shown"
ZONE = "America/New_York"
NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)


@dataclass
class ReceivedRequest:
    """One request as it arrived."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict:
        """The body, read."""
        return json.loads(self.body)


@dataclass
class Reply:
    """One answer: ``body`` is sent as it is if bytes, else as JSON. ``promised`` is a Content-Length that lies."""

    body: object = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None
    hang_up: bool = False

    @property
    def content(self) -> bytes:
        """What goes over the wire."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class ScriptedApi:
    """Answers by method and path: the scripted answers one after the other, the last one for ever."""

    def __init__(self) -> None:
        self.requests: list[ReceivedRequest] = []
        self._script: defaultdict[tuple[str, str], list[Reply]] = defaultdict(list)
        self._server = _Quiet(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.script("POST", "/oauth/token", *[_token(n) for n in range(1, 9)])

    def script(self, method: str, path: str, *answers: Reply) -> None:
        """Script the answers to a request."""
        self._script[method, path] = list(answers)

    def next(self, request: ReceivedRequest) -> Reply:
        """The answer that comes next for this request."""
        self.requests.append(request)
        answers = self._script.get((request.method, request.path))
        if not answers:
            return Reply({"message": "nothing here", "code": "not.found", "status": 404}, 404)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def calls(self, path: str) -> list[ReceivedRequest]:
        """What was asked of one path."""
        return [item for item in self.requests if item.path == path]

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up early is what some tests are about."""


def _token(number: int) -> Reply:
    return Reply({"access_token": f"token-{number}", "token_type": "bearer", "expires_in": 86400})


def _handler(api: ScriptedApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            request = ReceivedRequest(
                self.command, parts.path, parse_qs(parts.query), self.headers, self.rfile.read(length)
            )
            says = api.next(request)
            if says.hang_up:
                self.close_connection = True
                return
            with suppress(OSError):
                self._send(says)

        def _send(self, says: Reply) -> None:
            self.send_response_only(says.status)  # no Date but the scripted one
            for name, value in says.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(says.promised or len(says.content)))
            self.end_headers()
            self.wfile.write(says.content)
            self.close_connection = says.promised is not None

        do_GET = do_POST = _answer

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


class CountedPermits:
    """Permits without a limit, which remember what they were told."""

    def __init__(self) -> None:
        self.taken_count = 0
        self.observed: list[tuple[int, int | None, float | None]] = []
        self.hold_seconds: list[float] = []

    def take(self) -> None:
        """Give one."""
        self.taken_count += 1

    def observe(self, remaining: int, allowed: int | None, reset_seconds: float | None) -> None:
        """Remember."""
        self.observed.append((remaining, allowed, reset_seconds))

    def hold(self, seconds: float) -> None:
        """Remember."""
        self.hold_seconds.append(seconds)


class MemoryAnswers:
    """Answers in memory, through JSON as any store would have it."""

    def __init__(self) -> None:
        self.stored: dict[str, str] = {}

    def get(self, key: str) -> object | None:
        """The kept value."""
        return json.loads(self.stored.get(key, "null"))

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Keep a value."""
        self.stored[key] = json.dumps(value)


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    """A scripted API on loopback; its login host is the same."""
    built = ScriptedApi()
    yield built
    built.close()


@pytest.fixture
def foreign() -> Iterator[ScriptedApi]:
    """Another host's server."""
    built = ScriptedApi()
    yield built
    built.close()


@pytest.fixture
def organisation(api: ScriptedApi) -> Organisation:
    """The organisation behind the scripted API."""
    return organisation_at(api.url)


def organisation_at(url: str, **fields: object) -> Organisation:
    """An organisation whose API and login live at one address."""
    return Organisation("main", url, url, "client-1", SecretStr(SECRET), **fields)


@pytest.fixture
def permits() -> CountedPermits:
    """Permits that remember."""
    return CountedPermits()


@pytest.fixture
def answers() -> MemoryAnswers:
    """An empty store of answers."""
    return MemoryAnswers()


@pytest.fixture
def session(organisation: Organisation, permits: CountedPermits) -> Session:
    """A session with the scripted API."""
    return session_with(organisation, permits)


def session_with(organisation: Organisation, permits: CountedPermits, **fields: object) -> Session:
    """A session with the system's own time-outs, which no answer here runs into."""
    wire = Wire.for_organisation(organisation)
    tokens = AccessTokens(organisation, MemoryTokenStore(), clock=system_clock, wire=wire)
    return Session(organisation, permits, tokens, **{"clock": system_clock, "wire": wire, **fields})


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that does not move."""
    return lambda: NOW


def order(**fields: object) -> Order:
    """An order for Monday, 16 November 2026, in New York."""
    tz = ZoneInfo(ZONE)
    window = Window(datetime(2026, 11, 16, tzinfo=tz), datetime(2026, 11, 17, tzinfo=tz))
    return Order(
        **{"name": "standup-support-2026-11-16", "window": window, "zone": ZONE, "media": ("voice",), **fields}
    )
