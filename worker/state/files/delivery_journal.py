"""What is known outside of Redis about who got a run, from which a ledger that was lost is restored.

Each round of deliveries writes it twice: before the first message, with everyone who is due as ``sending``, and after
the last one, also if Redis went away meanwhile. So a journal never says of a message that went out that it did not, and
it has the proofs that Redis could not take.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from worker.domain.deliveries import Delivery
from worker.domain.runs import Run, RunId
from worker.state.files.artifacts import DELIVERIES, ArtifactDamaged, ArtifactMissing, Artifacts, of_run

log = structlog.get_logger("standup.journal")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """The fields of a run, as the ledger stores them, and its deliveries."""

    fields: Mapping[str, str | int]
    deliveries: tuple[Delivery, ...]


class DeliveryJournal:
    """The journals of all runs, each an artifact beside the run's message."""

    def __init__(self, artifacts: Artifacts) -> None:
        self._artifacts = artifacts

    def begin(self, run: Run) -> None:
        """Record, before the run's message is stored, that no one has it, unless there is a journal."""
        if not self._artifacts.exists(_name(run.id)):
            self._artifacts.put(_name(run.id), _encode(run, ()))

    def write(self, run: Run, deliveries: Iterable[Delivery]) -> None:
        """Replace the run's journal. A store that is away or full does not prevent the deliveries themselves."""
        try:
            self._artifacts.put(_name(run.id), _encode(run, deliveries))
        except OSError as error:
            log.warning("the journal of deliveries is not written", run=str(run.id), error=type(error).__name__)

    def read(self, run_id: RunId) -> JournalEntry | None:
        """Return the run's journal, or None if it has none. Raises ArtifactDamaged if it cannot be read."""
        try:
            stored = json.loads(self._artifacts.get(_name(run_id)))
            deliveries = tuple(Delivery(**values) for values in stored["deliveries"])
            return JournalEntry(dict(stored["run"]), deliveries)
        except ArtifactMissing:
            return None
        except (KeyError, TypeError, ValueError) as error:
            raise ArtifactDamaged(self._artifacts.place(_name(run_id)), error) from error

    def proofs(self, run_id: RunId) -> list[Delivery]:
        """Return the deliveries that the journal has a proof of, none if it is missing or damaged."""
        try:
            entry = self.read(run_id)
        except ArtifactDamaged as error:
            log.warning("the journal of deliveries is not read", run=str(run_id), because=str(error))
            return []
        return [delivery for delivery in entry.deliveries if delivery.state == "sent"] if entry else []


def _name(run_id: RunId) -> str:
    return of_run(run_id, DELIVERIES)


def _encode(run: Run, deliveries: Iterable[Delivery]) -> bytes:
    stored = {"run": _fields(run), "deliveries": [asdict(delivery) for delivery in deliveries]}
    return json.dumps(stored, ensure_ascii=False, sort_keys=True).encode()


def _fields(run: Run) -> dict[str, Any]:
    return {
        "asked_by": run.asked_by,
        "source": run.source,
        "briefed_day": run.briefed_day.isoformat(),
        "outcome": run.outcome,
        "standup_at": run.standup_at.isoformat() if run.standup_at else "",
        "holiday_name": run.holiday_name,
        "last_business_day": run.last_business_day.isoformat() if run.last_business_day else "",
        "assumed_open": run.assumed_open,
        "requests": run.requests,
        "shared": run.shared,
        "send_unchanged": int(run.send_unchanged),
    }
