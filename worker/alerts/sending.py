"""Sends an alert to the webhook. An alert that the webhook does not accept becomes a line in the alerts file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import structlog

from worker.alerts.forms import Alert
from worker.errors import DeliveryRefused, StandupError
from worker.state.files import private_files

log = structlog.get_logger("standup.alert")


class Webhook(Protocol):
    """The receiver of alerts."""

    def send(self, alert: Alert) -> None:
        """Post one alert. `ChannelBusy`: a later attempt may succeed. `DeliveryRefused`: it would not."""


@dataclass(frozen=True, slots=True)
class AlertSender:
    """Sends alerts from this process, without the broker, the ledger and the mail server.

    ``webhook`` returns None if none is set.
    """

    webhook: Callable[[], Webhook | None]
    file: Path

    def send(self, alert: Alert) -> bool:
        """Return True if the webhook accepted it, or none is set. A refused alert becomes a line in the file.

        `ChannelBusy` passes through, and nothing is written.
        """
        webhook = self.webhook()
        if webhook is None:
            self.write_down(alert, "no alert webhook is set")
            return True
        try:
            webhook.send(alert)
        except DeliveryRefused as error:
            self.write_down(alert, str(error))
            return False
        return True

    def send_or_write_down(self, alert: Alert) -> None:
        """Send it. Every failure makes it a line in the alerts file."""
        try:
            self.send(alert)
        except Exception as error:
            self.write_down(alert, reason_of(error))

    def write_down(self, alert: Alert, reason: str) -> None:
        """Write the alert as a JSON line in the alerts file. The log gets a line without names."""
        log.error("alert not delivered", run=alert.run_id, code=alert.code, because=reason, file=str(self.file))
        fields = asdict(alert) | {"at": alert.at.isoformat(), "not_delivered": reason}
        try:
            line = f"{json.dumps(fields, ensure_ascii=False)}\n"
            private_files.append(self.file, line.encode(errors="replace"))
        except OSError as error:
            log.error("the alerts file cannot be written", error=type(error).__name__)


def reason_of(error: Exception) -> str:
    """Return why an alert was not sent. The text of an error that is not ours may quote the webhook's address."""
    return str(error) if isinstance(error, StandupError) else type(error).__name__
