"""A guarded channel hands on what may leave and raises before anything else is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from worker.channels.channel import OutgoingMessage, Proof, Protection
from worker.channels.guards import PersonalDataGuard
from worker.domain.documents import Document
from worker.domain.groups.privacy import DataClass, Policy
from worker.errors import DeliveryRefused

NOTICE = OutgoingMessage(
    "support:2026-11-20", "support", date(2026, 11, 20), 1, datetime(2026, 11, 23, tzinfo=UTC), "S", "t", "<p>h</p>"
)
NAMING = replace(NOTICE, documents=(Document("a.pdf", "application/pdf", b"%PDF"),), personal=(DataClass.AGENT_NAME,))


class Notebook:
    """Writes down who was sent something."""

    def __init__(self, protection: Protection) -> None:
        self.protection = protection
        self.sent: list[str] = []

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        before_acceptance()
        self.sent.append(recipient)
        return Proof("ok", "1")


OPEN, ENCRYPTED = Protection(encrypted=False), Protection(encrypted=True)


@pytest.mark.parametrize(
    ("outgoing", "protection", "policy", "sealed"),
    [
        (NOTICE, OPEN, None, False),
        (NOTICE, OPEN, "refuse", False),
        (NAMING, ENCRYPTED, "allow", False),
        (replace(NAMING, locked=True), OPEN, "allow", False),
        (NAMING, OPEN, "allow", True),
        (NAMING, Protection(encrypted=False, end_to_end=True), "allow", False),
    ],
)
def test_a_message_that_the_policy_allows_is_delivered(
    outgoing: OutgoingMessage, protection: Protection, policy: Policy | None, sealed: bool
) -> None:
    notebook = Notebook(protection)
    assert (
        PersonalDataGuard(notebook, policy, lambda _: sealed).deliver(outgoing, "ana@example.com", lambda: None).reply
        == "ok"
    )
    assert notebook.sent == ["ana@example.com"]


@pytest.mark.parametrize(
    ("protection", "policy", "way_out"),
    [
        (OPEN, "allow", "Encrypt the channel"),
        (ENCRYPTED, "refuse", '"refuse"'),
        (ENCRYPTED, None, "Rerun"),
        (ENCRYPTED, "mask", "Rerun"),
    ],
)
def test_a_message_that_the_policy_forbids_is_refused_with_a_way_out(
    protection: Protection, policy: Policy | None, way_out: str
) -> None:
    notebook, may_be_accepted = Notebook(protection), []
    with pytest.raises(DeliveryRefused, match=r"agents' names, which this channel may not carry") as refused:
        PersonalDataGuard(notebook, policy).deliver(NAMING, "ana@example.com", lambda: may_be_accepted.append(1))
    assert way_out in refused.value.way_out
    assert (notebook.sent, may_be_accepted) == ([], [])


def test_a_certificate_of_one_recipient_does_not_count_for_another() -> None:
    guarded = PersonalDataGuard(Notebook(OPEN), "allow", {"ana@example.com"}.__contains__)
    guarded.deliver(NAMING, "ana@example.com", lambda: None)
    with pytest.raises(DeliveryRefused):
        guarded.deliver(NAMING, "li@example.com", lambda: None)
