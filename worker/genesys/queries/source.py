"""The default source: analytics aggregates for queues and users, and the bulk adherence job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from worker.domain.rows import AgentDay, QueueInterval, Rows, SourceNote
from worker.genesys.adherence import AgentAdherence
from worker.genesys.adherence.job import AdherenceJobs
from worker.genesys.api.downloads import Downloads
from worker.genesys.api.session import JSON_LIMIT, Session
from worker.genesys.api.shapes import Aggregates, read
from worker.genesys.gaps import fetched_early, percent_only
from worker.genesys.lookups import FoundQueue, Lookups, common_threshold_seconds, memberships
from worker.genesys.lookups.cache import Kept
from worker.genesys.queries.agents import agent_days, without_name
from worker.genesys.queries.aggregates import queue_intervals, queue_query, routing_times, user_query
from worker.genesys.sharing.analytics import QUEUE_ROUTE, USER_ROUTE, Analytics, Told
from worker.genesys.sharing.plan import Plan, Sharing, Together
from worker.genesys.source import Answers, ExportJob, Order


class QueriesSource:
    """Implements `worker.genesys.source.Source`. ``clock`` gives the aware present; ``sharing``: with which runs."""

    def __init__(
        self, session: Session, answers: Answers, clock: Callable[[], datetime], sharing: Sharing | None = None
    ) -> None:
        self._clock = clock
        self._sharing = sharing or Sharing()
        kept = Kept(answers, session.organisation.client_key, self._sharing.flights)
        self._lookups = Lookups(session, kept)
        self._together = Together(kept, self._lookups, self._sharing.companions)
        self._analytics = Analytics(session, kept, clock)
        self._adherence = AdherenceJobs(session, kept, Downloads(session, limit=JSON_LIMIT), self._together.units_plan)

    def start(self, order: Order) -> ExportJob:
        """Start the adherence job where management units are named, or join that of the morning; no more needs one."""
        return self._adherence.start(order)

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once how the adherence job stands."""
        return self._adherence.look(order, job)

    def collect(self, order: Order, job: ExportJob) -> Rows:
        """Ask the aggregates and fetch the adherence files; what the morning was told already is not asked again.

        A job that is still running is collected without adherence, which then is a gap.
        """
        found = self._lookups.queues(order.queues)
        plan = self._together.plan(order)
        intervals, asked = self._intervals(order, plan)
        adherence = self._adherence.result(order, job)
        agents, asked_users = self._agents(order, plan, found, adherence.agents)
        told = (*asked, *asked_users)
        fetched_at = min((one.fetched_at for one in told), default=self._clock())
        notes = (_note("conversation aggregates", asked, len(intervals)), *adherence.notes)
        self._sharing.on_shared(sum(one.asked_by != order.name for one in told) + adherence.shared)
        return Rows(
            queues=tuple(one.queue for one in found),
            intervals=intervals,
            agents=agents,
            gaps=(*adherence.gaps, *percent_only(intervals, agents), *fetched_early(order.window, fetched_at)),
            notes=(*notes, _note("user aggregates", asked_users, len(agents))) if asked_users else notes,
            service_level_seconds=common_threshold_seconds(found, order.media),
            fetched_at=fetched_at,
        )

    def _intervals(self, order: Order, plan: Plan) -> tuple[tuple[QueueInterval, ...], tuple[Told, ...]]:
        rows: list[QueueInterval] = []
        answers = self._analytics.of_queues(
            plan, order.name, lambda ids: queue_query(order.window, order.zone, ids, order.media)
        )
        for queue_ids, told in answers:
            answer = read(Aggregates, told.body, QUEUE_ROUTE)
            rows += queue_intervals(answer, order.window, queue_ids, order.media, QUEUE_ROUTE)
        return tuple(rows), tuple(told for _, told in answers)

    def _agents(
        self, order: Order, plan: Plan, found: tuple[FoundQueue, ...], adherence: Mapping[str, AgentAdherence]
    ) -> tuple[tuple[AgentDay, ...], tuple[Told, ...]]:
        members, names = memberships(self._lookups, found)
        times: dict[str, Mapping[str, int]] = {}
        answers = self._analytics.of_users(plan, order.name, lambda ids: user_query(order.window, order.zone, ids))
        for user_ids, told in answers:
            times |= routing_times(read(Aggregates, told.body, USER_ROUTE), user_ids)
        names |= self._lookups.names(without_name(names))
        return agent_days(members, names, times, adherence), tuple(told for _, told in answers)


def _note(what: str, asked: tuple[Told, ...], rows: int) -> SourceNote:
    return SourceNote(what, ", ".join(told.correlation_id for told in asked if told.correlation_id), rows, "ok")
