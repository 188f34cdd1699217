"""The talk with a mail server for one message, up to the final dot, and the final dot by itself.

SMTP accepts a message when it has read the line with the final dot. All before that line may be cut off and has sent
nothing; after it, only the server's reply tells. So every failure before it is `ChannelBusy` or `DeliveryRefused`, and
a missing reply after it is `OutcomeUnknown`.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import socket

from worker.channels.deadline import Deadline, allowance_seconds
from worker.channels.mail.mime import Letter
from worker.channels.smtp import replies as smtp_failures
from worker.channels.smtp import server as smtp_login
from worker.channels.smtp.client import Line
from worker.channels.smtp.replies import Reply, Stage, error_for, too_large
from worker.channels.smtp.server import SmtpServer
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown

FINAL_REPLY_PATIENCE = 3
"""The last reply may take this many times longer than the others: servers scan the message before they give it."""

_TOO_LARGE = 552


class Dialogue:
    """One connection, for one message after the other; opened, protected and logged in by the constructor.

    ``size`` is the first message's in bytes: it has a time-out as a whole, from the connection to the final dot.
    """

    def __init__(self, server: SmtpServer, size: int = 0) -> None:
        self._server = server
        self._recipient = ""
        self._amid_message = False
        self._deadline = Deadline()
        tls = server.tls_context() if server.security == "tls" else None
        self._smtp = Line(server.host, server.hello, server.timeout_seconds, self._deadline, tls)
        try:
            self._deadline.begin(allowance_seconds(server.timeout_seconds, size))
            self._open()
        except BaseException:
            self.close()
            raise

    @property
    def size_limit(self) -> int:
        """The largest message that the server says it takes, in bytes; 0 where it names none."""
        announced = self._smtp.esmtp_features.get("size", "")
        return int(announced) if announced.isdecimal() else 0

    def begin_anew(self, size: int) -> bool:
        """Whether the server takes another message by this connection; where it does not, it is closed."""
        self._deadline.begin(allowance_seconds(self._server.timeout_seconds, size))
        with suppress(OSError):
            if self._smtp.rset()[0] == 250:
                self._socket.settimeout(self._server.timeout_seconds)
                return True
        self.close()
        return False

    def send_all_but_the_end(self, letter: Letter) -> None:
        """Envelope and content, without the final dot: the server has nothing that it could deliver."""
        self._recipient = letter.recipient
        with self._during(Stage.SENDER):
            self._want_yes(self._smtp.mail(letter.sender, self._mail_options(letter)), Stage.SENDER, letter)
        with self._during(Stage.RECIPIENT):
            self._want_yes(self._smtp.rcpt(letter.recipient), Stage.RECIPIENT, letter)
        with self._during(Stage.MESSAGE):
            go_ahead = Reply.read(*self._smtp.docmd("DATA"))
            if go_ahead.code != 354:
                raise self._error(go_ahead, Stage.MESSAGE)
            self._amid_message = True
            if not self._smtp.send_in_pieces(_dots_doubled(letter.content)):
                raise self._error(Reply.read(*self._smtp.getreply()), Stage.MESSAGE)

    def hand_over(self) -> Reply:
        """Send the final dot and return the server's yes; then the message is theirs."""
        with self._during(Stage.MESSAGE):
            if self._smtp.has_spoken():
                # a server that answers or hangs up amid the content has refused it: then the final dot is not sent
                raise self._error(Reply.read(*self._smtp.getreply()), Stage.MESSAGE)
            patience = self._server.timeout_seconds * FINAL_REPLY_PATIENCE
            self._deadline.begin(patience)
            self._socket.settimeout(patience)
            self._smtp.send(b".\r\n")
        reply = self._final_reply()
        self._deadline.rest()
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
            token = server.access.token()
            try:
                with self._during(Stage.LOGIN):
                    smtp_login.by_access_token(self._smtp, server.username or "", token)
            except DeliveryRefused:
                server.access.forget(token)
                raise
        elif server.login:
            with self._during(Stage.LOGIN):
                smtp_login.by_password(self._smtp, *server.login, readable=not server.keeps_secrets)

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

    def _want_yes(self, answer: tuple[int, bytes], stage: Stage, letter: Letter) -> None:
        reply = Reply.read(*answer)
        if reply.code == _TOO_LARGE and 0 < self.size_limit < len(letter.content):
            raise too_large(reply, self._server.name, self._recipient, len(letter.content), self.size_limit)
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
        server = self._server.name
        try:
            yield
        except smtplib.SMTPResponseException as error:
            raise self._error(Reply.read(error.smtp_code, error.smtp_error), stage) from None
        except smtplib.SMTPNotSupportedError:
            raise smtp_failures.not_offered(stage, server, self._recipient) from None
        except (OSError, ValueError) as error:
            if self._deadline.passed:
                raise smtp_failures.too_slow(self._deadline.seconds, stage, server, self._recipient) from None
            raise smtp_failures.broken_off(error, stage, server, self._recipient) from None


def _dots_doubled(content: bytes) -> bytes:
    """RFC 5321 4.5.2: a line that begins with a dot gets a second one, so that none can be taken for the end."""
    return content.replace(b"\r\n.", b"\r\n..")
