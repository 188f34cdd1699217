"""The default source: analytics aggregates for queues and users, and the bulk adherence job."""

from __future__ import annotations

from collections.abc import Mapping

from worker.domain.clock import Clock
from worker.domain.rows import AgentDay, QueueInterval, Rows, SourceNote
from worker.genesys.adherence.figures import AgentAdherence
from worker.genesys.adherence.job import AdherenceJobs
from worker.genesys.answer_cache import AnswerCache, Answers
from worker.genesys.api.downloads import JSON_FILE_LIMIT, Downloads
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Aggregates, read
from worker.genesys.gaps import early_fetch_gaps, percent_only_gaps
from worker.genesys.lookups.queues import FoundQueue, Lookups, common_threshold_seconds, memberships, objectives
from worker.genesys.queries.agents import agent_days, without_name
from worker.genesys.queries.aggregates import queue_intervals, queue_query, routing_times, user_query
from worker.genesys.sharing.analytics import QUEUE_ROUTE, USER_ROUTE, Analytics, AnalyticsAnswer
from worker.genesys.sharing.plan import Plan, RequestPlanner, Sharing
from worker.genesys.source import ExportJob, Order


class QueriesSource:
    """Implements `worker.genesys.source.Source`. ``sharing`` says with which runs answers are shared."""

    def __init__(self, session: Session, answers: Answers, clock: Clock, sharing: Sharing | None = None) -> None:
        self._clock = clock
        self._sharing = sharing or Sharing()
        cache = AnswerCache(answers, session.organisation.client_key, self._sharing.flights)
        self._lookups = Lookups(session, cache)
        self._planner = RequestPlanner(cache, self._lookups, self._sharing.companions)
        self._analytics = Analytics(session, cache, clock)
        self._adherence = AdherenceJobs(
            session, cache, Downloads(session, limit=JSON_FILE_LIMIT), self._planner.units_plan
        )

    def start(self, order: Order) -> ExportJob:
        """Start the adherence job if management units are named, or join the one of the morning."""
        return self._adherence.start(order)

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once for the state of the adherence job."""
        return self._adherence.look(order, job)

    def collect(self, order: Order, job: ExportJob) -> Rows:
        """Ask for the aggregates and download the adherence files, unless another run of the morning has.

        If the job is still running, adherence is a gap.
        """
        found_queues = self._lookups.queues(order.queues)
        plan = self._planner.plan(order)
        intervals, queue_answers = self._intervals(order, plan)
        adherence = self._adherence.result(order, job)
        agents, user_answers = self._agents(order, plan, found_queues, adherence.agents)
        answers = (*queue_answers, *user_answers)
        fetched_at = min((answer.fetched_at for answer in answers), default=self._clock())
        notes = (_note("conversation aggregates", queue_answers, len(intervals)), *adherence.notes)
        self._sharing.on_shared(sum(answer.asked_by != order.name for answer in answers) + adherence.shared)
        return Rows(
            queues=tuple(answer.queue for answer in found_queues),
            intervals=intervals,
            agents=agents,
            gaps=(*adherence.gaps, *percent_only_gaps(intervals, agents), *early_fetch_gaps(order.window, fetched_at)),
            notes=(*notes, _note("user aggregates", user_answers, len(agents))) if user_answers else notes,
            service_level_seconds=common_threshold_seconds(found_queues, order.media),
            objectives=objectives(found_queues, order.media),
            fetched_at=fetched_at,
        )

    def _intervals(self, order: Order, plan: Plan) -> tuple[tuple[QueueInterval, ...], tuple[AnalyticsAnswer, ...]]:
        rows: list[QueueInterval] = []
        answers = self._analytics.of_queues(
            plan, order.name, lambda ids: queue_query(order.window, order.zone, ids, order.media)
        )
        for queue_ids, answer_of_batch in answers:
            answer = read(Aggregates, answer_of_batch.body, QUEUE_ROUTE)
            rows += queue_intervals(answer, order.window, queue_ids, order.media, QUEUE_ROUTE)
        return tuple(rows), tuple(answer_of_batch for _, answer_of_batch in answers)

    def _agents(
        self, order: Order, plan: Plan, found_queues: tuple[FoundQueue, ...], adherence: Mapping[str, AgentAdherence]
    ) -> tuple[tuple[AgentDay, ...], tuple[AnalyticsAnswer, ...]]:
        members, names = memberships(self._lookups, found_queues)
        times: dict[str, Mapping[str, int]] = {}
        answers = self._analytics.of_users(plan, order.name, lambda ids: user_query(order.window, order.zone, ids))
        for user_ids, answer_of_batch in answers:
            times |= routing_times(read(Aggregates, answer_of_batch.body, USER_ROUTE), user_ids)
        names |= self._lookups.names(without_name(names))
        return agent_days(members, names, times, adherence), tuple(answer_of_batch for _, answer_of_batch in answers)


def _note(label: str, answers: tuple[AnalyticsAnswer, ...], rows: int) -> SourceNote:
    return SourceNote(
        label, ", ".join(answer.correlation_id for answer in answers if answer.correlation_id), rows, "ok"
    )
