"""Alerts when a channel accepts nothing: the mail server is away, or says "later" to every recipient of every run.

The runs stay open and are tried again until after the stand-up. An operator who hears of it before may still help.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.sending import AlertSender
from worker.domain.clock import Clock
from worker.domain.deliveries import Delivery
from worker.domain.runs import RunId, Step
from worker.errors import ChannelBusy
from worker.state import counters as measures
from worker.state.counters import Counters, Field
from worker.state.deliveries import Deliveries
from worker.state.runs import Runs
from worker.state.watch import Watch

REPORTED_AFTER = timedelta(seconds=110)
"""Counted from the first look that finds it, up to a minute after the first attempt: three minutes in all.

Looks are a minute apart and one may come a moment early, so two minutes would often mean the third look.
"""

BATCH = 500
"""The deliveries of how many runs are read in one round trip."""

log = structlog.get_logger("standup.watch")

_Waiting = tuple[RunId, Delivery]


@dataclass(frozen=True, slots=True)
class ReceiverAlerts:
    """Looks at all messages that were tried and not accepted, and sends one alert per channel and outage."""

    runs: Runs
    deliveries: Deliveries
    counters: Counters
    watch: Watch
    sender: AlertSender
    clock: Clock

    def look(self) -> None:
        """Look once. A channel that has accepted a message since the last look works."""
        waiting_by_channel: dict[str, list[_Waiting]] = {}
        for run_id, delivery in self._waiting():
            waiting_by_channel.setdefault(delivery.channel, []).append((run_id, delivery))
        reported = self.watch.reported_unaccepted()
        counts = self.counters.read() if waiting_by_channel or reported else {}
        for channel, sent_before in reported.items():
            if _sent_count(counts, channel) > sent_before and self.watch.end_unaccepted(channel):
                self.sender.send_or_write_down(self._accepted_again(channel, len(waiting_by_channel.get(channel, []))))
        self.watch.forget_unaccepted_except(waiting_by_channel)
        for channel, waiting in waiting_by_channel.items():
            self._look_at(channel, waiting, _sent_count(counts, channel))

    def _waiting(self) -> Iterator[_Waiting]:
        """Yield what was tried at least once, and is tried again."""
        run_ids = self.runs.open_at(Step.DELIVER)
        for start in range(0, len(run_ids), BATCH):
            for run_id, deliveries in self.deliveries.records_of(run_ids[start : start + BATCH]).items():
                yield from ((run_id, delivery) for delivery in deliveries if _is_waiting(delivery))

    def _look_at(self, channel: str, waiting: list[_Waiting], sent_count: int) -> None:
        now = self.clock()
        if now - self.watch.unaccepted_since(channel, sent_count, now) < REPORTED_AFTER:
            return
        if not self.watch.claim_unaccepted(channel):
            return
        log.warning("a channel accepts nothing", channel=channel, messages=len(waiting))
        try:
            self.sender.send(self._alert(channel, waiting))
        except ChannelBusy as error:
            self.watch.release_unaccepted(channel)
            log.warning("the alert webhook is busy", because=str(error))

    def _alert(self, channel: str, waiting: list[_Waiting]) -> Alert:
        run_count = len({run_id for run_id, _ in waiting})
        messages = (
            f"{len(waiting)} message{'s' if len(waiting) > 1 else ''} of {run_count} run{'s' if run_count > 1 else ''}"
        )
        sentence = (
            f"The channel {channel} has accepted nothing for some minutes. {messages} will be tried again. "
            f"The receiver's words: {_reasons(delivery for _, delivery in waiting)}"
        )
        return Alert(
            run_id="",
            group_title="all groups",
            step=Step.DELIVER.value,
            code="nothing_accepted",
            sentence=sentence,
            rerun_command="standup doctor",
            at=self.clock(),
            heading=headings.nothing_accepted(channel),
        )

    def _accepted_again(self, channel: str, waiting_count: int) -> Alert:
        rest = f"Still waiting for the next attempt: {waiting_count}." if waiting_count else "None waits any longer."
        return Alert(
            run_id="",
            group_title="all groups",
            step=Step.DELIVER.value,
            code="accepted_again",
            sentence=f"Messages over the channel {channel} are accepted again. {rest}",
            rerun_command="",
            at=self.clock(),
            heading=headings.accepted_again(channel),
        )


def _sent_count(counts: Mapping[Field, float], channel: str) -> int:
    return int(counts.get((measures.DELIVERIES, channel, "sent"), 0))


def _is_waiting(delivery: Delivery) -> bool:
    """Tell whether a busy receiver, or one that gave no answer, is tried again."""
    is_tried_again = delivery.state == "planned" or (delivery.state == "sending" and bool(delivery.again_at))
    return is_tried_again and delivery.tries > 0 and not delivery.test


def _reasons(deliveries: Iterable[Delivery]) -> str:
    """Return the first two different reasons."""
    reasons = list(dict.fromkeys(delivery.why for delivery in deliveries if delivery.why))
    return " / ".join(reasons[:2]) or "none"
