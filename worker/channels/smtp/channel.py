"""E-mail by SMTP: one message per recipient, each with that address alone in To; a run's messages share connections."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from worker.channels.mail import mime
from worker.channels.mail.mime import Letter
from worker.channels.parcel import Parcel, Proof, Protection
from worker.channels.smtp.conversation import Dialogue
from worker.channels.smtp.cooldown import Recess
from worker.channels.smtp.replies import HungUp, Stage
from worker.channels.smtp.server import SmtpServer
from worker.errors import DeliveryRefused

__all__ = ["EmailChannel", "SmtpServer"]


class EmailChannel:
    """Sends parcels by one mail server.

    As a context manager it keeps its connection from one message to the next, for as long as all goes well; without,
    each message has a connection of its own. One instance serves one thread. ``seal`` encrypts letters to those who
    have a certificate; ``recess`` is what all channels to this server know of its last failure.
    """

    def __init__(
        self,
        server: SmtpServer,
        seal: Callable[[Letter], Letter] = lambda letter: letter,
        recess: Recess | None = None,
    ) -> None:
        self._server = server
        self._seal = seal
        self._recess = recess or Recess()
        self._keeps = False
        self._kept: Dialogue | None = None

    @property
    def protection(self) -> Protection:
        """Encrypted up to this mail server, or on this machine; what happens behind it is not ours to say."""
        return Protection(encrypted=self._server.keeps_secrets)

    def __enter__(self) -> EmailChannel:
        self._keeps = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._keeps = False
        self._hang_up()

    def check(self) -> int:
        """Connect, encrypt and log in as for a message, and hang up; raises as `deliver` does.

        Returns the largest message that the server says it takes, in bytes; 0 where it names none.
        """
        dialogue = Dialogue(self._server)
        dialogue.close()
        return dialogue.size_limit

    def deliver(self, parcel: Parcel, recipient: str, before_handover: Callable[[], None]) -> Proof:
        """Send one message; the proof is the server's last reply and the Message-ID.

        ``before_handover`` is called between the content's last byte and the final dot that makes it the server's.
        `ChannelBusy`: nothing was sent, later may go (4xx, no connection, cut off before the final dot).
        `DeliveryRefused`: nothing was sent and nothing will be (5xx, bad certificate, refused login).
        `OutcomeUnknown`: the final dot went out and no reply came back.
        """
        try:
            letter = self._seal(mime.build(parcel, recipient, self._server.sender))
        except ValueError as error:
            raise DeliveryRefused(f"{error}.", way_out=Stage.RECIPIENT.way_out) from None
        dialogue = self._all_but_the_end(letter)
        try:
            before_handover()
            proof = Proof(str(dialogue.hand_over()), letter.message_id)
        except BaseException:
            dialogue.close()
            raise
        self._keep(dialogue)
        return proof

    def _all_but_the_end(self, letter: Letter) -> Dialogue:
        """By the connection that was kept, or by a new one: servers end theirs after so many messages."""
        kept, self._kept = self._kept, None
        if kept is not None and kept.begin_anew(len(letter.content)):
            try:
                return _sent(kept, letter)
            except HungUp:
                pass
        with self._recess.heeded():
            fresh = Dialogue(self._server, len(letter.content))
        return _sent(fresh, letter)

    def _keep(self, dialogue: Dialogue) -> None:
        if self._keeps:
            self._kept = dialogue
        else:
            dialogue.close()

    def _hang_up(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def _sent(dialogue: Dialogue, letter: Letter) -> Dialogue:
    """The dialogue, once all but the end went by it; closed if that fails."""
    try:
        dialogue.send_all_but_the_end(letter)
    except BaseException:
        dialogue.close()
        raise
    return dialogue
