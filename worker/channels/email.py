"""E-mail by SMTP: one message per recipient, each with that address alone in To, over a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from worker.channels import mime
from worker.channels.parcel import Parcel, Proof
from worker.channels.smtp_dialogue import Dialogue
from worker.channels.smtp_replies import Stage
from worker.channels.smtp_server import SmtpServer
from worker.errors import DeliveryRefused

__all__ = ["EmailChannel", "SmtpServer"]


class EmailChannel:
    """Sends parcels by one mail server."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    def check(self) -> None:
        """Connect, encrypt and log in as for a message, and hang up; raises as `deliver` does."""
        Dialogue(self._server, "nobody").close()

    def deliver(self, parcel: Parcel, recipient: str, before_handover: Callable[[], None]) -> Proof:
        """Send one message; the proof is the server's last reply and the Message-ID.

        ``before_handover`` is called between the content's last byte and the final dot that makes it the server's.
        `ChannelBusy`: nothing was sent, later may go (4xx, no connection, cut off before the final dot).
        `DeliveryRefused`: nothing was sent and nothing will be (5xx, bad certificate, refused login).
        `OutcomeUnknown`: the final dot went out and no reply came back.
        """
        try:
            letter = mime.build(parcel, recipient, self._server.sender)
        except ValueError as error:
            raise DeliveryRefused(f"{error}.", way_out=Stage.RECIPIENT.way_out) from None
        with closing(Dialogue(self._server, recipient)) as dialogue:
            dialogue.send_all_but_the_end(letter)
            before_handover()
            return Proof(str(dialogue.hand_over()), letter.message_id)
