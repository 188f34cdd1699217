"""The source on the public reporting-exports API: half-hours of queues from one view, agents' times from another.

The groups of a morning share their exports: the first run starts each, one look at the list answers all, and each file
is downloaded and read once. If an export for several groups is refused or fails permanently, each group asks alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import structlog

from worker.domain.clock import Clock
from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, Gap, Rows, gap
from worker.errors import ExportFailed, PermanentError, SourceUnavailable
from worker.genesys.adherence.figures import AgentAdherence
from worker.genesys.adherence.job import AdherenceJobs
from worker.genesys.answer_cache import AnswerCache, Answers
from worker.genesys.api.downloads import JSON_FILE_LIMIT, Downloads
from worker.genesys.api.session import Session
from worker.genesys.api.wire import MEGABYTE
from worker.genesys.exports.catalogue import ViewCatalogue
from worker.genesys.exports.job_status import COMPLETED, Decision, ExportEntity, decide
from worker.genesys.exports.jobs import ExportJobs, base_name
from worker.genesys.exports.progress import ADHERENCE, PDF, SOURCE, Progress
from worker.genesys.exports.shares import ExportShare, ShareFetcher
from worker.genesys.exports.starter import ExportStarter
from worker.genesys.gaps import early_fetch_gaps, percent_only_gaps
from worker.genesys.lookups.queues import Lookups, common_threshold_seconds, memberships, objectives
from worker.genesys.queries.agents import agent_days, without_name
from worker.genesys.sharing.plan import RequestPlanner, Sharing
from worker.genesys.source import ExportJob, Order

PDF_LIMIT = 20 * MEGABYTE

_log = structlog.get_logger(__name__)


class ExportsSource:
    """Implements `worker.genesys.source.Source` and `WithPdf`.

    ``sharing`` says with which runs answers are shared.
    """

    def __init__(self, session: Session, answers: Answers, clock: Clock, sharing: Sharing | None = None) -> None:
        self._clock = clock
        self._sharing = sharing or Sharing()
        cache = AnswerCache(answers, session.organisation.client_key, self._sharing.flights)
        self._lookups = Lookups(session, cache)
        planner = RequestPlanner(cache, self._lookups, self._sharing.companions)
        self._jobs = ExportJobs(session, cache, Downloads(session))
        self._starter = ExportStarter(cache, self._jobs, planner, ViewCatalogue(session, cache))
        self._fetcher = ShareFetcher(cache, self._jobs, self._starter)
        self._adherence = AdherenceJobs(session, cache, Downloads(session, limit=JSON_FILE_LIMIT), planner.units_plan)

    def start(self, order: Order) -> ExportJob:
        """Start the exports and the adherence job, or join those of the morning or of an earlier attempt.

        Raises `LookupFailed` before anything is started.
        """
        progress = Progress(self._starter.start_all(order))
        progress.update_adherence(self._adherence.start(order))
        words = f"{len(list(progress.exports()))} exports started"
        return ExportJob(SOURCE, "running", progress.ids, words, memory=progress.memory)

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once for the state of the exports. `ExportFailed` if one has ended without a file. 503 means "not yet".

        The next look restarts an export that failed for a temporary reason, twice at most. The source's own PDF never
        fails a run, and gets only a few more looks.
        """
        progress = Progress(job.ids, job.memory)
        if progress.to_restart():
            progress.started(self._starter.start_some(order, progress.to_restart()))
        try:
            entities = self._entities(progress)
        except SourceUnavailable as error:
            word = f"not there yet ({error.problem})"
            return ExportJob(SOURCE, "running", progress.ids, word, memory=progress.memory)
        self._starter.forget(entities.values())
        decisions = {key: decide(entities.get(progress.ids[key]), progress.restarts(key)) for key in progress.exports()}
        failed = {key: decision for key, decision in decisions.items() if decision.state == "failed" and key != PDF}
        if failed:
            names = {base_name(entities[progress.ids[key]]) for key in failed}
            return self._failed(order, progress, failed.values(), names)
        for key, decision in decisions.items():
            if decision.state == "restart":
                progress.schedule_restart(key)
        progress.update_adherence(self._adherence.look(order, progress.adherence))
        return _job_after_look(progress, decisions)

    def collect(self, order: Order, job: ExportJob) -> Rows:
        """Download and read the files, unless another run of the morning has, and add adherence to the agents."""
        progress = Progress(job.ids, job.memory)
        queues = self._lookups.queues(order.queues)
        entities = self._entities(progress)
        shares = list(self._fetcher.shares(order, progress, entities))
        adherence = self._adherence.result(order, progress.adherence)
        intervals = tuple(row for share in shares for row in share.intervals)
        agents = self._agents(*memberships(self._lookups, queues), shares, adherence.agents)
        fetched_at = min((share.created for share in shares if share.created), default=self._clock())
        gaps = dict.fromkeys((*(gap for share in shares for gap in share.gaps), *_without_communicating(shares)))
        self._sharing.on_shared(sum(share.asked_by != order.name for share in shares) + adherence.shared)
        return Rows(
            queues=tuple(decision.queue for decision in queues),
            intervals=intervals,
            agents=agents,
            gaps=(
                *gaps,
                *adherence.gaps,
                *percent_only_gaps(intervals, agents),
                *early_fetch_gaps(order.window, fetched_at),
            ),
            notes=(*(share.note for share in shares), *adherence.notes),
            service_level_seconds=common_threshold_seconds(queues, order.media),
            objectives=objectives(queues, order.media),
            fetched_at=fetched_at,
        )

    def pdf(self, order: Order, job: ExportJob) -> bytes | None:
        """Return the source's own PDF, or None if the order asks for none or the source has no usable one."""
        export_id = job.ids.get(PDF, "") if order.source_pdf else ""
        entity = self._jobs.look([export_id]).get(export_id) if export_id else None
        if entity is None or entity.status not in COMPLETED:
            return None
        try:
            with self._jobs.file(entity) as file:
                content = file.read(PDF_LIMIT + 1)
        except PermanentError as error:
            _log.warning("no_source_pdf", export_id=entity.id, because=error.code)
            return None
        if content.startswith(b"%PDF-") and len(content) <= PDF_LIMIT:
            return content
        _log.warning("no_usable_source_pdf", export_id=entity.id, size=len(content))
        return None

    def _entities(self, progress: Progress) -> Mapping[str, ExportEntity]:
        return self._jobs.look([progress.ids[key] for key in progress.exports()])

    def _failed(self, order: Order, progress: Progress, failed: Iterable[Decision], names: Iterable[str]) -> ExportJob:
        """Replace a failed export for several orders by one of this order alone. Its own failed export ends the run."""
        if all(name.startswith(f"{order.name}-") for name in names):
            raise ExportFailed(
                " ".join(decision.word for decision in failed),
                way_out=" ".join(dict.fromkeys(decision.way_out for decision in failed)),
            )
        progress.replace_exports(self._starter.start_alone(order))
        words = "failed for several groups, started for this group alone"
        return ExportJob(SOURCE, "running", progress.ids, words, memory=progress.memory)

    def _agents(
        self,
        members: Mapping[str, list[str]],
        names: dict[str, str],
        shares: Iterable[ExportShare],
        adherence: Mapping[str, AgentAdherence],
    ) -> tuple[AgentDay, ...]:
        names |= self._lookups.names(without_name(names))
        times = {user: spent for share in shares for user, spent in share.times.items()}
        days = agent_days(members, names, times, adherence)
        if all(share.knows_communicating for share in shares):
            return days
        return tuple(replace(day, communicating_ms=None) for day in days)


def _job_after_look(progress: Progress, decisions: Mapping[str, Decision]) -> ExportJob:
    """Return the job after a look at which no export has failed."""
    waiting = {key: decision.word for key, decision in decisions.items() if decision.state in ("wait", "restart")}
    if progress.adherence.state == "running":
        waiting[ADHERENCE] = "running"
    running = bool(waiting) and (set(waiting) != {PDF} or progress.may_wait_for_pdf())
    words = (f"{key}: {word}" for key, word in waiting.items())
    return ExportJob(
        SOURCE,
        "running" if running else "done",
        progress.ids,
        "; ".join(words) or "COMPLETED",
        dispensable=set(waiting) <= {PDF, ADHERENCE},
        memory=progress.memory,
    )


def _without_communicating(shares: Iterable[ExportShare]) -> Iterator[Gap]:
    """Yield a gap if a file lacks communicating time, without which an occupancy would be too high."""
    if not all(share.knows_communicating for share in shares):
        yield gap("unavailable", GapText.COMMUNICATING_MISSING, Metric.OCCUPANCY.value)
