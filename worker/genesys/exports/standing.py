"""How an export job stands, and what is done about one that ended badly. Pure.

A job that failed for a passing reason is started anew at the next look, twice at most; one that failed for a lasting
reason, or was cancelled, ends the run with the reason and the way out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

import structlog

from worker.genesys.api.shapes import Amount, Shape


class Reason(NamedTuple):
    """``means`` goes on "the export failed: …". A ``passing`` one is started anew by itself, twice at most."""

    means: str
    way_out: str
    passing: bool = False


_LATER = "It was started anew and failed again; run the briefing later, and look at status.mypurecloud.com."
_SUPPORT = "Run the briefing again; if that fails too, give the export's id to Genesys' support."
_FEWER = "Give the group fewer queues, or split it into two groups."
_NOT_OURS = "We ask for nothing of the kind: look in Genesys for who changed the export, then run the briefing again."

REASONS = {
    "FAILED_CONVERTING_EXPORT_JOB": Reason("the platform could not make sense of its own job", _SUPPORT),
    "FAILED_NO_DATA_EXPORT_JOB_FOUND": Reason("the job was gone when the platform wanted to work on it", _SUPPORT),
    "FAILED_GETTING_DATA_FROM_SERVICE": Reason("the service behind the view gave no data", _LATER, True),
    "FAILED_GENERATING_TEMP_FILE": Reason("the platform could not write its file", _LATER, True),
    "FAILED_SAVING_FILE_TO_S3": Reason("the platform could not store its file", _LATER, True),
    "FAILED_NOTIFYING_SKYWALKER_OF_DOWNLOAD": Reason(
        "the platform's download service did not take the file", _LATER, True
    ),
    "FAILED_BUILDING_DOWNLOAD_URL_FROM_SKYWALKER_RESPONSE": Reason(
        "the platform's download service gave no link", _LATER, True
    ),
    "FAILED_CONVERTING_EXPORT_JOB_TO_QUEUE_PERFORMANCE_JOB": Reason(
        "the platform could not make a queue performance job of it",
        "Check that all queues of the group still exist; then run the briefing again.",
    ),
    "EXPORT_TYPE_NOT_IMPLEMENTED": Reason(
        "the platform does not export this view",
        'Use source = "queries" for this group; it needs no export.',
    ),
    "REACHED_MAXIMUM_ATTEMPT_OF_RETRY": Reason(
        "the platform tried several times and gave up",
        "Run the briefing later, and look at status.mypurecloud.com.",
    ),
    "FAILED_LONG_RUNNING_EXPORT": Reason("it took longer than the platform allows", _LATER, True),
    "TOO_MANY_REQUESTS_FROM_AN_ORGANIZATION": Reason(
        "the organisation has too many exports under way",
        "It was started anew and failed again; look in Genesys for exports of others at this time, then run it again.",
        True,
    ),
    "FAILED_AS_EXPORT_FILE_SIZE_IS_GREATER_THAN_10MB": Reason("its file is larger than 10 MB", _FEWER),
    "NOT_AUTHORIZED_TO_VIEW_EXPORT": Reason(
        "the OAuth client may not see what it asks for",
        "Grant analytics:dataExport:view and the view's own permissions to the client's role, in all divisions of the "
        "group's queues.",
    ),
    "STATIC_LINK_EXPORT_FAILED": Reason("its static link could not be made", _NOT_OURS),
    "TOO_MANY_SEARCH_CRITERIA": Reason("it names too many queues or agents", _FEWER),
    "SEARCH_CRITERIA_VALUES_EXCEED_LIMIT": Reason("it names more queues or agents than the view takes", _FEWER),
    "EXPORT_EMAIL_FILE_SIZE_EXCEEDED_LIMIT": Reason("its file is too large to be mailed by the platform", _NOT_OURS),
    "CIRCUIT_BREAKER_OPEN_FOR_VIEW_TYPE": Reason(
        "the platform has closed this view for a while, to protect itself", _LATER, True
    ),
    "BAD_REQUEST_SCHEDULED_RUN": Reason("its schedule is wrong", _NOT_OURS),
}
"""By ``exportErrorMessagesType``. Which of them pass by themselves is our judgement; the platform does not say."""

UNTOLD = Reason("the platform gives no reason", _SUPPORT)


def reason_of(name: str | None) -> Reason:
    """What a reason means; a name that is not known yet is shown and taken for lasting."""
    if not name:
        return UNTOLD
    return REASONS.get(name, Reason("a reason that is not known here", _SUPPORT))


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
