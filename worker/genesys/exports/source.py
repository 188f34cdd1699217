"""The source on the public reporting-exports API: half-hours of queues from one view, agents' times from another.

Groups of a morning share their exports: the first run to come starts each, one look at the list answers all, and each
file is fetched and read once. Where an export for several groups is refused or fails for good, each group asks alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, Gap, Rows
from worker.errors import ExportFailed, PermanentError
from worker.genesys.adherence import AgentAdherence
from worker.genesys.adherence.job import AdherenceJobs
from worker.genesys.api.downloads import Downloads
from worker.genesys.api.session import JSON_LIMIT, Session
from worker.genesys.api.wire import MEGABYTE
from worker.genesys.exports.catalogue import Catalogue
from worker.genesys.exports.fetching import Fetching
from worker.genesys.exports.jobs import ExportJobs, base_name
from worker.genesys.exports.progress import ADHERENCE, PDF, SOURCE, Progress
from worker.genesys.exports.reading import Share
from worker.genesys.exports.standing import COMPLETED, Entity, Standing, standing
from worker.genesys.exports.starting import Starting
from worker.genesys.gaps import fetched_early, percent_only
from worker.genesys.lookups import Lookups, common_threshold_seconds, memberships
from worker.genesys.lookups.cache import Kept
from worker.genesys.queries.agents import agent_days, without_name
from worker.genesys.sharing.plan import Sharing, Together
from worker.genesys.source import Answers, ExportJob, Order

PDF_LIMIT = 20 * MEGABYTE

_log = structlog.get_logger(__name__)


class ExportsSource:
    """Implements `worker.genesys.source.Source` and `WithPdf`.

    ``clock`` gives the aware present; ``sharing``: with which runs.
    """

    def __init__(
        self, session: Session, answers: Answers, clock: Callable[[], datetime], sharing: Sharing | None = None
    ) -> None:
        self._clock = clock
        self._sharing = sharing or Sharing()
        kept = Kept(answers, session.organisation.client_key, self._sharing.flights)
        self._lookups = Lookups(session, kept)
        together = Together(kept, self._lookups, self._sharing.companions)
        self._jobs = ExportJobs(session, kept, Downloads(session))
        self._starting = Starting(kept, self._jobs, together, Catalogue(session, kept))
        self._fetching = Fetching(kept, self._jobs, self._starting)
        self._adherence = AdherenceJobs(session, kept, Downloads(session, limit=JSON_LIMIT), together.units_plan)

    def start(self, order: Order) -> ExportJob:
        """Start the exports and the adherence job, or join those of the morning, or those of an earlier attempt.

        `LookupFailed` comes before anything is started.
        """
        progress = Progress(self._starting.all(order))
        progress.keep_adherence(self._adherence.start(order))
        words = f"{len(list(progress.exports()))} exports started"
        return ExportJob(SOURCE, "running", progress.ids, words, memory=progress.memory)

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once how the exports stand; `ExportFailed` with the way out where one has ended without a file.

        An export that failed for a passing reason is started anew by the look after that, twice at most. The source's
        own PDF never fails a run, and is not waited for long.
        """
        progress = Progress(job.ids, job.memory)
        if progress.unstarted():
            progress.started(self._starting.some(order, progress.unstarted()))
        entities = self._entities(progress)
        self._starting.forget(entities.values())
        standings = {
            key: standing(entities.get(progress.ids[key]), progress.restarts(key)) for key in progress.exports()
        }
        failed = {key: one for key, one in standings.items() if one.state == "failed" and key != PDF}
        if failed:
            names = {base_name(entities[progress.ids[key]]) for key in failed}
            return self._failed(order, progress, failed.values(), names)
        for key, one in standings.items():
            if one.state == "anew":
                progress.start_anew(key)
        progress.keep_adherence(self._adherence.look(order, progress.adherence))
        return _seen(progress, standings)

    def collect(self, order: Order, job: ExportJob) -> Rows:
        """Download the files and read them, unless another run of the morning has; adherence joins the agents."""
        progress = Progress(job.ids, job.memory)
        found = self._lookups.queues(order.queues)
        entities = self._entities(progress)
        shares = list(self._fetching.shares(order, progress, entities))
        adherence = self._adherence.result(order, progress.adherence)
        intervals = tuple(row for share in shares for row in share.intervals)
        agents = self._agents(*memberships(self._lookups, found), shares, adherence.agents)
        fetched_at = min((share.created for share in shares if share.created), default=self._clock())
        gaps = dict.fromkeys((*(gap for share in shares for gap in share.gaps), *_without_communicating(shares)))
        self._sharing.on_shared(sum(share.asked_by != order.name for share in shares) + adherence.shared)
        return Rows(
            queues=tuple(one.queue for one in found),
            intervals=intervals,
            agents=agents,
            gaps=(
                *gaps,
                *adherence.gaps,
                *percent_only(intervals, agents),
                *fetched_early(order.window, fetched_at),
            ),
            notes=(*(share.note for share in shares), *adherence.notes),
            service_level_seconds=common_threshold_seconds(found, order.media),
            fetched_at=fetched_at,
        )

    def pdf(self, order: Order, job: ExportJob) -> bytes | None:
        """The source's own PDF; None where the order asks for none, or the source has none that can be used."""
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

    def _entities(self, progress: Progress) -> Mapping[str, Entity]:
        return self._jobs.look([progress.ids[key] for key in progress.exports()])

    def _failed(self, order: Order, progress: Progress, failed: Iterable[Standing], names: Iterable[str]) -> ExportJob:
        """An export for several orders is given up for one of this order alone; an own one ends the run."""
        if all(name.startswith(f"{order.name}-") for name in names):
            raise ExportFailed(
                " ".join(one.word for one in failed), way_out=" ".join(dict.fromkeys(one.way_out for one in failed))
            )
        progress.replace_exports(self._starting.alone(order))
        words = "failed for several groups, started for this one alone"
        return ExportJob(SOURCE, "running", progress.ids, words, memory=progress.memory)

    def _agents(
        self,
        members: Mapping[str, list[str]],
        names: dict[str, str],
        shares: Iterable[Share],
        adherence: Mapping[str, AgentAdherence],
    ) -> tuple[AgentDay, ...]:
        names |= self._lookups.names(without_name(names))
        times = {user: spent for share in shares for user, spent in share.times.items()}
        days = agent_days(members, names, times, adherence)
        if all(share.knows_communicating for share in shares):
            return days
        return tuple(replace(day, communicating_ms=None) for day in days)


def _seen(progress: Progress, standings: Mapping[str, Standing]) -> ExportJob:
    """The job after a look at which nothing has failed."""
    waiting = {key: one.word for key, one in standings.items() if one.state in ("wait", "anew")}
    if progress.adherence.state == "running":
        waiting[ADHERENCE] = "running"
    running = bool(waiting) and (set(waiting) != {PDF} or progress.wait_for_pdf())
    words = (f"{key}: {word}" for key, word in waiting.items())
    return ExportJob(
        SOURCE,
        "running" if running else "done",
        progress.ids,
        "; ".join(words) or "COMPLETED",
        dispensable=set(waiting) <= {PDF, ADHERENCE},
        memory=progress.memory,
    )


def _without_communicating(shares: Iterable[Share]) -> Iterator[Gap]:
    """Without that time an occupancy would come out too high."""
    if not all(share.knows_communicating for share in shares):
        detail = "The export of agents has no column Communicating, so the agents' occupancy is not known."
        yield Gap("unavailable", detail, Metric.OCCUPANCY.value)
