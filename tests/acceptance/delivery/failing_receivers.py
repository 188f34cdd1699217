"""Groups with a receiver that fails, each a row of a table: what goes wrong, and how it must end.

The worker tries a busy receiver for eighteen seconds here, or until the stand-up if the receiver accepts in the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.acceptance.installation import DAY, ZONE, Installation, group, sandbox_group
from tests.mail_server import MailServer, Trouble
from worker.domain.deliveries import Delivery
from worker.domain.runs import Run, RunState

DELIVERED, PARTLY = RunState.DELIVERED, RunState.PARTLY_DELIVERED


@dataclass(frozen=True)
class Row:
    """One group: the channel that fails, what its receiver does, and how the delivery and the run must end.

    ``arrived``: how many messages the receiver has; for a chat, how many requests it got. ``proof_or_reason``: a part
    of the delivery's text in the ledger. ``settings``: further keys of the group.
    """

    key: str
    channel: str
    actions: tuple[Any, ...]
    state: str
    run: RunState
    arrived: int
    proof_or_reason: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def room(self) -> str:
        return f"room-{self.key}"

    @property
    def recipient(self) -> str:
        return f"{self.key}@trouble.example.com" if self.channel in ("email", "sendgrid") else self.room

    @property
    def healthy(self) -> str:
        return f"well+{self.key}@example.com"

    @property
    def run_id(self) -> str:
        return f"{self.key}:{DAY}"


def rcpt(reply: str) -> Trouble:
    return Trouble("rcpt", reply)


def dot(reply: str, *, keeps: bool = False) -> Trouble:
    return Trouble("dot", reply, keeps=keeps)


def prepare_groups(installation: Installation, rows: Sequence[Row], mail_server: MailServer) -> None:
    """Write a group for each row, and set what goes wrong at the mail server."""
    installation.start_sandbox({"groups": {row.key: sandbox_group(f"Queue {row.key}") for row in rows}})
    installation.configure(DELIVERY_PATIENCE_MINUTES="0.3", SMTP__PORT=str(mail_server.port), ALERTS__PER_HOUR="99")
    for row in rows:
        if row.channel == "email":
            mail_server.set_troubles(row.recipient, *row.actions)
    installation.write_groups({row.key: group_of(row) for row in rows})
    installation.record_past(*(row.key for row in rows))


def run_groups(installation: Installation, rows: Sequence[Row]) -> None:
    """Start a worker and a beat, and wait until every run has ended."""
    installation.start_worker()
    installation.start_beat()
    installation.wait_for_runs([row.run_id for row in rows])


def group_of(row: Row) -> dict[str, Any]:
    deliver = {"email": [row.healthy]}
    deliver[row.channel] = [*deliver.get(row.channel, []), row.recipient]
    patience = STANDUP_LATER if row.state == "sent" else {}
    return group(row.key, f"Queue {row.key}", deliver=deliver) | patience | row.settings


def standup_in_two_hours() -> dict[str, Any]:
    """Return the settings of a group whose briefing is due now and whose stand-up is in about two hours."""
    now = datetime.now(ZoneInfo(ZONE))
    minutes = min(now.hour * 60 + now.minute + 120, 23 * 60 + 59)
    return {"standup_at": f"{minutes // 60:02}:{minutes % 60:02}", "lead_minutes": min(minutes, 720)}


STANDUP_LATER = standup_in_two_hours()
"""A busy receiver is tried until the stand-up, so that no machine is too slow for the third of three attempts."""


def delivery_of(installation: Installation, row: Row) -> Delivery:
    deliveries = installation.deliveries.records(run_of(installation, row).id)
    return next(delivery for delivery in deliveries if delivery.recipient == row.recipient)


def run_of(installation: Installation, row: Row) -> Run:
    return installation.wait_for_run(row.run_id)
