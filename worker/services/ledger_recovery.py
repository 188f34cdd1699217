"""Restores the ledger's records of a day after Redis was emptied, from what is in the artifact store.

A run whose message is stored gets its record back at the last step, with its deliveries from the journal. That step
then does what is left: it sends to those who have nothing, and settles what is unknown by the channels' rules. A run
without a stored message reached no one, and beat begins it again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from worker.domain.deliveries import BUCKET, Delivery, DeliveryState, Recipient
from worker.domain.groups import Group
from worker.domain.runs import RunId, RunState, Step
from worker.services.runs import SendChain
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import MESSAGE, ArtifactDamaged, Artifacts, of_run, stored_revisions
from worker.state.files.delivery_journal import DeliveryJournal, JournalEntry
from worker.state.runs import Runs

LOST_WHILE_SENDING = "Redis lost the record while the message was being sent: ask whether it arrived"
NO_JOURNAL = "the run has no journal of deliveries, because an older version made it: ask whether it arrived"
_EARLIER_REVISION = "Redis lost this run. A later revision has a message."


@dataclass(frozen=True, slots=True)
class LostRun:
    """A run that the ledger has lost, with its deliveries. ``entry`` is None for an earlier revision without message.

    ``problem`` says why it cannot be restored.
    """

    run_id: RunId
    group: Group
    entry: JournalEntry | None = None
    problem: str = ""

    def recipients(self, *states: DeliveryState) -> list[str]:
        """Return the recipients whose deliveries are in one of these states. All are planned if none was begun."""
        if self.entry is None:
            return []
        planned = (Delivery(*address, "planned") for address in self.group.deliver.recipients)
        return [delivery.recipient for delivery in self.entry.deliveries or planned if delivery.state in states]


@dataclass(frozen=True, slots=True)
class LedgerRecovery:
    """Finds the runs that the ledger has lost, and restores them."""

    runs: Runs
    deliveries: Deliveries
    artifacts: Artifacts
    journal: DeliveryJournal
    send_chain: SendChain

    def lost_runs(self, days: Iterable[tuple[Group, date]]) -> Iterator[LostRun]:
        """Yield the lost runs of these groups and reporting days, the revisions of each in their order."""
        for group, day in days:
            first = RunId(group.key, day)
            for revision in range(1, max(stored_revisions(self.artifacts, first, MESSAGE), default=0) + 1):
                run_id = first.revised(revision)
                if self.runs.get(run_id) is None:
                    yield self._lost_run(run_id, group)

    def restore(self, lost_run: LostRun) -> bool:
        """Write the run's records and send its last step. False if the run exists by now."""
        run_id, entry = lost_run.run_id, lost_run.entry
        if entry is None:
            end = {"state": RunState.FAILED.value, "code": "ledger_lost", "sentence": _EARLIER_REVISION, "alerted": "1"}
            return self.runs.claim(run_id, "recover-ledger", **end)
        for delivery in entry.deliveries:  # before the run, so that no worker finds it without them
            self.deliveries.move(run_id, delivery, expected=("",))
        fields = {**entry.fields, "step": Step.DELIVER.value}
        if not self.runs.claim(run_id, str(fields.pop("asked_by", "beat")), **fields):
            return False
        self.runs.note(run_id, Step.DELIVER, "restored from the artifact store")
        self.send_chain(run_id, Step.DELIVER)
        return True

    def _lost_run(self, run_id: RunId, group: Group) -> LostRun:
        if not self.artifacts.exists(of_run(run_id, MESSAGE)):
            return LostRun(run_id, group)
        try:
            entry = self.journal.read(run_id)
        except ArtifactDamaged as error:
            way_out = f"Ask whether people have the briefing. `standup run {group.key} --date {run_id.reporting_day}`"
            return LostRun(run_id, group, problem=f"{error.problem} {way_out} sends it to all.")
        if entry is None:
            unknown = (_unknown(recipient) for recipient in group.deliver.recipients)
            return LostRun(run_id, group, JournalEntry({"source": group.source}, tuple(unknown)))
        return LostRun(run_id, group, replace(entry, deliveries=tuple(map(_reason_added, entry.deliveries))))


def _unknown(recipient: Recipient) -> Delivery:
    """Return a delivery of which nothing is known. A bucket can be asked, so its delivery counts as begun."""
    channel, address = recipient
    return Delivery(channel, address, "sending" if channel == BUCKET else "unknown", why=NO_JOURNAL)


def _reason_added(delivery: Delivery) -> Delivery:
    if delivery.state != "sending" or delivery.why:
        return delivery
    return replace(delivery, why=LOST_WHILE_SENDING)
