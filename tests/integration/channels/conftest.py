"""Mail servers for the channels to talk to: the sandbox's mailbox, and one that says and does what a test tells it."""

from __future__ import annotations

import email
import email.policy
import itertools
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
import trustme
import uvicorn

from sandbox.receivers import webhooks
from sandbox.receivers.mailbox import Mailbox
from tests.manual_clock import ManualClock
from tests.waiting import HANG_SECONDS
from worker import deadline
from worker.channels.channel import OutgoingMessage
from worker.channels.smtp.channel import SmtpServer
from worker.domain.documents import Document

CLIENT_SECONDS = 60.0
"""The time-out of a client that is not meant to run into it."""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """The clock of all deadlines. It stops unless a test moves it, so no machine is too slow for a deadline."""
    clock = ManualClock()
    clock.install(monkeypatch, deadline)
    return clock


def _do_nothing() -> None:
    """Let nothing happen."""


@dataclass
class Heard:
    """What a `ScriptedServer` has heard in all its conversations.

    ``lines`` are those outside of whole messages, ``flooded_bytes`` how much of a flood the other side has taken.
    """

    connections: int = 0
    lines: list[str] = field(default_factory=list)
    messages: int = 0
    flooded_bytes: int = 0

    def verbs(self, *names: str) -> list[str]:
        """Return the first word of each line, of all lines or of those with these words."""
        verbs = [line.split(" ")[0].upper() for line in self.lines]
        return [verb for verb in verbs if verb in (names or verbs)]


class Wire:
    """One connection of a `ScriptedServer`, seen from the server. ``number`` counts its connections from 1."""

    def __init__(self, connection: socket.socket, heard: Heard) -> None:
        self._connection = connection
        self._lines = connection.makefile("rb")
        self._heard = heard
        self.number = heard.connections

    def say(self, text: str) -> None:
        self._connection.sendall(text.encode() + b"\r\n")

    def say_bytes(self, content: bytes) -> None:
        self._connection.sendall(content)

    def hear(self) -> str:
        """Hear and record one line. At the end of the conversation it is empty and not recorded."""
        line = self._lines.readline().decode("utf-8", "replace")
        if line:
            self._heard.lines.append(line.rstrip("\r\n"))
        return line.rstrip("\r\n")

    def take(self, count: int) -> bytes:
        return self._lines.read(count)

    def answer(self, *replies: str) -> None:
        """Hear a line before each reply."""
        for reply in replies:
            self.hear()
            self.say(reply)

    def up_to_the_message(self) -> None:
        """Greeting, EHLO, MAIL, RCPT, DATA: what every server says when all is well."""
        self.say("220 scripted")
        self.answer("250 scripted", "250 ok", "250 ok", "354 go on")

    def hear_message(self) -> None:
        """Up to the final dot; ConnectionError where the other side hangs up before it."""
        for line in self._lines:
            if line == b".\r\n":
                self._heard.messages += 1
                return
        raise ConnectionResetError

    def hear_the_rest(self) -> None:
        """Hear all lines until the other side hangs up."""
        while self._lines.peek(1):
            self.hear()

    def encrypt(self, context: ssl.SSLContext) -> None:
        self._connection = context.wrap_socket(self._connection, server_side=True)
        self._lines = self._connection.makefile("rb")

    def cut(self) -> None:
        """Reset the connection: whatever the other side sends from now on goes nowhere."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self._lines.close()
        self._connection.close()

    def dribble(self, *lines: str, on_first_line: Callable[[], None] = _do_nothing) -> None:
        """Send these lines again and again, a letter at a time, until the other side hangs up.

        ``on_first_line`` is called when the first line has been sent.
        """
        for number, letter in enumerate(itertools.chain.from_iterable(map(str.encode, itertools.cycle(lines)))):
            self._connection.sendall(bytes([letter]))
            if number == len(lines[0]):
                on_first_line()
            time.sleep(0.002)  # else the letters arrive together

    def hang_up(self) -> None:
        """Close the connection in order: what was sent before still arrives."""
        self._connection.shutdown(socket.SHUT_WR)

    def flood(self, content: bytes, on_first_copy: Callable[[], None] = _do_nothing) -> None:
        """Send the content again and again, as fast as it goes, until the other side hangs up.

        ``on_first_copy`` is called when the content has been sent once.
        """
        self._connection.sendall(content)
        on_first_copy()
        while True:
            self._connection.sendall(content)
            self._heard.flooded_bytes += len(content)

    def take_slowly(self, pass_time: Callable[[int], None]) -> None:
        """Read up to the final dot in pieces, and call ``pass_time`` with the size of each."""
        tail = b""
        while not tail.endswith(b"\r\n.\r\n"):
            piece = self._lines.read1(64 * 1024)
            pass_time(len(piece))
            tail = tail[-10:] + piece

    def hold_still(self) -> None:
        """Do not even read, for longer than any test lasts."""
        threading.Event().wait(HANG_SECONDS)

    def hold(self) -> None:
        """Say nothing more until the other side hangs up."""
        while self._lines.read(1):
            pass


class ScriptedServer:
    """Takes connections one after another, under TLS if asked to, and talks on each as told.

    `finished` is set when the last conversation is over. ``buffer_bytes``: how much the system takes in for it that it
    has not heard yet.
    """

    def __init__(
        self,
        talk: Callable[[Wire], None],
        tls: ssl.SSLContext | None = None,
        connections: int = 1,
        buffer_bytes: int = 0,
    ) -> None:
        self._talk = talk
        self._connections = connections
        self._tls = tls
        self._heard = Heard()
        self._last_client: object = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        if buffer_bytes:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        self.port: int = self._listener.getsockname()[1]
        self.finished = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def heard(self) -> Heard:
        """Return what it has heard, after all conversations so far are over. It takes no further connections.

        The connection that this opens is the last: the system hands out connections in their order, so all earlier
        ones, even those that the server has not accepted yet, are recorded before.
        """
        with socket.socket() as last_client:
            last_client.bind(("127.0.0.1", 0))
            self._last_client = last_client.getsockname()
            last_client.connect_ex(("127.0.0.1", self.port))  # refused if the server has finished
            assert self.finished.wait(HANG_SECONDS), "a conversation did not end"
        return self._heard

    def _serve(self) -> None:
        try:
            with self._listener:
                while self._heard.connections < self._connections and self._serve_one():
                    pass
        finally:
            self.finished.set()

    def _serve_one(self) -> bool:
        """Return whether there may be another connection."""
        connection, client = self._listener.accept()
        connection.settimeout(HANG_SECONDS)
        with connection:
            if client == self._last_client:
                return False
            self._heard.connections += 1
            wire = Wire(connection, self._heard)
            try:
                if self._tls:
                    wire.encrypt(self._tls)
                self._talk(wire)
            except OSError:
                pass  # the other side hung up first, which is what some tests want
        return True


@pytest.fixture
def outgoing() -> OutgoingMessage:
    return OutgoingMessage(
        run_id="support-emea:2026-10-21",
        group_key="support-emea",
        reporting_day=date(2026, 10, 21),
        revision=1,
        sent_at=datetime(2026, 10, 22, 5, 15, tzinfo=UTC),
        subject="Daily Standup Report - 2026-10-21",
        text="Service level 83 %\n.\n..two dots\n" + "long " * 500,
        html="<p>83 %</p>",
        documents=(Document("daily-standup-2026-10-21.pdf", "application/pdf", b"%PDF-1.7\r\n.\r\n" + bytes(999)),),
    )


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def authority_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def certificate(authority: trustme.CA) -> Callable[[str], ssl.SSLContext]:
    """A server's side of TLS with a certificate for this name."""

    def make(name: str) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(name).configure_cert(context)
        return context

    return make


@pytest.fixture
def local_server() -> Callable[..., SmtpServer]:
    """The settings for a server on this machine; any of them can be changed."""

    def make(port: int, **changes: object) -> SmtpServer:
        usual = SmtpServer(
            host="127.0.0.1",
            port=port,
            security="none",
            username=None,
            password=None,
            sender="Standup <standup@example.com>",
            timeout_seconds=CLIENT_SECONDS,
            hello="worker.example.com",
        )
        return replace(usual, **changes)  # type: ignore[arg-type]

    return make


class Post:
    """A running mailbox and what lies in it."""

    def __init__(self, mailbox: Mailbox, directory: Path) -> None:
        self.mailbox = mailbox
        self.directory = directory
        self.host, self.port = mailbox.start()

    @property
    def files(self) -> list[Path]:
        return sorted(self.directory.glob("*.eml"))

    @property
    def messages(self) -> list[Message]:
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in self.files]


@pytest.fixture
def open_mailbox(tmp_path: Path) -> Iterator[Callable[..., Post]]:
    """Starts mailboxes, each in a folder of its own, and stops them in the end."""
    opened: list[Post] = []

    def start(refuse: dict[str, str] | None = None, **options: object) -> Post:
        directory = tmp_path / f"mail-{len(opened)}"
        post = Post(Mailbox("127.0.0.1", 0, directory, refuse or {}, **options), directory)  # type: ignore[arg-type]
        opened.append(post)
        return post

    yield start
    for post in opened:
        post.mailbox.stop()


class WebhookInbox:
    """A running webhook inbox and what lies in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(webhooks.app(directory), log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()

    @property
    def records(self) -> list[Any]:
        return [json.loads((self.directory / name).read_text()) for name in self.names]

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.directory.glob("*.json"))

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def webhook_inbox(tmp_path: Path) -> Iterator[WebhookInbox]:
    inbox = WebhookInbox(tmp_path / "webhooks")
    yield inbox
    inbox.stop()
