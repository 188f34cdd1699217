"""The bulk adherence job: started, looked at, fetched. The figures are optional: without a licence they are a gap."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from worker.domain.metrics import Metric
from worker.domain.rows import Gap, SourceNote
from worker.errors import PermissionMissing, RequestRefused, SourceUnavailable
from worker.genesys import adherence
from worker.genesys.downloads import Downloads, LinkExpired
from worker.genesys.kept import ANSWER_SECONDS, Kept
from worker.genesys.session import Answer, Session
from worker.genesys.shapes import AdherenceFile, BulkAdherence, read
from worker.genesys.source import ExportJob, Order

ROUTE = "/api/v2/workforcemanagement/adherence/historical/bulk"
JOB_ROUTE = f"{ROUTE}/jobs/{{jobId}}"
SOURCE = "queries"

_JOB = "adherence_job"
_REFUSED = "adherence_refused"
_RUNNING_STATES = ("Processing", "Unknown")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AdherenceResult:
    """Figures by user id, with what is missing and what was asked."""

    agents: dict[str, adherence.AgentAdherence]
    gaps: tuple[Gap, ...]
    notes: tuple[SourceNote, ...] = ()


class AdherenceJobs:
    """Asks one organisation for historical adherence."""

    def __init__(self, session: Session, kept: Kept, downloads: Downloads) -> None:
        self._session = session
        self._kept = kept
        self._downloads = downloads

    def start(self, order: Order) -> ExportJob:
        """Start the job, or join the one that this order started already."""
        if not order.management_units:
            return ExportJob(SOURCE, "done")
        ids = self._kept.once(lambda: self._post(order), ANSWER_SECONDS, *_start_key(order))
        job_id = ids.get(_JOB)
        running = bool(job_id) and self._kept.get("adherence-files", str(job_id)) is None
        progress = "adherence: Processing" if running else ""
        return ExportJob(SOURCE, "running" if running else "done", ids, progress, dispensable=True)

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once; 404 and 503 mean "not yet", a failed calculation is a gap and no error."""
        job_id = job.ids.get(_JOB)
        if job.state == "done" or not job_id:
            return ExportJob(SOURCE, "done", job.ids, job.progress)
        try:
            answer = self._session.get(JOB_ROUTE, ids={"jobId": job_id})
        except (RequestRefused, SourceUnavailable) as error:
            if isinstance(error, RequestRefused) and error.status != 404:
                raise
            return ExportJob(SOURCE, "running", job.ids, f"adherence: not there yet ({error.what})", dispensable=True)
        return self._stands(order, job, answer)

    def result(self, order: Order, job: ExportJob) -> AdherenceResult:
        """The figures of a job that is done; of one that is not, a gap."""
        refused = job.ids.get(_REFUSED)
        if not order.management_units:
            return _unavailable("No management unit is named for this group, so adherence is not known.")
        if refused:
            return _unavailable(refused)
        job_id = job.ids.get(_JOB, "")
        if job.state != "done":
            return _unavailable("The adherence calculation was not done in time.", job_id, "Processing")
        return self._fetched(order, job_id)

    def _post(self, order: Order) -> dict[str, str]:
        query = adherence.bulk_query(order.window, order.zone, order.management_units)
        try:
            answer = self._session.post(ROUTE, query)
        except PermissionMissing as error:
            return {_REFUSED: f"Adherence cannot be had: the permission {error.permission} is missing."}
        except RequestRefused as error:
            if error.status != 404:
                raise
            return {_REFUSED: "Adherence cannot be had: the organisation has no workforce management, or no such unit."}
        bulk = _bulk(answer)
        job_id = bulk.job.id if bulk.job else answer.correlation_id or order.name
        if answer.status != 202:
            self._keep_files(job_id, bulk)
        return {_JOB: job_id}

    def _stands(self, order: Order, job: ExportJob, answer: Answer) -> ExportJob:
        bulk = _bulk(answer)
        status = (bulk.job.status if bulk.job else None) or "Unknown"
        if status == "Complete":
            self._keep_files(job.ids[_JOB], bulk)
            return ExportJob(SOURCE, "done", job.ids, "adherence: Complete")
        if status == "Error":
            self._kept.forget(*_start_key(order))
            return ExportJob(SOURCE, "done", {_REFUSED: "Genesys failed to calculate adherence."}, "adherence: Error")
        if status not in _RUNNING_STATES:
            _log.warning("unknown_job_state", route=JOB_ROUTE, state=status[:40])
        return ExportJob(SOURCE, "running", job.ids, f"adherence: {status[:40]}", dispensable=True)

    def _keep_files(self, job_id: str, bulk: BulkAdherence) -> None:
        self._kept.put(list(bulk.download_urls or ()), ANSWER_SECONDS, "adherence-files", job_id)

    def _fetched(self, order: Order, job_id: str) -> AdherenceResult:
        try:
            files = [self._file(url) for url in self._urls(job_id)]
        except LinkExpired:
            files = [self._file(url) for url in self._asked_again(job_id)]
        agents = adherence.by_agent(files)
        there = {file.management_unit_id for file in files}
        missing = [unit for unit in order.management_units if unit not in there]
        gaps = tuple(_missing_unit(unit) for unit in missing) if None not in there else ()
        status = "Complete" if not gaps else "partial"
        return AdherenceResult(agents, gaps, (SourceNote("adherence", job_id, len(agents), status),))

    def _urls(self, job_id: str) -> Iterable[str]:
        kept = self._kept.get("adherence-files", job_id)
        return map(str, kept) if isinstance(kept, list) else self._asked_again(job_id)

    def _asked_again(self, job_id: str) -> Iterable[str]:
        bulk = _bulk(self._session.get(JOB_ROUTE, ids={"jobId": job_id}))
        self._keep_files(job_id, bulk)
        return bulk.download_urls or ()

    def _file(self, url: str) -> AdherenceFile:
        content = self._kept.once(lambda: self._downloads.json(url), ANSWER_SECONDS, "adherence-file", url)
        return read(AdherenceFile, content, "The adherence file")


def _bulk(answer: Answer) -> BulkAdherence:
    return read(BulkAdherence, answer.body, answer.where)


def _start_key(order: Order) -> tuple[str, ...]:
    query = adherence.bulk_query(order.window, order.zone, order.management_units)
    return ("adherence-job", order.name, json.dumps(query, sort_keys=True))


def _unavailable(detail: str, job_id: str = "", status: str = "") -> AdherenceResult:
    notes = (SourceNote("adherence", job_id, 0, status),) if job_id else ()
    return AdherenceResult({}, (Gap("unavailable", detail, Metric.ADHERENCE.value),), notes)


def _missing_unit(unit: str) -> Gap:
    return Gap("partial", f"The adherence result lacks the management unit {unit}.", Metric.ADHERENCE.value)
