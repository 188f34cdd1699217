"""An SMTP server whose mailbox is a folder: one file per message and recipient.

It refuses addresses with a reply of one's choosing, so that a test can show what a sender does when a mailbox does not
exist, or when a server that greylists wants it to try again.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.receivers.inbox import Inbox

ONCE = "once "
"""A reply with this prefix is given only the first time."""

_START_SECONDS = 120.0

_NOT_FOR_FILE_NAMES = re.compile(r"[^A-Za-z0-9@._+-]")


class Mailbox:
    """An SMTP server in a thread of its own, from `start` to `stop`.

    ``refuse`` maps an address to an SMTP reply, such as ``550 5.1.1 no such mailbox`` or ``once 451 4.7.1 greylisted``.
    With ``tls`` the server offers STARTTLS and requires it. It announces ``size_limit`` (bytes) and enforces it.
    """

    def __init__(
        self,
        host: str,
        port: int,
        directory: Path,
        refuse: Mapping[str, str] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        size_limit: int = 10 * 1024 * 1024,
    ) -> None:
        self._address = (host, port)
        self._handler = _Handler(Inbox(directory), refuse or {})
        self._options = {
            "data_size_limit": size_limit,
            "tls_context": tls,
            "require_starttls": tls is not None,
            "enable_SMTPUTF8": True,
            "ident": "sandbox mailbox",
            # without it aiosmtpd asks the resolver for this machine's name, which can take long without a network
            "server_hostname": "mailbox.sandbox",
            # after its five seconds aiosmtpd would report a busy machine as a port that it cannot listen on
            "ready_timeout": _START_SECONDS,
        }
        self._controller: Controller | None = None

    def start(self) -> tuple[str, int]:
        """Listen and return host and port. Port 0 lets the system choose. Raise OSError if the port is taken."""
        listener = socket.create_server(self._address)
        host, port = listener.getsockname()[:2]
        self._controller = _Controller(listener, self._handler, hostname=host, port=port, **self._options)
        self._controller.start()
        return host, port

    def refuse(self, address: str, reply: str) -> None:
        """Refuse mail to this address with this reply. An empty reply accepts it again."""
        self._handler.refuse(address, reply)

    def stop(self) -> None:
        """Close the port and drop open connections. Do nothing if the server is not running."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


class _Controller(Controller):
    """A controller for a bound socket. The one of aiosmtpd cannot tell which port it got for port 0."""

    def __init__(self, listener: socket.socket, handler: _Handler, **options: Any) -> None:
        super().__init__(handler, **options)
        self._listener = listener

    def _create_server(self) -> Awaitable[Any]:
        server: Awaitable[Any] = self.loop.create_server(self._factory_invoker, sock=self._listener)
        return server


class _Handler:
    """The handler that aiosmtpd calls at RCPT and at the end of DATA."""

    def __init__(self, inbox: Inbox, refuse: Mapping[str, str]) -> None:
        self._inbox = inbox
        self._refuse = {address.casefold(): reply for address, reply in refuse.items()}

    def refuse(self, address: str, reply: str) -> None:
        """Do what `Mailbox.refuse` says."""
        self._refuse[address.casefold()] = reply

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self._refuse.get(address.casefold())
        if reply and reply.startswith(ONCE):
            del self._refuse[address.casefold()]
        if reply:
            return reply.removeprefix(ONCE)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        names = [self._store(envelope, recipient) for recipient in envelope.rcpt_tos]
        return f"250 2.0.0 Ok: kept as {', '.join(names)}"

    def _store(self, envelope: Envelope, recipient: str) -> str:
        top = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipient}\r\n"
        name = _NOT_FOR_FILE_NAMES.sub("_", recipient)[:100]
        return self._inbox.put(name, ".eml", top.encode() + bytes(envelope.original_content or b""))
