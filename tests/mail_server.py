"""A mail server that goes wrong as a test tells it, recipient by recipient, and remembers what arrived.

It serves any number of connections at once, in the test's own process; the sender is another program.
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

CUT, HANG, DRIBBLE = "cut", "hang", "dribble"

Moment = Literal["rcpt", "data", "dot"]
"""Instead of the reply to RCPT, to DATA, or to the final dot.

Amid the content is no moment for whole programs: a sender whose system has taken in all of a small message cannot see
in time that the server has gone, and rightly calls the outcome unknown.
"""


@dataclass(frozen=True)
class Trouble:
    """What the server does at a moment: give a reply, `CUT`, `HANG`, `DRIBBLE`. ``keeps``: the message arrives anyway.

    ``reached`` is set at the moment, which then lasts until ``released`` is.
    """

    at: Moment
    does: str = ""
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
    """Takes every message but where there is trouble; the last trouble of a recipient lasts for ever.

    With ``tls`` it offers STARTTLS. ``pause_seconds`` is what each message takes it. ``heard`` are all lines outside of
    messages.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, pause_seconds: float = 0) -> None:
        self.pause_seconds = pause_seconds
        self.arrived: list[Mail] = []
        self.tries: Counter[str] = Counter()
        self.heard: list[str] = []
        self.hello = ("250-mail.example.com", "250-SIZE 10000000", "250-8BITMIME", "250 SMTPUTF8")
        if tls is not None:
            self.hello = ("250-mail.example.com", "250 STARTTLS")
        self.tls = tls
        self._troubles: dict[str, list[Trouble | None]] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Talk)
        self._server.mail = self
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def trouble(self, recipient: str, *troubles: Trouble | None) -> None:
        """What goes wrong at each try for this recipient; None: nothing."""
        self._troubles[recipient] = list(troubles)

    def recipients(self) -> list[str]:
        """Whose messages arrived, in their order."""
        return [mail.recipient for mail in list(self.arrived)]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next_trouble(self, recipient: str) -> Trouble | None:
        with self._lock:
            self.tries[recipient] += 1
            left = self._troubles.get(recipient, [None])
            return left.pop(0) if len(left) > 1 else left[0]

    def take(self, mail: Mail) -> None:
        with self._lock:
            self.arrived.append(mail)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    mail: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that hangs up is nothing to report."""


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._recipient = ""
        self._trouble: Trouble | None = None
        self._say("220 mail.example.com")
        with suppress(ConnectionError):
            while line := self._hear():
                self.server.mail.heard.append(line)
                self._answer(line)

    def _answer(self, line: str) -> None:
        verb = line.split(" ")[0].upper()
        if verb in ("EHLO", "HELO"):
            self._say(*self.server.mail.hello)
        elif verb == "STARTTLS":
            self._encrypt()
        elif verb == "RCPT":
            self._recipient = line.partition("<")[2].partition(">")[0]
            self._trouble = self.server.mail.next_trouble(self._recipient)
            self._go_wrong_or_say("rcpt", "250 2.1.5 ok")
        elif verb == "DATA":
            self._take_message()
        elif verb == "QUIT":
            raise ConnectionResetError
        else:
            self._say("250 2.0.0 ok")

    def _take_message(self) -> None:
        if not self._go_wrong_or_say("data", "354 go on"):
            return
        lines: list[str] = []
        while (line := self._hear()) != ".":
            lines.append(line.removeprefix("."))
        time.sleep(self.server.mail.pause_seconds)
        trouble = self._trouble if self._trouble and self._trouble.at == "dot" else None
        if trouble is None or trouble.keeps:
            self.server.mail.take(Mail(self._recipient, "\n".join(lines)))
        self._go_wrong_or_say("dot", f"250 2.0.0 taken for {self._recipient}")

    def _go_wrong_or_say(self, moment: Moment, well: str) -> bool:
        """Whether all went well."""
        trouble = self._trouble
        if trouble is None or trouble.at != moment:
            self._say(well)
            return True
        if trouble.reached:
            trouble.reached.set()
        if trouble.released:
            trouble.released.wait(100)
        self._do(trouble.does)
        return False

    def _do(self, what: str) -> None:
        if what == CUT:
            raise ConnectionResetError
        if what == HANG:
            while self.rfile.read(1):
                pass
            raise ConnectionResetError
        while what == DRIBBLE:
            self._say("250-still at it")
            time.sleep(0.1)
        self._say(*filter(None, [what]))

    def _encrypt(self) -> None:
        self._say("220 go on")
        assert self.server.mail.tls is not None
        self.request = self.server.mail.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def _hear(self) -> str:
        line = self.rfile.readline()
        if not line:
            raise ConnectionResetError
        return line.decode("utf-8", "replace").rstrip("\r\n")

    def _say(self, *lines: str) -> None:
        for line in lines:
            self.wfile.write(f"{line}\r\n".encode())
