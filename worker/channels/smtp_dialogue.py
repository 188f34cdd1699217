"""The talk with a mail server for one message, up to the final dot, and the final dot by itself.

SMTP accepts a message when it has read the line with the final dot. All before that line may be cut off and has sent
nothing; after it, only the server's reply tells. So every failure before it is `ChannelBusy` or `DeliveryRefused`, and
a missing reply after it is `OutcomeUnknown`.
"""

from __future__ import annotations

import selectors
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import socket

from worker.channels import smtp_failures
from worker.channels.mime import Letter
from worker.channels.smtp_replies import Reply, Stage, error_for
from worker.channels.smtp_server import SmtpServer
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown

FINAL_REPLY_PATIENCE = 3
"""The last reply may take this many times longer than the others: servers scan the message before they give it."""


class Dialogue:
    """One connection, for one message after the other; opened, protected and logged in by the constructor."""

    def __init__(self, server: SmtpServer, recipient: str) -> None:
        self._server = server
        self._recipient = recipient
        self._amid_message = False
        with self._during(Stage.GREETING):
            self._smtp = self._connect()
        try:
            self._secure()
            self._log_in()
        except BaseException:
            self.close()
            raise

    def begin_anew(self, recipient: str) -> bool:
        """Whether the server takes another message by this connection; where it does not, it is closed."""
        self._recipient = recipient
        with suppress(OSError):
            if self._smtp.rset()[0] == 250:
                self._socket.settimeout(self._server.timeout_seconds)
                return True
        self.close()
        return False

    def send_all_but_the_end(self, letter: Letter) -> None:
        """Envelope and content, without the final dot: the server has nothing that it could deliver."""
        with self._during(Stage.SENDER):
            self._want_yes(self._smtp.mail(letter.sender, self._mail_options(letter)), Stage.SENDER)
        with self._during(Stage.RECIPIENT):
            self._want_yes(self._smtp.rcpt(letter.recipient), Stage.RECIPIENT)
        with self._during(Stage.MESSAGE):
            go_ahead = Reply.read(*self._smtp.docmd("DATA"))
            if go_ahead.code != 354:
                raise self._error(go_ahead, Stage.MESSAGE)
            self._amid_message = True
            self._smtp.send(_dots_doubled(letter.content))

    def hand_over(self) -> Reply:
        """Send the final dot and return the server's yes; then the message is theirs."""
        with self._during(Stage.MESSAGE):
            self._stop_if_the_server_spoke_first()
            self._socket.settimeout(self._server.timeout_seconds * FINAL_REPLY_PATIENCE)
            self._smtp.send(b".\r\n")
        reply = self._final_reply()
        self._amid_message = False
        if not reply.is_yes:
            raise self._error(reply, Stage.MESSAGE)
        return reply

    def close(self) -> None:
        """Hang up. The reply to QUIT is not waited for: a proof in our hands is to be written down first."""
        if not self._amid_message:
            with suppress(OSError):
                self._smtp.putcmd("QUIT")
        self._smtp.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            return smtplib.SMTP_SSL(
                server.host, server.port, server.hello, timeout=server.timeout_seconds, context=server.tls_context()
            )
        return smtplib.SMTP(server.host, server.port, server.hello, timeout=server.timeout_seconds)

    def _secure(self) -> None:
        with self._during(Stage.STARTTLS):
            self._smtp.ehlo_or_helo_if_needed()
            if self._server.security != "starttls":
                return
            self._smtp.starttls(context=self._server.tls_context())
            self._smtp.ehlo_or_helo_if_needed()

    def _log_in(self) -> None:
        if self._server.access:
            token = self._server.access.token()
            shown = f"user={self._server.username}\x01auth=Bearer {token}\x01\x01"
            with self._during(Stage.LOGIN):
                # asked a second time, the server wants to say why not: an empty line lets it
                self._smtp.auth("XOAUTH2", lambda challenge=None: shown if challenge is None else "")
        elif self._server.login:
            with self._during(Stage.LOGIN):
                self._smtp.login(*self._server.login)

    def _mail_options(self, letter: Letter) -> list[str]:
        options = [f"SIZE={len(letter.content)}"] if self._smtp.has_extn("size") else []
        if not letter.needs_smtputf8:
            return options
        if not self._smtp.has_extn("smtputf8"):
            raise smtplib.SMTPNotSupportedError
        return [*options, "SMTPUTF8", "BODY=8BITMIME"]

    def _stop_if_the_server_spoke_first(self) -> None:
        """A server that answers or hangs up amid the content has refused it; then the final dot is not sent."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            if selector.select(timeout=0):
                raise self._error(Reply.read(*self._smtp.getreply()), Stage.MESSAGE)

    def _final_reply(self) -> Reply:
        try:
            reply = Reply.read(*self._smtp.getreply())
        except OSError as error:
            raise self._unknown(str(error)) from None
        if not (reply.is_yes or reply.is_no):
            raise self._unknown(f"it said {reply}")
        return reply

    @property
    def _socket(self) -> socket:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        return self._smtp.sock

    def _want_yes(self, answer: tuple[int, bytes], stage: Stage) -> None:
        reply = Reply.read(*answer)
        if not reply.is_yes:
            raise self._error(reply, stage)

    def _error(self, reply: Reply, stage: Stage) -> ChannelBusy | DeliveryRefused:
        return error_for(reply, stage, self._server.name, self._recipient)

    def _unknown(self, cause: str) -> OutcomeUnknown:
        return OutcomeUnknown(
            f"Mail server {self._server.name} took the whole message to {self._recipient} and did not confirm it: "
            f"{cause}.",
            way_out="Look for its Message-ID in the mail server's log before sending again.",
        )

    @contextmanager
    def _during(self, stage: Stage) -> Iterator[None]:
        """Turn what smtplib and the socket raise before the final dot into our errors."""
        try:
            yield
        except smtplib.SMTPResponseException as error:
            raise self._error(Reply.read(error.smtp_code, error.smtp_error), stage) from None
        except smtplib.SMTPNotSupportedError:
            raise smtp_failures.not_offered(stage, self._server.name, self._recipient) from None
        except (OSError, ValueError) as error:
            raise smtp_failures.broken_off(error, stage, self._server.name, self._recipient) from None


def _dots_doubled(content: bytes) -> bytes:
    """RFC 5321 4.5.2: a line that begins with a dot gets a second one, so that none can be taken for the end."""
    return content.replace(b"\r\n.", b"\r\n..")
