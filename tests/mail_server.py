"""A mail server that fails as a test asks it to, recipient by recipient, and keeps what arrived.

It serves any number of connections at once, in the test's own process. The sender is another program.
"""

from __future__ import annotations

import socketserver
import ssl
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from tests.waiting import HANG_SECONDS

CUT, HANG, DRIBBLE = "cut", "hang", "dribble"

Moment = Literal["rcpt", "data", "dot"]
"""Instead of the reply to RCPT, to DATA, or to the final dot.

There is no moment within the content: a sender whose system has buffered all of a small message cannot see in time
that the server has gone, and rightly calls the outcome unknown.
"""


@dataclass(frozen=True)
class Trouble:
    """What the server does at a moment: send a reply, or `CUT`, `HANG`, `DRIBBLE`.

    ``keeps``: the message arrives although the server fails. ``reached`` is set at the moment. The moment then lasts
    until ``released`` is set.
    """

    moment: Moment
    action: str = ""
    keeps: bool = False
    reached: threading.Event | None = None
    released: threading.Event | None = None


@dataclass(frozen=True)
class Mail:
    """One message that arrived."""

    recipient: str
    content: str

    def header(self, name: str) -> str:
        lines = self.content.splitlines()
        return next((line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:")), "")


class MailServer:
    """A server that accepts every message except for recipients with troubles.

    With ``tls`` it offers STARTTLS. It takes ``pause_seconds`` for each message. ``commands`` are all lines outside of
    messages.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, pause_seconds: float = 0, port: int = 0) -> None:
        self.pause_seconds = pause_seconds
        self.arrived: list[Mail] = []
        self.tries: Counter[str] = Counter()
        self.commands: list[str] = []
        self.hello = ("250-mail.example.com", "250-SIZE 10000000", "250-8BITMIME", "250 SMTPUTF8")
        if tls is not None:
            self.hello = ("250-mail.example.com", "250 STARTTLS")
        self.tls = tls
        self._troubles: dict[str, list[Trouble | None]] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Conversation)
        self._server.mail = self
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def set_troubles(self, recipient: str, *troubles: Trouble | None) -> None:
        """Set what goes wrong at each try for this recipient; None: nothing. The last one is for all later tries."""
        with self._lock:
            self._troubles[recipient] = list(troubles)

    def recipients(self) -> list[str]:
        """Return the recipients of the messages that arrived, in their order."""
        return [mail.recipient for mail in list(self.arrived)]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next_trouble(self, recipient: str) -> Trouble | None:
        with self._lock:
            self.tries[recipient] += 1
            troubles = self._troubles.get(recipient, [None])
            return troubles.pop(0) if len(troubles) > 1 else troubles[0]

    def accept(self, mail: Mail) -> None:
        with self._lock:
            self.arrived.append(mail)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False  # a conversation that hangs ends with the process
    allow_reuse_address = True
    mail: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a sender that hangs up."""


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._recipient = ""
        self._trouble: Trouble | None = None
        self._send("220 mail.example.com")
        with suppress(ConnectionError):
            while line := self._read_line():
                self.server.mail.commands.append(line)
                self._answer(line)

    def _answer(self, line: str) -> None:
        verb = line.split(" ")[0].upper()
        if verb in ("EHLO", "HELO"):
            self._send(*self.server.mail.hello)
        elif verb == "STARTTLS":
            self._encrypt()
        elif verb == "RCPT":
            self._recipient = line.partition("<")[2].partition(">")[0]
            self._trouble = self.server.mail.next_trouble(self._recipient)
            self._fail_or_send("rcpt", "250 2.1.5 ok")
        elif verb == "DATA":
            self._read_message()
        elif verb == "QUIT":
            raise ConnectionResetError
        else:
            self._send("250 2.0.0 ok")

    def _read_message(self) -> None:
        if not self._fail_or_send("data", "354 go on"):
            return
        lines: list[str] = []
        while (line := self._read_line()) != ".":
            lines.append(line.removeprefix("."))
        time.sleep(self.server.mail.pause_seconds)
        trouble = self._trouble if self._trouble and self._trouble.moment == "dot" else None
        if trouble is None or trouble.keeps:
            self.server.mail.accept(Mail(self._recipient, "\n".join(lines)))
        self._fail_or_send("dot", f"250 2.0.0 taken for {self._recipient}")

    def _fail_or_send(self, moment: Moment, reply: str) -> bool:
        """Send the reply, or fail if the recipient's trouble is at this moment; return whether all went well."""
        trouble = self._trouble
        if trouble is None or trouble.moment != moment:
            self._send(reply)
            return True
        if trouble.reached:
            trouble.reached.set()
        if trouble.released:
            trouble.released.wait(HANG_SECONDS)
        self._fail(trouble.action)
        return False

    def _fail(self, action: str) -> None:
        if action == CUT:
            raise ConnectionResetError
        if action == HANG:
            while self.rfile.read(1):
                pass
            raise ConnectionResetError
        while action == DRIBBLE:
            self._send("250-still at it")
            time.sleep(0.1)
        self._send(*filter(None, [action]))

    def _encrypt(self) -> None:
        self._send("220 go on")
        assert self.server.mail.tls is not None
        self.request = self.server.mail.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def _read_line(self) -> str:
        line = self.rfile.readline()
        if not line:
            raise ConnectionResetError
        return line.decode("utf-8", "replace").rstrip("\r\n")

    def _send(self, *lines: str) -> None:
        for line in lines:
            self.wfile.write(f"{line}\r\n".encode())
