"""A mail server whose mailbox is a folder: real SMTP on a real port, one file per message and recipient.

It refuses the addresses it is told to refuse, with the reply it is told to give, so that a sender can be watched when
a mailbox does not exist, or when a greylisting server asks for patience.
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

from sandbox.inbox import Inbox

ONCE = "once "
"""Before a reply: give it the first time only."""

_NOT_FOR_FILE_NAMES = re.compile(r"[^A-Za-z0-9@._+-]")


class Mailbox:
    """Listens from `start` to `stop`, in a thread of its own.

    ``refuse`` maps an address to an SMTP reply, e.g. ``550 5.1.1 no such mailbox`` or ``once 451 4.7.1 greylisted``.
    ``tls``: offer STARTTLS and insist on it. ``size_limit`` (bytes) is announced and held.
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
            # or else aiosmtpd asks the resolver for this machine's name, which may take long without a network
            "server_hostname": "mailbox.sandbox",
        }
        self._controller: Controller | None = None

    def start(self) -> tuple[str, int]:
        """Listen; returns host and port (for port 0 the one that the system chose). OSError if it is taken."""
        listener = socket.create_server(self._address)
        host, port = listener.getsockname()[:2]
        self._controller = _Controller(listener, self._handler, hostname=host, port=port, **self._options)
        self._controller.start()
        return host, port

    def refuse(self, address: str, reply: str) -> None:
        """Refuse this address from now on with this reply; without a reply, take it."""
        self._handler.refuse(address, reply)

    def stop(self) -> None:
        """Close the port; connections that are open are dropped. Nothing happens if it is not running."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


class _Controller(Controller):
    """Takes a socket that is bound already: aiosmtpd's own cannot say which port it got for port 0."""

    def __init__(self, listener: socket.socket, handler: _Handler, **options: Any) -> None:
        super().__init__(handler, **options)
        self._listener = listener

    def _create_server(self) -> Awaitable[Any]:
        server: Awaitable[Any] = self.loop.create_server(self._factory_invoker, sock=self._listener)
        return server


class _Handler:
    """What aiosmtpd asks at RCPT and at the end of DATA."""

    def __init__(self, inbox: Inbox, refuse: Mapping[str, str]) -> None:
        self._inbox = inbox
        self._refuse = {address.casefold(): reply for address, reply in refuse.items()}

    def refuse(self, address: str, reply: str) -> None:
        """As `Mailbox.refuse`."""
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
        names = [self._keep(envelope, recipient) for recipient in envelope.rcpt_tos]
        return f"250 2.0.0 Ok: kept as {', '.join(names)}"

    def _keep(self, envelope: Envelope, recipient: str) -> str:
        top = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipient}\r\n"
        name = _NOT_FOR_FILE_NAMES.sub("_", recipient)[:100]
        return self._inbox.put(name, ".eml", top.encode() + bytes(envelope.original_content or b""))
