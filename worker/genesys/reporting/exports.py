"""Export jobs on the guide's wire: started once, and asked for until there is a file."""

from __future__ import annotations

import json
from dataclasses import dataclass

import structlog

from worker.errors import RequestRefused, SourceUnavailable
from worker.genesys.answer_cache import ANSWER_SECONDS, AnswerCache
from worker.genesys.api.session import Answer, Session
from worker.genesys.api.shapes import GuideExport, read
from worker.genesys.reporting.definitions import Definition
from worker.genesys.source import Order

START_ROUTE = "/api/v2/reporting/reports/{reportId}/export"
EXPORT_ROUTE = "/api/v2/reporting/exports/{exportId}"

_COMPLETED = "completed"
_PROCESSING = ("processing", "submitted", "running", "queued", "pending")
_FAILED = ("failed", "cancelled", "canceled")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ExportLook:
    """The state of an export: completed (``export``), ``waiting`` with its reason, or ``failed`` with its reason."""

    export: GuideExport | None = None
    waiting: str = ""
    failed: str = ""


class ReportExports:
    """Starts and finds exports of one organisation."""

    def __init__(self, session: Session, cache: AnswerCache) -> None:
        self._session = session
        self._cache = cache

    def start(self, order: Order, definition: Definition) -> str:
        """Return the id of the definition's export: of a new one, or of the one that this order started already."""

        def ask() -> str:
            body = definition.body(order.window, order.zone)
            answer = self._session.post(START_ROUTE, body, ids={"reportId": definition.report_id})
            return read(GuideExport, answer.body, answer.label).export_id

        return self._cache.get_or_ask(ask, ANSWER_SECONDS, *_start_key(order, definition))

    def forget(self, order: Order, definition: Definition) -> None:
        """Let the next `start` start a new export."""
        self._cache.forget(*_start_key(order, definition))

    def look(self, export_id: str) -> ExportLook:
        """Ask, unless the export is known to be completed. 404 and 503 mean that it does not exist yet."""
        stored = self._cache.get("report-export", export_id)
        if stored is not None:
            return ExportLook(read(GuideExport, stored, "A kept export"))
        return self.ask(export_id)

    def ask(self, export_id: str) -> ExportLook:
        """Ask in any case: a completed export comes with a fresh download link."""
        try:
            answer = self._session.get(EXPORT_ROUTE, ids={"exportId": export_id})
        except (RequestRefused, SourceUnavailable) as error:
            if isinstance(error, RequestRefused) and error.status != 404:
                raise
            return ExportLook(waiting=f"not there yet ({error.problem})")
        return self._understood(export_id, answer)

    def _understood(self, export_id: str, answer: Answer) -> ExportLook:
        export = read(GuideExport, answer.body, answer.label)
        status = export.status.casefold()
        if status == _COMPLETED:
            self._cache.put(dict(answer.body), ANSWER_SECONDS, "report-export", export_id)
            return ExportLook(export)
        state = export.status[:40]
        if status in _FAILED:
            reason = f" ({str(export.error)[:200]})" if export.error else ""
            return ExportLook(failed=f"{answer.label}: the export ended {state!r}{reason}.")
        if status not in _PROCESSING:
            _log.warning("unknown_export_state", export_id=export_id, state=state)
        return ExportLook(waiting=state)


def _start_key(order: Order, definition: Definition) -> tuple[str, ...]:
    body = json.dumps(definition.body(order.window, order.zone), sort_keys=True)
    return ("report-start", order.name, definition.report_id, body)
