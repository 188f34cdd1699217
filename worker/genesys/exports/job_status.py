"""The state of an export job, and what to do about one that failed. Pure.

A job that failed for a temporary reason is restarted by the next look, twice at most. A job that failed for a permanent
reason, or was cancelled, ends the run with the reason and the way out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

import structlog

from worker.genesys.api.shapes import Amount, Shape


class Reason(NamedTuple):
    """``means`` continues "the export failed: …". After a ``temporary`` reason the export is restarted."""

    means: str
    way_out: str
    temporary: bool = False


_LATER = "It was restarted and failed again. Run the briefing later, and look at status.mypurecloud.com."
_SUPPORT = "Run the briefing again. If that fails too, give the export's id to Genesys' support."
_FEWER = "Give the group fewer queues, or split it into two groups."
_NOT_OURS = "The system does not ask for this. Look in Genesys for who changed the export, then run the briefing again."

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
        "Check that all queues of the group still exist. Then run the briefing again.",
    ),
    "EXPORT_TYPE_NOT_IMPLEMENTED": Reason(
        "the platform does not export this view",
        'Use source = "queries" for this group. It needs no export.',
    ),
    "REACHED_MAXIMUM_ATTEMPT_OF_RETRY": Reason(
        "the platform tried several times and gave up",
        "Run the briefing later, and look at status.mypurecloud.com.",
    ),
    "FAILED_LONG_RUNNING_EXPORT": Reason("it took longer than the platform allows", _LATER, True),
    "TOO_MANY_REQUESTS_FROM_AN_ORGANIZATION": Reason(
        "the organisation has too many exports under way",
        "It was restarted and failed again. Look in Genesys for other exports at this time, then run it again.",
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
"""By ``exportErrorMessagesType``. Which of them are temporary is our judgement, because the platform does not say."""

NO_REASON = Reason("the platform gives no reason", _SUPPORT)


def reason_of(name: str | None) -> Reason:
    """Return the meaning of a reason. An unknown name is shown and treated as permanent."""
    if not name:
        return NO_REASON
    return REASONS.get(name, Reason("a reason that is not known here", _SUPPORT))


RESTARTS = 2
"""With the first that makes three attempts."""

COMPLETED = ("COMPLETED", "COMPLETED_WITH_PARTIAL_RESULTS")
_UNDER_WAY = ("SUBMITTED", "RUNNING", "CANCELLING")
_log = structlog.get_logger(__name__)


class ExportEntity(Shape):
    """An export job as the platform lists it."""

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
        """Whether the job ended without a file."""
        return self.status in ("FAILED", "CANCELLED")

    @property
    def partial(self) -> bool:
        """Whether the platform says that rows are missing."""
        return self.status == "COMPLETED_WITH_PARTIAL_RESULTS"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a job: ``wait``, take its file (``done``), ``restart`` it, or give up (``failed``).

    ``word`` is a text for the operator. With ``failed`` it is a whole sentence, and ``way_out`` says what to do.
    """

    state: Literal["wait", "done", "restart", "failed"]
    word: str
    way_out: str = ""


def decide(entity: ExportEntity | None, restarts: int) -> Decision:
    """Decide what to do about a job. None is a job that the list does not have yet."""
    if entity is None:
        return Decision("wait", "not listed yet")
    if entity.status in COMPLETED:
        return Decision("done", entity.status)
    if entity.status == "CANCELLED":
        problem = f"The export {entity.name or entity.id} was cancelled in Genesys."
        return Decision("failed", problem, "Run the briefing again. It starts a new export.")
    if entity.status == "FAILED":
        return _failed(entity, restarts)
    if entity.status not in _UNDER_WAY:
        _log.warning("unknown_export_state", export_id=entity.id, state=entity.status[:40])
    share = f" {entity.percentage_complete:.0f} %" if entity.percentage_complete is not None else ""
    return Decision("wait", entity.status[:40] + share)


def _failed(entity: ExportEntity, restarts: int) -> Decision:
    name = (entity.export_error_messages_type or "no reason")[:80]
    reason = reason_of(entity.export_error_messages_type)
    if reason.temporary and restarts < RESTARTS:
        return Decision("restart", f"failed ({name}), is restarted")
    attempts = f" after {restarts + 1} attempts" if restarts else ""
    problem = f"The export {entity.name or entity.id} failed{attempts}: {name}, {reason.means}."
    return Decision("failed", problem, reason.way_out)
