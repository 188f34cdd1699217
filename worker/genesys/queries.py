"""The default source: analytics aggregates for queues and users, and the bulk adherence job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from worker.domain.rows import AgentDay, QueueInterval, Rows, SourceNote
from worker.genesys.adherence import AgentAdherence
from worker.genesys.adherence_job import AdherenceJobs
from worker.genesys.agents import agent_days, without_name
from worker.genesys.aggregates import queue_intervals, queue_query, routing_times, user_query
from worker.genesys.downloads import Downloads
from worker.genesys.gaps import fetched_early, percent_only
from worker.genesys.kept import Kept
from worker.genesys.lookups import FoundQueue, Lookups, batches, common_threshold_seconds, memberships
from worker.genesys.session import JSON_LIMIT, Session
from worker.genesys.shapes import Aggregates, read
from worker.genesys.source import Answers, ExportJob, Order
from worker.genesys.told import Told, ask_once

QUEUE_ROUTE = "/api/v2/analytics/conversations/aggregates/query"
USER_ROUTE = "/api/v2/analytics/users/aggregates/query"


class QueriesSource:
    """Implements `worker.genesys.source.Source`. ``clock`` gives the aware present."""

    def __init__(self, session: Session, answers: Answers, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._clock = clock
        self._kept = Kept(answers, session.organisation.client_key)
        self._lookups = Lookups(session, self._kept)
        self._adherence = AdherenceJobs(session, self._kept, Downloads(session, limit=JSON_LIMIT))

    def start(self, order: Order) -> ExportJob:
        """Start the adherence job where management units are named; the rest needs no job."""
        return self._adherence.start(order)

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once how the adherence job stands."""
        return self._adherence.look(order, job)

    def collect(self, order: Order, job: ExportJob) -> Rows:
        """Ask the aggregates and fetch the adherence files; what this order was told a moment ago is not asked again.

        A job that is still running is collected without adherence, which then is a gap.
        """
        found = self._lookups.queues(order.queues)
        intervals, asked = self._intervals(order, found)
        adherence = self._adherence.result(order, job)
        agents, asked_users = self._agents(order, found, adherence.agents)
        told = (*asked, *asked_users)
        fetched_at = min((one.fetched_at for one in told), default=self._clock())
        notes = (_note("conversation aggregates", asked, len(intervals)), *adherence.notes)
        return Rows(
            queues=tuple(one.queue for one in found),
            intervals=intervals,
            agents=agents,
            gaps=(*adherence.gaps, *percent_only(intervals, agents), *fetched_early(order.window, fetched_at)),
            notes=(*notes, _note("user aggregates", asked_users, len(agents))) if asked_users else notes,
            service_level_seconds=common_threshold_seconds(found, order.media),
            fetched_at=fetched_at,
        )

    def _intervals(
        self, order: Order, found: tuple[FoundQueue, ...]
    ) -> tuple[tuple[QueueInterval, ...], tuple[Told, ...]]:
        rows: list[QueueInterval] = []
        asked: list[Told] = []
        for queue_ids in batches([one.queue.id for one in found]):
            told = self._ask(order, QUEUE_ROUTE, queue_query(order.window, order.zone, queue_ids, order.media))
            answer = read(Aggregates, told.body, QUEUE_ROUTE)
            rows += queue_intervals(answer, order.window, queue_ids, order.media, QUEUE_ROUTE)
            asked.append(told)
        return tuple(rows), tuple(asked)

    def _agents(
        self, order: Order, found: tuple[FoundQueue, ...], adherence: Mapping[str, AgentAdherence]
    ) -> tuple[tuple[AgentDay, ...], tuple[Told, ...]]:
        members, names = memberships(self._lookups, found)
        times: dict[str, Mapping[str, int]] = {}
        asked: list[Told] = []
        for users in batches(sorted(members)):
            told = self._ask(order, USER_ROUTE, user_query(order.window, order.zone, users))
            times |= routing_times(read(Aggregates, told.body, USER_ROUTE), users)
            asked.append(told)
        names |= self._lookups.names(without_name(names))
        return agent_days(members, names, times, adherence), tuple(asked)

    def _ask(self, order: Order, route: str, query: Mapping[str, object]) -> Told:
        return ask_once(self._session, self._kept, self._clock, order.name, route, query)


def _note(what: str, asked: tuple[Told, ...], rows: int) -> SourceNote:
    return SourceNote(what, ", ".join(told.correlation_id for told in asked if told.correlation_id), rows, "ok")
