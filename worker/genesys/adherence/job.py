"""The bulk adherence job: started, looked at, fetched. The figures are optional: without a licence they are a gap.

Groups of a morning share a job, and one look at it answers all; where it is refused or fails, each starts its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import structlog

from worker.domain.metrics import Metric
from worker.domain.rows import Gap, SourceNote
from worker.errors import PermissionMissing, RequestRefused, SourceUnavailable
from worker.genesys import adherence
from worker.genesys.adherence.files import JOB_ROUTE, ROUTE, AdherenceFiles, bulk_of
from worker.genesys.api.downloads import Downloads
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Shape, read
from worker.genesys.lookups.cache import SHARED_SECONDS, Kept
from worker.genesys.sharing.plan import Batch, Part, Plan, units_alone
from worker.genesys.sharing.splitting import Parting
from worker.genesys.source import ExportJob, Order

UNITS = 100
"""Management units in one job; a group's own are never spread over two."""


def batch_of(plan: Plan, name: str) -> Batch:
    """The units that are asked with this order's: those of whole orders, so many at a time."""
    packs: list[list[Part]] = [[]]
    for part in plan.parts:
        if packs[-1] and len(_units([*packs[-1], part])) > UNITS:
            packs.append([])
        packs[-1].append(part)
    number, pack = next((n, pack) for n, pack in enumerate(packs) if any(part.name == name for part in pack))
    return Batch(plan, "management_units", number, _units(pack))


def _units(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit for part in parts for unit in part.management_units))


SOURCE = "queries"

LOOK_SECONDS = 4.0
"""Chains that look at the same moment share the answer; less than the shortest wait between two looks of one chain."""

_JOB = "adherence_job"
_REFUSED = "adherence_refused"
_APART = "apart"
_RUNNING_STATES = ("Processing", "Unknown")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AdherenceResult:
    """Figures by user id, with what is missing and what was asked; ``shared``: how much of it another run asked for."""

    agents: dict[str, adherence.AgentAdherence]
    gaps: tuple[Gap, ...]
    notes: tuple[SourceNote, ...] = ()
    shared: int = 0


class _Standing(Shape):
    """How a job stands, and the word for the operator."""

    status: str
    word: str


class AdherenceJobs:
    """Asks one organisation for historical adherence; ``plan_of`` says with which orders an order is asked."""

    def __init__(
        self, session: Session, kept: Kept, downloads: Downloads, plan_of: Callable[[Order], Plan] | None = None
    ) -> None:
        self._session = session
        self._kept = kept
        self._files = AdherenceFiles(session, kept, downloads)
        self._parting = Parting(kept)
        self._plan_of = plan_of or units_alone

    def start(self, order: Order) -> ExportJob:
        """Start the job, or join the one that this order, or another of its plan, started already."""
        if not order.management_units:
            return ExportJob(SOURCE, "done")
        ids = self._started(order)
        job_id = ids.get(_JOB)
        running = bool(job_id) and not self._files.known(str(job_id))
        progress = "adherence: Processing" if running else ""
        return ExportJob(SOURCE, "running" if running else "done", ids, progress, dispensable=True)

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once; 404 and 503 mean "not yet", a failed calculation is a gap and no error."""
        job_id = job.ids.get(_JOB)
        if job.state == "done" or not job_id:
            return ExportJob(SOURCE, "done", job.ids, job.progress)
        standing = self._ask(job_id) if self._plan_of(order).alone else self._standing(job_id)
        if standing.status == "Error":
            return self._failed(order, job_id)
        state: Literal["running", "done"] = "done" if standing.status == "Complete" else "running"
        return ExportJob(SOURCE, state, job.ids, f"adherence: {standing.word}", dispensable=state == "running")

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

    def _started(self, order: Order) -> Mapping[str, str]:
        plan = self._plan_of(order)
        batch = batch_of(plan, order.name)
        if not plan.alone and not self._parting.apart(batch):
            ids = self._start_once(order, batch)
            if _APART not in ids:
                return ids
        return self._start_once(order, batch_of(plan.just(order.name), order.name))

    def _start_once(self, order: Order, batch: Batch) -> Mapping[str, str]:
        return self._kept.once(lambda: self._post(order, batch), batch.plan.lifetime_seconds, *batch.key)

    def _post(self, order: Order, batch: Batch) -> dict[str, str]:
        try:
            with self._parting.watching(batch):
                answer = self._session.post(ROUTE, adherence.bulk_query(order.window, order.zone, batch.ids))
        except PermissionMissing as error:
            return _refused(batch, f"Adherence cannot be had: the permission {error.permission} is missing.")
        except RequestRefused as error:
            if error.status != 404 and batch.plan.alone:
                raise
            what = "Adherence cannot be had: the organisation has no workforce management, or no such unit."
            return _refused(batch, what)
        bulk = bulk_of(answer)
        job_id = bulk.job.id if bulk.job else answer.correlation_id or order.name
        if answer.status != 202:
            self._files.keep(job_id, bulk)
        elif not batch.plan.alone:
            # the answer is a look as well: all who share the job have seen it
            self._keep_look(job_id, _Standing(status="Unknown", word="just started"))
        return {_JOB: job_id}

    def _standing(self, job_id: str) -> _Standing:
        """The answer of whoever looked last, if that was just now."""
        key = ("adherence-look", job_id)
        kept = self._kept.get(*key)
        if kept is None:
            with self._kept.flight(*key):
                kept = self._kept.get(*key) or self._keep_look(job_id, self._ask(job_id))
        return read(_Standing, kept, "A kept standing")

    def _keep_look(self, job_id: str, standing: _Standing) -> object:
        kept = standing.model_dump(by_alias=True)
        lifetime = SHARED_SECONDS if standing.status in ("Complete", "Error") else LOOK_SECONDS
        self._kept.put(kept, lifetime, "adherence-look", job_id)
        return kept

    def _ask(self, job_id: str) -> _Standing:
        try:
            bulk = bulk_of(self._session.get(JOB_ROUTE, ids={"jobId": job_id}))
        except (RequestRefused, SourceUnavailable) as error:
            if isinstance(error, RequestRefused) and error.status != 404:
                raise
            return _Standing(status="Unknown", word=f"not there yet ({error.what})")
        status = (bulk.job.status if bulk.job else None) or "Unknown"
        if status == "Complete":
            self._files.keep(job_id, bulk)
        elif status not in (*_RUNNING_STATES, "Error"):
            _log.warning("unknown_job_state", route=JOB_ROUTE, state=status[:40])
        return _Standing(status=status, word=status[:40])

    def _failed(self, order: Order, job_id: str) -> ExportJob:
        """A job of several orders is given up for one of this order alone; an own one is a gap."""
        plan = self._plan_of(order)
        own = batch_of(plan.just(order.name), order.name)
        if plan.alone or self._job_of(own) == job_id:
            self._kept.forget(*own.key)
            return ExportJob(SOURCE, "done", {_REFUSED: "Genesys failed to calculate adherence."}, "adherence: Error")
        self._kept.put({_APART: "Error"}, plan.lifetime_seconds, *batch_of(plan, order.name).key)
        return self.start(order)

    def _job_of(self, batch: Batch) -> str:
        ids = self._kept.get(*batch.key)
        return str(ids.get(_JOB, "")) if isinstance(ids, dict) else ""

    def _fetched(self, order: Order, job_id: str) -> AdherenceResult:
        plan = self._plan_of(order)
        batch = batch_of(plan, order.name)
        if self._job_of(batch) != job_id:
            batch = batch_of(plan.just(order.name), order.name)
        share = self._files.share(batch, order.name, job_id)
        agents = adherence.by_agent(share.files)
        there = {file.management_unit_id for file in share.files}
        missing = [unit for unit in order.management_units if unit not in there]
        gaps = tuple(_missing_unit(unit) for unit in missing) if None not in there else ()
        note = SourceNote("adherence", job_id, len(agents), "Complete" if not gaps else "partial")
        return AdherenceResult(agents, gaps, (note,), int(share.asked_by != order.name))


def _refused(batch: Batch, what: str) -> dict[str, str]:
    """For one order a gap; for several a reason to ask one by one."""
    return {_REFUSED if batch.plan.alone else _APART: what}


def _unavailable(detail: str, job_id: str = "", status: str = "") -> AdherenceResult:
    notes = (SourceNote("adherence", job_id, 0, status),) if job_id else ()
    return AdherenceResult({}, (Gap("unavailable", detail, Metric.ADHERENCE.value),), notes)


def _missing_unit(unit: str) -> Gap:
    return Gap("partial", f"The adherence result lacks the management unit {unit}.", Metric.ADHERENCE.value)
