"""smtplib's client with a time limit for connecting, for each reply and for the conversation as a whole."""

from __future__ import annotations

import selectors
import smtplib
import socket
import ssl
from functools import cache

from worker.deadline import Deadline

MAX_REPLY_LINES = 128
"""An EHLO reply has about a dozen. A server that never ends its reply is cut off here."""

_MAX_LINE_BYTES = 8192
_PIECE_BYTES = 64 * 1024


class SmtpConnection(smtplib.SMTP):
    """One connection to a mail server, made by `open`. With ``tls`` it is encrypted from the first byte.

    Raises smtplib's errors: `smtplib.SMTPServerDisconnected` whenever a reply is cut off or has no end.
    """

    def __init__(
        self, host: str, hello: str | None, timeout_seconds: float, deadline: Deadline, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(local_hostname=hello or this_host(), timeout=timeout_seconds)
        self._host = host  # the name that the certificate is verified against
        self._deadline = deadline
        self._tls = tls

    def open(self, port: int) -> None:
        """Connect and read the greeting."""
        code, text = self.connect(self._host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's next reply: its code (-1 if the line has none) and its text."""
        texts: list[bytes] = []
        while len(texts) < MAX_REPLY_LINES:
            line = self._whole_line()
            texts.append(line[4:].strip())
            code = int(line[:3]) if line[:3].isdigit() else -1
            if code == -1 or line[3:4] != b"-":
                return code, b"\n".join(texts)
        raise self._cut_off("a reply without an end")

    def send_in_pieces(self, content: bytes) -> bool:
        """Send the content, each piece within the time-out. Return False as soon as the server replies or hangs up."""
        for start in range(0, len(content), _PIECE_BYTES):
            if self.has_spoken():
                return False
            self.send(content[start : start + _PIECE_BYTES])
        return not self.has_spoken()

    def has_spoken(self) -> bool:
        """Return whether a reply is waiting to be read, or the server has hung up."""
        if self.sock is None or self.file is None:
            return True
        ready = _is_readable(self.sock)
        timeout_seconds = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            return bool(self.file.peek(1)) or ready
        except ssl.SSLWantReadError:
            return False  # only TLS records arrived, no reply
        except OSError:
            return True
        finally:
            self.sock.settimeout(timeout_seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect for smtplib, which calls this method."""
        connection = self._deadline.connect(host, port, timeout)
        return self._tls.wrap_socket(connection, server_hostname=host) if self._tls else connection

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
            is_endless = len(line) == _MAX_LINE_BYTES
            raise self._cut_off("a line without an end" if is_endless else "the server hung up")
        return line

    def _cut_off(self, reason: str) -> smtplib.SMTPServerDisconnected:
        self.close()
        return smtplib.SMTPServerDisconnected(reason)


@cache
def this_host() -> str:
    """Return how this machine names itself in EHLO: its full name, or its address in brackets (RFC 5321, 4.1.4)."""
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
