"""The plan of a day for a group: an order goes in, a `TodayPlan` comes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from worker.domain.rows import Window
from worker.domain.today.plan import NotKnown, TodayPlan
from worker.errors import NotYet, TransientError
from worker.genesys.answer_cache import AnswerCache, Answers
from worker.genesys.api.downloads import JSON_FILE_LIMIT, Downloads
from worker.genesys.api.instants import interval_text
from worker.genesys.api.session import Session
from worker.genesys.lookups.queues import ID_PREFIX, Lookups
from worker.genesys.sharing.plan import Plan, RequestPlanner, Sharing
from worker.genesys.source import Order
from worker.genesys.wfm.composing import (
    AgentNames,
    DayParts,
    GroupQueues,
    PlannedGroup,
    PlannedUnit,
    compose,
    foreign_queue_ids,
)
from worker.genesys.wfm.files import ScheduleFiles
from worker.genesys.wfm.half_hours import GroupFiles
from worker.genesys.wfm.parts import NotPlanned, PartCollector, SharedParts
from worker.genesys.wfm.schedules import PublishedSchedules
from worker.genesys.wfm.series import PlanFile
from worker.genesys.wfm.shifts import AgentDay, AgentShifts
from worker.genesys.wfm.units import BusinessUnit, Units


@dataclass(frozen=True, slots=True)
class _Day:
    """An order, and the day that is planned."""

    order: Order
    window: Window


class TodaySource:
    """Implements `worker.genesys.source.PlanSource`. ``sharing`` says with which runs answers are shared."""

    def __init__(self, session: Session, answers: Answers, sharing: Sharing | None = None) -> None:
        sharing = sharing or Sharing()
        self._session = session
        self._cache = AnswerCache(answers, session.organisation.client_key, sharing.flights)
        self._is_shared = sharing.companions is not None
        self._lookups = Lookups(session, self._cache)
        self._planner = RequestPlanner(self._cache, self._lookups, sharing.companions)

    def plan(self, order: Order, *, give_up: bool = False) -> TodayPlan:
        """Return the plan of the order's day, in which everything that is not known is stated.

        Raises `NotYet` while a part is being calculated or another run asks for it, unless ``give_up`` is set: then
        such a part is not known in time. Other errors become parts that are not known.
        """
        assert order.today, "the order names the day of its plan"  # noqa: S101 - the caller asks only then
        # a run that shares with no other is a rerun or a preview, which must not get an earlier run's answers
        parts = SharedParts(self._cache, () if self._is_shared else (order.name,))
        collector = PartCollector()
        plan = _Planning(self._session, self._lookups, self._planner, parts, collector).plan(_Day(order, order.today))
        plan = replace(plan, causes=tuple(dict.fromkeys(filter(None, collector.causes))))
        if collector.pending and not give_up:
            raise _not_yet(collector.pending[0])
        return plan


class _Planning:
    """Asks for the parts of one plan."""

    def __init__(
        self,
        session: Session,
        lookups: Lookups,
        planner: RequestPlanner,
        parts: SharedParts,
        collector: PartCollector,
    ) -> None:
        downloads = Downloads(session, limit=JSON_FILE_LIMIT)
        self._lookups = lookups
        self._planner = planner
        self._collector = collector
        self._units = Units(session, parts)
        self._schedules = PublishedSchedules(session, parts)
        self._files = ScheduleFiles(session, parts, downloads)
        self._shifts = AgentShifts(session, parts, downloads)

    def plan(self, day: _Day) -> TodayPlan:
        """Ask for everything, and return what is known."""
        local_day = day.window.start.astimezone(ZoneInfo(day.order.zone)).date()
        units = self._collector.get(lambda: self._business_units(day))
        if isinstance(units, NotKnown):
            return TodayPlan(local_day, not_known=units, people_not_known=units)
        queues = self._collector.get(lambda: self._queues(day.order))
        if isinstance(queues, NotKnown):
            return TodayPlan(local_day, not_known=queues, people_not_known=queues)
        planned = self._collector.get(lambda: [self._planned_unit(unit, queues) for unit in units])
        agents = self._collector.get(lambda: self._agents(day, units))
        names = self._collector.get(lambda: self._names(day.order, queues, planned, agents))
        known_names = AgentNames({}, {}) if isinstance(names, NotKnown) else names
        return compose(
            DayParts(day.window, ZoneInfo(day.order.zone), day.order.media, queues, planned, agents, known_names)
        )

    def _business_units(self, day: _Day) -> list[BusinessUnit]:
        ids = self._units.business_unit_ids(day.order.management_units)
        return [self._units.business_unit(unit_id, day.window) for unit_id in ids]

    def _queues(self, order: Order) -> GroupQueues:
        queues = [found_queue.queue for found_queue in self._lookups.queues(order.queues)]
        return GroupQueues(
            names={queue.id: queue.name for queue in queues},
            members={queue.id: self._lookups.members(queue.id) for queue in queues},
        )

    def _planned_unit(self, unit: BusinessUnit, queues: GroupQueues) -> PlannedUnit:
        """Ask for the planning groups and the files of a unit. One of the files may be missing."""
        groups = self._schedules.planning_groups(unit, queues.names.keys())
        group_ids = {group.id for group in groups}
        schedule = self._schedules.published(unit)
        required = self._collector.get(lambda: self._files.required(unit, schedule, group_ids))
        forecast = self._collector.get(lambda: self._files.forecast(unit, schedule, group_ids))
        prediction = self._collector.get(lambda: self._files.prediction(unit, schedule, group_ids))
        if isinstance(required, NotKnown) and isinstance(forecast, NotKnown):
            raise NotPlanned(required)
        planned_groups = (
            PlannedGroup(
                medium=group.medium,
                queue_ids=frozenset(group.queue_ids),
                files=GroupFiles(group.id, _file_or_none(required), _file_or_none(forecast), _file_or_none(prediction)),
            )
            for group in groups
        )
        return PlannedUnit(
            groups=tuple(planned_groups),
            forecast_not_known=forecast if isinstance(forecast, NotKnown) else None,
            prediction_not_known=prediction if isinstance(prediction, NotKnown) else None,
        )

    def _agents(self, day: _Day, units: Iterable[BusinessUnit]) -> dict[str, AgentDay]:
        """Search the schedules of the group's agents, together with those of the other groups of the morning."""
        plan = self._planner.plan(day.order)
        business_units = self._units.all_business_unit_ids()
        agents: dict[str, AgentDay] = {}
        for unit in units:
            searched = _searched_together(plan, day, unit.id, business_units)
            for user, agent in self._shifts.days(unit, searched, day.order.name, day.window).items():
                agents[user] = agent.merged_with(agents[user]) if user in agents else agent
        if not agents:
            raise NotPlanned(NotKnown.NO_SCHEDULE, "no agent of the group is in the published schedule")
        return agents

    def _names(
        self,
        order: Order,
        queues: GroupQueues,
        planned: list[PlannedUnit] | NotKnown,
        agents: dict[str, AgentDay] | NotKnown,
    ) -> AgentNames:
        """Look up the names that the queues' members lack, and those of queues outside the group."""
        users = [] if isinstance(agents, NotKnown) else [user for user in agents if not queues.name_of(user)]
        units = [] if isinstance(planned, NotKnown) else planned
        ids = foreign_queue_ids(units, order.media, queues)
        foreign = self._lookups.queues(f"{ID_PREFIX}{queue}" for queue in ids)
        return AgentNames(
            users=dict(self._lookups.names(users)) if users else {},
            foreign_queues={foreign_queue.queue.id: foreign_queue.queue.name for foreign_queue in foreign},
        )


def _not_yet(error: TransientError) -> NotYet:
    return error if isinstance(error, NotYet) else NotYet(str(error), retry_after_seconds=error.retry_after_seconds)


def _file_or_none(file: PlanFile | NotKnown) -> PlanFile | None:
    return None if isinstance(file, NotKnown) else file


def _searched_together(plan: Plan, day: _Day, unit_id: str, business_units: dict[str, str]) -> Plan:
    """Return the orders of a plan that are about the same day and have agents in the business unit."""
    window = interval_text(day.window)
    orders = tuple(
        part
        for part in plan.parts
        if part.name == day.order.name
        or (part.today == window and any(business_units.get(unit) == unit_id for unit in part.management_units))
    )
    return Plan(window=window, parts=orders)
