"""smtplib's client with an end to everything: to connecting, to each reply, and to the conversation as a whole."""

from __future__ import annotations

import selectors
import smtplib
import socket
import ssl
from functools import cache

from worker.channels.deadline import Deadline

MAX_REPLY_LINES = 128
"""An EHLO has a dozen; a server that never ends its reply is cut off here."""

_MAX_LINE_BYTES = 8192
_PIECE_BYTES = 64 * 1024


class Line(smtplib.SMTP):
    """One connection to a mail server, made by `open`; under TLS from the first byte where ``tls`` is given.

    Raises what smtplib raises, always `smtplib.SMTPServerDisconnected` for a reply that is cut off or has no end.
    """

    def __init__(
        self, host: str, hello: str | None, timeout_seconds: float, deadline: Deadline, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(local_hostname=hello or this_host(), timeout=timeout_seconds)
        self._host = host  # against which the certificate is verified
        self._deadline = deadline
        self._tls = tls

    def open(self, port: int) -> None:
        """Connect and hear the greeting."""
        code, text = self.connect(self._host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)

    def getreply(self) -> tuple[int, bytes]:
        """The server's next reply: code (-1 where the line has none) and text."""
        texts: list[bytes] = []
        while len(texts) < MAX_REPLY_LINES:
            line = self._whole_line()
            texts.append(line[4:].strip())
            code = int(line[:3]) if line[:3].isdigit() else -1
            if code == -1 or line[3:4] != b"-":
                return code, b"\n".join(texts)
        raise self._cut_off("a reply without an end")

    def send_in_pieces(self, content: bytes) -> bool:
        """Send all of it, each piece within the time-out; False as soon as the server speaks or hangs up amid it."""
        for start in range(0, len(content), _PIECE_BYTES):
            if self.has_spoken():
                return False
            self.send(content[start : start + _PIECE_BYTES])
        return not self.has_spoken()

    def has_spoken(self) -> bool:
        """Whether words of the server's wait to be read, or its hanging up."""
        if self.sock is None or self.file is None:
            return True
        ready = _is_readable(self.sock)
        patience = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            return bool(self.file.peek(1)) or ready
        except ssl.SSLWantReadError:
            return False  # what came was TLS' own business
        except OSError:
            return True
        finally:
            self.sock.settimeout(patience)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """What smtplib connects by."""
        made = self._deadline.connect(host, port, timeout)
        return self._tls.wrap_socket(made, server_hostname=host) if self._tls else made

    def _whole_line(self) -> bytes:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        if self.file is None:
            self.file = self.sock.makefile("rb")
        try:
            line: bytes = self.file.readline(_MAX_LINE_BYTES)
        except OSError as error:
            raise self._cut_off(str(error)) from None
        if not line.endswith(b"\n"):
            endless = len(line) == _MAX_LINE_BYTES
            raise self._cut_off("a line without an end" if endless else "the server hung up")
        return line

    def _cut_off(self, why: str) -> smtplib.SMTPServerDisconnected:
        self.close()
        return smtplib.SMTPServerDisconnected(why)


@cache
def this_host() -> str:
    """How this machine names itself to servers, looked up once: its full name, or its address in brackets."""
    name = socket.getfqdn()
    if "." in name:
        return name
    try:
        return f"[{socket.gethostbyname(socket.gethostname())}]"
    except OSError:
        return "[127.0.0.1]"


def _is_readable(connection: socket.socket) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return bool(selector.select(timeout=0))
