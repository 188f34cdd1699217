"""How an export job stands, and what is done about one that ended badly. Pure.

A job that failed for a passing reason is started anew at the next look, twice at most; one that failed for a lasting
reason, or was cancelled, ends the run with the reason and the way out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from worker.genesys.exports.reasons import reason_of
from worker.genesys.shapes import Amount, Shape

RESTARTS = 2
"""With the first that makes three attempts."""

COMPLETED = ("COMPLETED", "COMPLETED_WITH_PARTIAL_RESULTS")
_UNDER_WAY = ("SUBMITTED", "RUNNING", "CANCELLING")
_log = structlog.get_logger(__name__)


class Entity(Shape):
    """An export job as the platform lists it. An ``id`` is usual, ``name`` is what was asked for."""

    id: str | None = None
    name: str | None = None
    status: str
    view_type: str | None = None
    time_zone: str | None = None
    interval: str | None = None
    export_format: str | None = None
    filter: dict[str, object] | None = None
    download_url: str | None = None
    export_error_messages_type: str | None = None
    percentage_complete: Amount | None = None
    created_date_time: datetime | None = None

    @property
    def ended_badly(self) -> bool:
        """Whether there will never be a file."""
        return self.status in ("FAILED", "CANCELLED")

    @property
    def partial(self) -> bool:
        """Whether the platform says that rows are missing."""
        return self.status == "COMPLETED_WITH_PARTIAL_RESULTS"


@dataclass(frozen=True, slots=True)
class Standing:
    """What to do about a job: ``wait``, take its file (``done``), start it ``anew``, or give up (``failed``).

    ``word`` tells the operator how it stands; with ``failed`` it is a whole sentence and ``way_out`` goes with it.
    """

    state: Literal["wait", "done", "anew", "failed"]
    word: str
    way_out: str = ""


def standing(entity: Entity | None, restarts: int) -> Standing:
    """How a job stands that was started anew so often; None is one that the list does not have yet."""
    if entity is None:
        return Standing("wait", "not listed yet")
    if entity.status in COMPLETED:
        return Standing("done", entity.status)
    if entity.status == "CANCELLED":
        what = f"The export {entity.name or entity.id} was cancelled in Genesys."
        return Standing("failed", what, "Run the briefing again; it starts a new export.")
    if entity.status == "FAILED":
        return _failed(entity, restarts)
    if entity.status not in _UNDER_WAY:
        _log.warning("unknown_export_state", export_id=entity.id, state=entity.status[:40])
    share = f" {entity.percentage_complete:.0f} %" if entity.percentage_complete is not None else ""
    return Standing("wait", entity.status[:40] + share)


def _failed(entity: Entity, restarts: int) -> Standing:
    name = (entity.export_error_messages_type or "no reason")[:80]
    reason = reason_of(entity.export_error_messages_type)
    if reason.passing and restarts < RESTARTS:
        return Standing("anew", f"failed ({name}), is started anew")
    attempts = f" after {restarts + 1} attempts" if restarts else ""
    what = f"The export {entity.name or entity.id} failed{attempts}: {name}, {reason.means}."
    return Standing("failed", what, reason.way_out)
