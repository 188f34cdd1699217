"""What an operator asks for when a run is to be sent again, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from worker.domain.deliveries import Delivery
from worker.errors import PermanentError

OperatorWord = Literal["sent", "missing"]
"""The operator's word about a delivery whose outcome was unknown."""


class NotSentAgain(PermanentError):
    """The operator's request is impossible, or would send something twice."""

    code = "not_sent_again"


@dataclass(frozen=True, slots=True)
class ResendRequest:
    """The operator's request. Recipients are written as in the group's file, or as ``slack:ops-emea``.

    ``recipients``: only these. ``settle``: what became of unknown ones. ``copies``: addresses for test copies. If only
    copies are given, nothing else is sent. ``failed_only``: only refused ones. An unknown one is
    left out, also if its channel has a rule for it.
    """

    recipients: tuple[str, ...] = ()
    settle: Mapping[str, OperatorWord] | None = None
    copies: tuple[str, ...] = ()
    failed_only: bool = False

    @property
    def only_copies(self) -> bool:
        """Tell whether it asks for nothing but test copies."""
        return bool(self.copies) and not (self.recipients or self.settle or self.failed_only)


@dataclass(frozen=True, slots=True)
class ResendResult:
    """Which deliveries are sent now, which arrived by the operator's word, and which wait for such a word.

    ``former``: those that did not arrive and no longer count, because the group file no longer has their recipient.
    """

    sending: tuple[Delivery, ...]
    arrived: tuple[Delivery, ...]
    waiting: tuple[Delivery, ...]
    former: tuple[Delivery, ...] = ()

    @property
    def continues(self) -> bool:
        """Tell whether the run goes on: something is sent, or its end is counted again."""
        return bool(self.sending or self.arrived or self.former)
