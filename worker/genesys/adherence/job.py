"""The bulk adherence job. The figures are optional: a failure of them alone is a gap, not an error.

The groups of a morning share a job, and one look at it answers all. If it is refused or fails, each group starts its
own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import structlog

from worker.domain.gap_texts import GapText, text_of
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, SourceNote, gap
from worker.errors import NotYet, PermissionMissing, RequestRefused, SourceUnavailable, StandupError, TransientError
from worker.genesys.adherence.figures import AgentAdherence, bulk_query, by_agent, impossible_agents
from worker.genesys.adherence.files import JOB_ROUTE, ROUTE, AdherenceFiles, bulk_of
from worker.genesys.answer_cache import SHARED_SECONDS, AnswerCache
from worker.genesys.api.downloads import Downloads, TargetRefused
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Shape, read
from worker.genesys.sharing.plan import Batch, Plan, PlannedOrder, units_alone
from worker.genesys.sharing.splitting import REFUSALS, BatchSplitter
from worker.genesys.source import ExportJob, Order

UNITS = 100
"""Management units in one job. The units of one group are never split between two jobs."""


def batch_of(plan: Plan, name: str) -> Batch:
    """Return the units that are asked together with this order's: those of whole orders, at most `UNITS`."""
    packs: list[list[PlannedOrder]] = [[]]
    for part in plan.parts:
        if packs[-1] and len(_units([*packs[-1], part])) > UNITS:
            packs.append([])
        packs[-1].append(part)
    number, pack = next((n, pack) for n, pack in enumerate(packs) if any(part.name == name for part in pack))
    return Batch(plan, "management_units", number, _units(pack))


def _units(parts: Iterable[PlannedOrder]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit for part in parts for unit in part.management_units))


SOURCE = "queries"

LOOK_SECONDS = 4.0
"""How long looks share an answer: less than the shortest wait between two looks of one run."""

_JOB = "adherence_job"
_REFUSED = "adherence_refused"
_SPLIT = "apart"
_METRIC = Metric.ADHERENCE.value
_REFUSALS = (GapText.ADHERENCE_NOT_PERMITTED, GapText.ADHERENCE_NOT_OFFERED, GapText.ADHERENCE_FAILED)
_RUNNING_STATES = ("Processing", "Unknown")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AdherenceResult:
    """Figures by user id, with gaps and notes. ``shared`` counts the answers that another run asked for."""

    agents: dict[str, AgentAdherence]
    gaps: tuple[Gap, ...]
    notes: tuple[SourceNote, ...] = ()
    shared: int = 0


class _JobStatus(Shape):
    """The state of a job, and a text for the operator."""

    status: str
    word: str


class AdherenceJobs:
    """Asks one organisation for historical adherence. ``plan_of`` gives the plan that an order shares."""

    def __init__(
        self, session: Session, cache: AnswerCache, downloads: Downloads, plan_of: Callable[[Order], Plan] | None = None
    ) -> None:
        self._session = session
        self._cache = cache
        self._files = AdherenceFiles(session, cache, downloads)
        self._splitter = BatchSplitter(cache)
        self._plan_of = plan_of or units_alone

    def start(self, order: Order) -> ExportJob:
        """Start the job, or join the one that this order, or another of its plan, started already."""
        if not order.management_units:
            return ExportJob(SOURCE, "done")
        ids = self._started(order)
        job_id = ids.get(_JOB)
        running = bool(job_id) and not self._files.is_finished(str(job_id))
        progress = "adherence: Processing" if running else ""
        return ExportJob(SOURCE, "running" if running else "done", ids, progress, dispensable=True)

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once. 404 and 503 mean "not yet". A failed calculation is a gap, and so is a job that is refused."""
        job_id = job.ids.get(_JOB)
        if job.state == "done" or not job_id:
            return ExportJob(SOURCE, "done", job.ids, job.progress)
        status = self._ask(job_id) if self._plan_of(order).is_single else self._shared_status(job_id)
        if status.status == "Error":
            return self._failed(order, job_id)
        state: Literal["running", "done"] = "done" if status.status == "Complete" else "running"
        return ExportJob(SOURCE, state, job.ids, f"adherence: {status.word}", dispensable=state == "running")

    def result(self, order: Order, job: ExportJob) -> AdherenceResult:
        """Return the figures of a finished job, or a gap."""
        refused = job.ids.get(_REFUSED)
        if not order.management_units:
            return _unavailable(gap("unavailable", GapText.NO_UNIT_NAMED, _METRIC))
        if refused:
            return _unavailable(_gap_of_refusal(refused))
        job_id = job.ids.get(_JOB, "")
        if job.state != "done":
            return _unavailable(gap("unavailable", GapText.ADHERENCE_LATE, _METRIC), job_id, "Processing")
        return self._collected(order, job_id)

    def _started(self, order: Order) -> Mapping[str, str]:
        plan = self._plan_of(order)
        batch = batch_of(plan, order.name)
        if not plan.is_single and not self._splitter.is_split(batch):
            ids = self._start_once(order, batch)
            if _SPLIT not in ids:
                return ids
        try:
            return self._start_once(order, batch_of(plan.single(order.name), order.name))
        except (*REFUSALS, TransientError) as error:
            return {_REFUSED: _failure(order, error)}

    def _start_once(self, order: Order, batch: Batch) -> Mapping[str, str]:
        return self._cache.get_or_ask(lambda: self._post(order, batch), batch.plan.lifetime_seconds, *batch.key)

    def _post(self, order: Order, batch: Batch) -> dict[str, str]:
        try:
            with self._splitter.guard(batch):
                answer = self._session.post(ROUTE, bulk_query(order.window, order.zone, batch.ids))
                bulk = bulk_of(answer)
        except PermissionMissing as error:
            return _refused(batch, GapText.ADHERENCE_NOT_PERMITTED.value.format(permission=error.permission))
        except REFUSALS as error:
            is_missing = isinstance(error, RequestRefused) and error.status in (403, 404)
            if batch.plan.is_single and not is_missing:
                raise
            return _refused(batch, GapText.ADHERENCE_NOT_OFFERED.value)
        job_id = bulk.job.id if bulk.job else answer.correlation_id or order.name
        if answer.status != 202:
            self._files.remember(job_id, bulk)
        elif not batch.plan.is_single:
            # the answer to the start is a look too, for all that share the job
            self._remember_status(job_id, _JobStatus(status="Unknown", word="just started"))
        return {_JOB: job_id}

    def _shared_status(self, job_id: str) -> _JobStatus:
        """Return the answer of the last look of any run if it is recent, else ask."""
        key = ("adherence-look", job_id)
        stored = self._cache.get(*key)
        if stored is None:
            with self._cache.flight(*key):
                stored = self._cache.get(*key) or self._remember_status(job_id, self._ask(job_id))
        return read(_JobStatus, stored, "A kept standing")

    def _remember_status(self, job_id: str, status: _JobStatus) -> object:
        stored = status.model_dump(by_alias=True)
        lifetime = SHARED_SECONDS if status.status in ("Complete", "Error") else LOOK_SECONDS
        self._cache.put(stored, lifetime, "adherence-look", job_id)
        return stored

    def _ask(self, job_id: str) -> _JobStatus:
        try:
            bulk = bulk_of(self._session.get(JOB_ROUTE, ids={"jobId": job_id}))
        except (*REFUSALS, SourceUnavailable) as error:
            if isinstance(error, SourceUnavailable) or (isinstance(error, RequestRefused) and error.status == 404):
                return _JobStatus(status="Unknown", word=f"not there yet ({error.problem})")
            _log.warning("no_adherence", because=error.code, error=str(error))
            return _JobStatus(status="Error", word=error.code)
        status = (bulk.job.status if bulk.job else None) or "Unknown"
        if status == "Complete":
            self._files.remember(job_id, bulk)
        elif status not in (*_RUNNING_STATES, "Error"):
            _log.warning("unknown_job_state", route=JOB_ROUTE, state=status[:40])
        return _JobStatus(status=status, word=status[:40])

    def _failed(self, order: Order, job_id: str) -> ExportJob:
        """Replace a failed job of several orders by one of this order alone. A failed job of its own is a gap."""
        plan = self._plan_of(order)
        own_batch = batch_of(plan.single(order.name), order.name)
        if plan.is_single or self._job_of(own_batch) == job_id:
            self._cache.forget(*own_batch.key)
            return ExportJob(SOURCE, "done", {_REFUSED: GapText.ADHERENCE_FAILED.value}, "adherence: Error")
        self._cache.put({_SPLIT: "Error"}, plan.lifetime_seconds, *batch_of(plan, order.name).key)
        return self.start(order)

    def _job_of(self, batch: Batch) -> str:
        ids = self._cache.get(*batch.key)
        return str(ids.get(_JOB, "")) if isinstance(ids, dict) else ""

    def _collected(self, order: Order, job_id: str) -> AdherenceResult:
        plan = self._plan_of(order)
        batch = batch_of(plan, order.name)
        if self._job_of(batch) != job_id:
            batch = batch_of(plan.single(order.name), order.name)
        try:
            share = self._files.share(batch, order.name, job_id)
        except (*REFUSALS, TransientError) as error:
            return _unavailable(_gap_of_refusal(_failure(order, error)), job_id, "failed")
        agents = by_agent(share.files)
        impossible = impossible_agents(agents, order.window)
        agents = {user_id: agent for user_id, agent in agents.items() if user_id not in impossible}
        units_received = {file.management_unit_id for file in share.files}
        missing_units = [unit for unit in order.management_units if unit not in units_received]
        gaps = tuple(_missing_unit(unit) for unit in missing_units) if None not in units_received else ()
        if impossible:
            gaps += (gap("partial", GapText.ADHERENCE_IMPOSSIBLE, _METRIC, agents=len(impossible)),)
        note = SourceNote("adherence", job_id, len(agents), "Complete" if not gaps else "partial")
        return AdherenceResult(agents, gaps, (note,), int(share.asked_by != order.name))


def _refused(batch: Batch, reason: str) -> dict[str, str]:
    """For one order a refusal is a gap. For several it is a reason to ask one by one."""
    return {_REFUSED if batch.plan.is_single else _SPLIT: reason}


def _failure(order: Order, error: StandupError) -> str:
    """Return the reason of a gap. Raise the error if another attempt may succeed, or if it names a setting."""
    may_succeed_later = isinstance(error, TransientError) and not order.is_last_attempt
    if may_succeed_later or isinstance(error, NotYet | TargetRefused):
        raise error
    _log.warning("no_adherence", because=error.code, error=str(error))
    return GapText.ADHERENCE_FAILED.value


def _gap_of_refusal(reason: str) -> Gap:
    """Return the gap for a reason as the job stores it: an English sentence, which any version can read."""
    text, values = text_of(_REFUSALS, reason) or (None, {})
    return gap("unavailable", text, _METRIC, **values) if text else Gap("unavailable", reason, _METRIC)


def _unavailable(reason: Gap, job_id: str = "", status: str = "") -> AdherenceResult:
    notes = (SourceNote("adherence", job_id, 0, status),) if job_id else ()
    return AdherenceResult({}, (reason,), notes)


def _missing_unit(unit: str) -> Gap:
    return gap("partial", GapText.UNIT_MISSING, _METRIC, unit=unit)
