"""The source on the public reporting-exports API: half-hours of queues from one view, agents' times from another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, Gap, Rows, SourceNote
from worker.errors import ExportFailed, PermanentError, SourceUnavailable
from worker.genesys.adherence import AgentAdherence
from worker.genesys.adherence_job import AdherenceJobs
from worker.genesys.agents import agent_days, without_name
from worker.genesys.downloads import Downloads
from worker.genesys.exports.catalogue import Catalogue
from worker.genesys.exports.jobs import ExportJobs
from worker.genesys.exports.plan import parts_of
from worker.genesys.exports.progress import ADHERENCE, AGENTS, PDF, QUEUES, SOURCE, Progress
from worker.genesys.exports.reading import Reading
from worker.genesys.exports.standing import COMPLETED, Entity, Standing, standing
from worker.genesys.gaps import fetched_early, percent_only
from worker.genesys.kept import Kept
from worker.genesys.lookups import Lookups, common_threshold_seconds, memberships
from worker.genesys.session import JSON_LIMIT, Session
from worker.genesys.source import Answers, ExportJob, Order
from worker.genesys.wire import MEGABYTE

PDF_LIMIT = 20 * MEGABYTE

_log = structlog.get_logger(__name__)


class ExportsSource:
    """Implements `worker.genesys.source.Source` and `WithPdf`. ``clock`` gives the aware present."""

    def __init__(self, session: Session, answers: Answers, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        kept = Kept(answers, session.organisation.client_key)
        self._lookups = Lookups(session, kept)
        self._catalogue = Catalogue(session, kept)
        self._jobs = ExportJobs(session, kept, Downloads(session))
        self._adherence = AdherenceJobs(session, kept, Downloads(session, limit=JSON_LIMIT))

    def start(self, order: Order) -> ExportJob:
        """Start the exports and the adherence job, or join those that are under way under the order's name.

        `LookupFailed` comes before anything is started.
        """
        progress = Progress(self._jobs.start(list(parts_of(order, self._lookups, self._catalogue))))
        progress.keep_adherence(self._adherence.start(order))
        return ExportJob(SOURCE, "running", progress.ids, f"{len(list(progress.exports()))} exports started")

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once how the exports stand; `ExportFailed` with the way out where one has ended without a file.

        An export that failed for a passing reason is started anew by the look after that, twice at most. The source's
        own PDF never fails a run, and is not waited for long.
        """
        progress = Progress(job.ids)
        self._start_anew(order, progress)
        standings = self._standings(progress)
        _give_up(standings)
        for key, one in standings.items():
            if one.state == "anew":
                progress.start_anew(key)
        progress.keep_adherence(self._adherence.look(order, progress.adherence))
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
        )

    def collect(self, order: Order, job: ExportJob) -> Rows:
        """Download the files and read them; the adherence figures join the agents."""
        progress = Progress(job.ids)
        found = self._lookups.queues(order.queues)
        members, names = memberships(self._lookups, found)
        entities = self._jobs.look([progress.ids[key] for key in progress.exports()])
        reading = Reading(order)
        for key in progress.exports(QUEUES):
            entity = _listed(entities, progress.ids[key])
            with self._jobs.file(entity) as file:
                reading.take_queues(entity, file, {one.queue.id for one in found})
        for key in progress.exports(AGENTS):
            entity = _listed(entities, progress.ids[key])
            with self._jobs.file(entity) as file:
                reading.take_agents(entity, file, members.keys())
        adherence = self._adherence.result(order, progress.adherence)
        agents = self._agents(members, names, reading, adherence.agents)
        fetched_at = min(reading.created, default=self._clock())
        gaps = (*reading.gaps, *_without_communicating(reading), *adherence.gaps)
        return Rows(
            queues=tuple(one.queue for one in found),
            intervals=tuple(reading.intervals),
            agents=agents,
            gaps=(*gaps, *percent_only(reading.intervals, agents), *fetched_early(order.window, fetched_at)),
            notes=(*reading.notes, *_pdf_note(entities.get(progress.ids.get(PDF, ""))), *adherence.notes),
            service_level_seconds=common_threshold_seconds(found, order.media),
            fetched_at=fetched_at,
        )

    def pdf(self, order: Order, job: ExportJob) -> bytes | None:
        """The source's own PDF; None where the order asks for none, or the source has none that can be used."""
        export_id = Progress(job.ids).ids.get(PDF, "") if order.source_pdf else ""
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

    def _start_anew(self, order: Order, progress: Progress) -> None:
        unstarted = progress.unstarted()
        if unstarted:
            parts = parts_of(order, self._lookups, self._catalogue)
            progress.ids |= self._jobs.start([part for part in parts if part.key in unstarted])

    def _standings(self, progress: Progress) -> dict[str, Standing]:
        entities = self._jobs.look([progress.ids[key] for key in progress.exports()])
        return {key: standing(entities.get(progress.ids[key]), progress.restarts(key)) for key in progress.exports()}

    def _agents(
        self,
        members: Mapping[str, list[str]],
        names: dict[str, str],
        reading: Reading,
        adherence: Mapping[str, AgentAdherence],
    ) -> tuple[AgentDay, ...]:
        names |= self._lookups.names(without_name(names))
        days = agent_days(members, names, reading.times, adherence)
        return days if reading.knows_communicating else tuple(replace(day, communicating_ms=None) for day in days)


def _listed(entities: Mapping[str, Entity], export_id: str) -> Entity:
    if export_id not in entities:
        raise SourceUnavailable(
            f"The export {export_id} is not listed any more, although it was completed.",
            way_out="It is tried again by itself; after that, run the briefing again.",
        )
    return entities[export_id]


def _pdf_note(entity: Entity | None) -> Iterator[SourceNote]:
    if entity is not None:
        yield SourceNote("PDF of the source", entity.id or "", 0, entity.status)


def _give_up(standings: Mapping[str, Standing]) -> None:
    """Raise for the exports that figures come from; the source's own PDF is no such."""
    failed = [one for key, one in standings.items() if one.state == "failed" and key != PDF]
    if failed:
        raise ExportFailed(
            " ".join(one.word for one in failed), way_out=" ".join(dict.fromkeys(one.way_out for one in failed))
        )


def _without_communicating(reading: Reading) -> Iterator[Gap]:
    """Without that time an occupancy would come out too high."""
    if not reading.knows_communicating:
        detail = "The export of agents has no column Communicating, so the agents' occupancy is not known."
        yield Gap("unavailable", detail, Metric.OCCUPANCY.value)
