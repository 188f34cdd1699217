"""The SMTP commands for one message, up to the final dot, and the final dot by itself.

A server accepts a message when it has read the line with the final dot (RFC 5321, 4.2.5). A conversation that ends
before that line has sent nothing. After it, only the server's reply tells whether the message was accepted. So every
failure before it is `ChannelBusy` or `DeliveryRefused`, and a missing reply after it is `OutcomeUnknown`.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import socket

from worker.channels.mail.mime import Letter
from worker.channels.smtp import replies
from worker.channels.smtp.client import SmtpConnection
from worker.channels.smtp.oauth import MailAccess
from worker.channels.smtp.replies import KeptTokenRefused, LoginRefused, Reply, Stage, error_for, too_large
from worker.channels.smtp.server import SmtpServer, log_in_by_access_token, log_in_by_password
from worker.deadline import Deadline, allowance_seconds
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown

FINAL_REPLY_FACTOR = 3
"""The last reply may take this many times as long as the others, because servers scan the message before it."""

_TOO_LARGE = 552


def connect(server: SmtpServer, size: int = 0) -> SmtpConversation:
    """Return a conversation that is logged in.

    If the server refuses an access token from an earlier login, connect once more with a fresh one. A token ends before
    its time when the application's secret or permissions change.
    """
    try:
        return SmtpConversation(server, size)
    except KeptTokenRefused:
        return SmtpConversation(server, size)


class SmtpConversation:
    """One connection for one message after another. The constructor connects, encrypts and logs in.

    ``size`` is the size of the first message in bytes. It sets the time limit from connecting to the final dot.
    """

    def __init__(self, server: SmtpServer, size: int = 0) -> None:
        self._server = server
        self._recipient = ""
        self._is_sending_content = False
        self._deadline = Deadline()
        tls = server.tls_context() if server.security == "tls" else None
        self._smtp = SmtpConnection(server.host, server.hello, server.timeout_seconds, self._deadline, tls)
        try:
            self._deadline.begin(allowance_seconds(server.timeout_seconds, size))
            self._open()
        except BaseException:
            self.close()
            raise

    @property
    def size_limit(self) -> int:
        """The largest message that the server announces to accept, in bytes, or 0 if it announces none."""
        announced = self._smtp.esmtp_features.get("size", "")
        return int(announced) if announced.isdecimal() else 0

    def start_next(self, size: int) -> bool:
        """Return whether the server takes another message by this connection, and close it if not."""
        self._deadline.begin(allowance_seconds(self._server.timeout_seconds, size))
        with suppress(OSError):
            if self._smtp.rset()[0] == 250:
                self._socket.settimeout(self._server.timeout_seconds)
                return True
        self.close()
        return False

    def send_content(self, letter: Letter) -> None:
        """Send envelope and content without the final dot: the server has nothing yet that it could deliver."""
        self._recipient = letter.recipient
        with self._during(Stage.SENDER):
            self._require_yes(self._smtp.mail(letter.sender, self._mail_options(letter)), Stage.SENDER, letter)
        with self._during(Stage.RECIPIENT):
            self._require_yes(self._smtp.rcpt(letter.recipient), Stage.RECIPIENT, letter)
        with self._during(Stage.MESSAGE):
            go_ahead = Reply.read(*self._smtp.docmd("DATA"))
            if go_ahead.code != 354:
                raise self._error(go_ahead, Stage.MESSAGE)
            self._is_sending_content = True
            if not self._smtp.send_in_pieces(_dots_doubled(letter.content)):
                raise self._error(Reply.read(*self._smtp.getreply()), Stage.MESSAGE)

    def send_final_dot(self) -> Reply:
        """Send the final dot and return the server's acceptance."""
        with self._during(Stage.MESSAGE):
            if self._smtp.has_spoken():
                # a server that replies or hangs up during the content has refused it, so the final dot is not sent
                raise self._error(Reply.read(*self._smtp.getreply()), Stage.MESSAGE)
            limit_seconds = self._server.timeout_seconds * FINAL_REPLY_FACTOR
            self._deadline.begin(limit_seconds)
            self._socket.settimeout(limit_seconds)
            self._smtp.send(b".\r\n")
        reply = self._final_reply()
        self._deadline.rest()
        self._is_sending_content = False
        if not reply.is_yes:
            raise self._error(reply, Stage.MESSAGE)
        return reply

    def close(self) -> None:
        """Hang up without waiting for the reply to QUIT, so that the caller can record a proof at once."""
        if not self._is_sending_content:
            with suppress(OSError):
                self._smtp.putcmd("QUIT")
        self._smtp.close()
        self._deadline.close()

    def _open(self) -> None:
        with self._during(Stage.GREETING):
            self._smtp.open(self._server.port)
        with self._during(Stage.HELLO):
            self._smtp.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            with self._during(Stage.STARTTLS):
                self._smtp.starttls(context=self._server.tls_context())
            with self._during(Stage.HELLO):
                self._smtp.ehlo_or_helo_if_needed()
        self._log_in()

    def _log_in(self) -> None:
        server = self._server
        if server.access:
            self._log_in_by_token(server.access, server.username or "")
        elif server.login:
            with self._during(Stage.LOGIN):
                log_in_by_password(self._smtp, *server.login, readable=not server.keeps_secrets)

    def _log_in_by_token(self, access: MailAccess, mailbox: str) -> None:
        token = access.token()
        try:
            with self._during(Stage.TOKEN_LOGIN):
                log_in_by_access_token(self._smtp, mailbox, token.text)
        except LoginRefused as refusal:
            access.forget(token)
            if token.is_kept:
                raise KeptTokenRefused(str(refusal), way_out=refusal.way_out) from None
            raise

    def _mail_options(self, letter: Letter) -> list[str]:
        options = [f"SIZE={len(letter.content)}"] if self._smtp.has_extn("size") else []
        if not letter.needs_smtputf8:
            return options
        if not self._smtp.has_extn("smtputf8"):
            raise smtplib.SMTPNotSupportedError
        return [*options, "SMTPUTF8", "BODY=8BITMIME"]

    def _final_reply(self) -> Reply:
        try:
            reply = Reply.read(*self._smtp.getreply())
        except OSError as error:
            late = f"no reply within {self._deadline.seconds:.0f} s"
            raise self._unknown(late if self._deadline.passed else str(error)) from None
        if not (reply.is_yes or reply.is_no):
            raise self._unknown(f"it said {reply}")
        return reply

    @property
    def _socket(self) -> socket:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        return self._smtp.sock

    def _require_yes(self, answer: tuple[int, bytes], stage: Stage, letter: Letter) -> None:
        reply = Reply.read(*answer)
        if reply.code == _TOO_LARGE and 0 < self.size_limit < len(letter.content):
            raise too_large(reply, self._server.name, self._recipient, len(letter.content), self.size_limit)
        if not reply.is_yes:
            raise self._error(reply, stage)

    def _error(self, reply: Reply, stage: Stage) -> ChannelBusy | DeliveryRefused:
        return error_for(reply, stage, self._server.name, self._recipient)

    def _unknown(self, cause: str) -> OutcomeUnknown:
        return OutcomeUnknown(
            f"Mail server {self._server.name} was sent the whole message to {self._recipient} and did not confirm it: "
            f"{cause}.",
            way_out="Look for its Message-ID in the mail server's log before sending again.",
        )

    @contextmanager
    def _during(self, stage: Stage) -> Iterator[None]:
        """Turn the errors of smtplib and the socket before the final dot into ours."""
        server = self._server.name
        try:
            yield
        except smtplib.SMTPResponseException as error:
            raise self._error(Reply.read(error.smtp_code, error.smtp_error), stage) from None
        except smtplib.SMTPNotSupportedError:
            raise replies.not_offered(stage, server, self._recipient) from None
        except (OSError, ValueError) as error:
            if self._deadline.passed:
                raise replies.too_slow(self._deadline.seconds, stage, server, self._recipient) from None
            raise replies.broken_off(error, stage, server, self._recipient) from None


def _dots_doubled(content: bytes) -> bytes:
    """Double the dot at the start of a line, so that no line can be taken for the end (RFC 5321, 4.5.2)."""
    return content.replace(b"\r\n.", b"\r\n..")
