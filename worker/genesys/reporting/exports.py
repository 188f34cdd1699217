"""Export jobs on the guide's wire: started once, looked at until there is a file."""

from __future__ import annotations

import json
from dataclasses import dataclass

import structlog

from worker.errors import RequestRefused, SourceUnavailable
from worker.genesys.api.session import Answer, Session
from worker.genesys.api.shapes import GuideExport, read
from worker.genesys.lookups.cache import ANSWER_SECONDS, Kept
from worker.genesys.reporting.definitions import Definition
from worker.genesys.source import Order

START_ROUTE = "/api/v2/reporting/reports/{reportId}/export"
EXPORT_ROUTE = "/api/v2/reporting/exports/{exportId}"

_COMPLETED = "completed"
_PROCESSING = ("processing", "submitted", "running", "queued", "pending")
_FAILED = ("failed", "cancelled", "canceled")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """How an export stands: completed (``export``), not yet (``waiting`` says why), or ``failed`` with its reason."""

    export: GuideExport | None = None
    waiting: str = ""
    failed: str = ""


class ReportExports:
    """Asks one organisation for exports."""

    def __init__(self, session: Session, kept: Kept) -> None:
        self._session = session
        self._kept = kept

    def start(self, order: Order, definition: Definition) -> str:
        """The id of the definition's export: of a new one, or of the one that this order started already."""

        def ask() -> str:
            body = definition.body(order.window, order.zone)
            answer = self._session.post(START_ROUTE, body, ids={"reportId": definition.report_id})
            return read(GuideExport, answer.body, answer.where).export_id

        return self._kept.once(ask, ANSWER_SECONDS, *_start_key(order, definition))

    def forget(self, order: Order, definition: Definition) -> None:
        """Let the next `start` be a new export."""
        self._kept.forget(*_start_key(order, definition))

    def look(self, export_id: str) -> Look:
        """Ask, unless it is known to be completed. 404 and 503 mean that it is not there yet."""
        kept = self._kept.get("report-export", export_id)
        if kept is not None:
            return Look(read(GuideExport, kept, "A kept export"))
        return self.ask(export_id)

    def ask(self, export_id: str) -> Look:
        """Ask, whatever is known: a completed export comes with a fresh download link."""
        try:
            answer = self._session.get(EXPORT_ROUTE, ids={"exportId": export_id})
        except (RequestRefused, SourceUnavailable) as error:
            if isinstance(error, RequestRefused) and error.status != 404:
                raise
            return Look(waiting=f"not there yet ({error.what})")
        return self._understood(export_id, answer)

    def _understood(self, export_id: str, answer: Answer) -> Look:
        export = read(GuideExport, answer.body, answer.where)
        status = export.status.casefold()
        if status == _COMPLETED:
            self._kept.put(dict(answer.body), ANSWER_SECONDS, "report-export", export_id)
            return Look(export)
        shown = export.status[:40]
        if status in _FAILED:
            reason = f" ({str(export.error)[:200]})" if export.error else ""
            return Look(failed=f"{answer.where}: the export ended {shown!r}{reason}.")
        if status not in _PROCESSING:
            _log.warning("unknown_export_state", export_id=export_id, state=shown)
        return Look(waiting=shown)


def _start_key(order: Order, definition: Definition) -> tuple[str, ...]:
    body = json.dumps(definition.body(order.window, order.zone), sort_keys=True)
    return ("report-start", order.name, definition.report_id, body)
