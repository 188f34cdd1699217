"""Mail servers that fall silent or answer without an end, as one morning of whole programs.

The worker waits one second for each reply. So that this is not too short for a server that works, these groups are the
only ones of their installation.
"""

from __future__ import annotations

import pytest

from tests.acceptance.delivery.failing_receivers import (
    DELIVERED,
    PARTLY,
    Row,
    delivery_of,
    dot,
    prepare_groups,
    rcpt,
    run_groups,
    run_of,
)
from tests.acceptance.installation import Installation
from tests.mail_server import DRIBBLE, HANG, MailServer

ROWS = (
    Row("mail-hangs", "email", (rcpt(HANG),), "refused", PARTLY, 0, "Given up after"),
    Row("mail-hangs-once", "email", (rcpt(HANG), None), "sent", DELIVERED, 1, "250"),
    Row("mail-hangs-late", "email", (dot(HANG, keeps=True),), "unknown", PARTLY, 1, "did not confirm it"),
    Row("mail-dribbles", "email", (rcpt(DRIBBLE),), "refused", PARTLY, 0, "Given up after"),
    Row("mail-dribbles-late", "email", (dot(DRIBBLE, keeps=True),), "unknown", PARTLY, 1, "no reply within 3 s"),
)


@pytest.fixture(scope="module")
def morning(shared_installation: Installation, mail_server: MailServer) -> Installation:
    """All rows as groups, one worker and one beat, after every run has ended."""
    prepare_groups(shared_installation, ROWS, mail_server)
    shared_installation.configure(SMTP__TIMEOUT_SECONDS="1")
    run_groups(shared_installation, ROWS)
    return shared_installation


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_each_silence_ends_as_the_table_says(row: Row, morning: Installation, mail_server: MailServer) -> None:
    delivery = delivery_of(morning, row)
    assert delivery.state == row.state
    assert row.proof_or_reason in (delivery.proof or delivery.why)
    assert run_of(morning, row).state == row.run
    assert mail_server.recipients().count(row.recipient) == row.arrived


def test_every_healthy_mailbox_got_one_message(morning: Installation, mail_server: MailServer) -> None:
    healthy = {row.healthy for row in ROWS}
    assert sorted(recipient for recipient in mail_server.recipients() if recipient in healthy) == sorted(healthy)
