"""E-mail by SMTP: one message for each recipient, with that address alone in To.

The messages of a run share a connection.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from worker.channels.channel import OutgoingMessage, Proof, Protection
from worker.channels.mail import mime
from worker.channels.mail.mime import Letter
from worker.channels.smtp.conversation import SmtpConversation, connect
from worker.channels.smtp.cooldown import ServerCooldown
from worker.channels.smtp.replies import HungUp, Stage
from worker.channels.smtp.server import SmtpServer
from worker.domain.deliveries import WhenUnknown
from worker.errors import DeliveryRefused

__all__ = ["EmailChannel", "SmtpServer"]


class EmailChannel:
    """Sends messages by one mail server.

    As a context manager it keeps its connection from one message to the next while nothing fails. Otherwise each
    message has a connection of its own. One instance serves one thread. ``seal`` encrypts letters to recipients who
    have a certificate. ``cooldown`` holds the server's last failure for all channels of the process. ``when_unknown``
    is the rule for a message that may or may not have arrived.
    """

    def __init__(
        self,
        server: SmtpServer,
        seal: Callable[[Letter], Letter] = lambda letter: letter,
        cooldown: ServerCooldown | None = None,
        when_unknown: WhenUnknown = "ask",
    ) -> None:
        self._server = server
        self._seal = seal
        self._cooldown = cooldown or ServerCooldown()
        self.when_unknown = when_unknown
        self._reuses_connection = False
        self._idle: SmtpConversation | None = None

    @property
    def server(self) -> SmtpServer:
        """The mail server of this channel."""
        return self._server

    @property
    def protection(self) -> Protection:
        """Encrypted up to this mail server, or on this machine. Nothing is known of what happens behind it."""
        return Protection(encrypted=self._server.keeps_secrets)

    def __enter__(self) -> EmailChannel:
        self._reuses_connection = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._reuses_connection = False
        self._hang_up()

    def check(self) -> int:
        """Connect, encrypt and log in as for a message, then hang up. Raises the same errors as `deliver`.

        Returns the largest message that the server announces to accept, in bytes, or 0 if it announces none.
        """
        conversation = connect(self._server)
        conversation.close()
        return conversation.size_limit

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        """Send one message. The proof is the server's last reply and the Message-ID.

        ``before_acceptance`` is called after the last byte of the content and before the final dot. With the final dot
        the server accepts the message (RFC 5321, 4.2.5).
        `ChannelBusy`: nothing was sent, a later attempt may succeed (4xx, no connection, cut off before the final dot).
        `DeliveryRefused`: nothing was sent, and a later attempt would fail too (5xx, bad certificate, refused login).
        `OutcomeUnknown`: the final dot was sent and no reply came back.
        """
        try:
            letter = self._seal(mime.build(outgoing, recipient, self._server.sender))
        except ValueError as error:
            raise DeliveryRefused(f"{error}.", way_out=Stage.RECIPIENT.way_out) from None
        conversation = self._content_sent(letter)
        try:
            before_acceptance()
            proof = Proof(str(conversation.send_final_dot()), letter.message_id)
        except BaseException:
            conversation.close()
            raise
        self._keep(conversation)
        return proof

    def _content_sent(self, letter: Letter) -> SmtpConversation:
        """Send all but the final dot, by the idle connection or a new one.

        Servers limit the number of messages per connection, so the idle one may refuse.
        """
        idle, self._idle = self._idle, None
        if idle is not None and idle.start_next(len(letter.content)):
            try:
                return _with_content(idle, letter)
            except HungUp:
                pass
        with self._cooldown.respected():
            fresh = connect(self._server, len(letter.content))
        return _with_content(fresh, letter)

    def _keep(self, conversation: SmtpConversation) -> None:
        if self._reuses_connection:
            self._idle = conversation
        else:
            conversation.close()

    def _hang_up(self) -> None:
        if self._idle is not None:
            self._idle.close()
            self._idle = None


def _with_content(conversation: SmtpConversation, letter: Letter) -> SmtpConversation:
    """Send envelope and content by this conversation, and close it if that fails."""
    try:
        conversation.send_content(letter)
    except BaseException:
        conversation.close()
        raise
    return conversation
