"""The published schedule of a business unit's week, and the planning groups of a day."""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import structlog

from worker.domain.today.plan import NotKnown
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Shape, read
from worker.genesys.wfm.parts import PLAN_SECONDS, NotPlanned, SharedParts
from worker.genesys.wfm.shapes import PlanningGroupEntity, PlanningGroups, ScheduleEntity, Schedules
from worker.genesys.wfm.units import UNIT_ROUTE, BusinessUnit

PLANNING_GROUPS_ROUTE = f"{UNIT_ROUTE}/intraday/planninggroups"
SCHEDULES_ROUTE = f"{UNIT_ROUTE}/weeks/{{weekId}}/schedules"

_NO_DATA = {"NoPublishedSchedule": NotKnown.NO_SCHEDULE, "NoSourceForecast": NotKnown.NO_FORECAST}
_EVER = datetime.min.replace(tzinfo=UTC)

_log = structlog.get_logger(__name__)


class PlanningGroup(Shape):
    """Queues that are planned together for one medium."""

    id: str
    medium: str
    queue_ids: tuple[str, ...]


class DayGroups(Shape):
    """The planning groups of a business unit's day."""

    groups: tuple[PlanningGroup, ...]


class Published(Shape):
    """The schedule that is in force, and its forecast if it was made from one."""

    id: str
    week: date
    version: str
    forecast_id: str | None = None
    forecast_week: date | None = None


class PublishedSchedules:
    """Asks for schedules and planning groups. A forecast keeps a copy of its planning groups, so they are by day."""

    def __init__(self, session: Session, parts: SharedParts) -> None:
        self._session = session
        self._parts = parts

    def planning_groups(self, unit: BusinessUnit, queue_ids: Set[str]) -> tuple[PlanningGroup, ...]:
        """Return the planning groups of the unit's day that have one of these queues.

        Raises `NotPlanned` if the day has no groups at all. The others are not looked at: every run of a morning reads
        the list, and needs few of its groups.
        """
        day = unit.day.isoformat()
        answer = self._parts.part(lambda: self._ask_groups(unit), PLAN_SECONDS, "planning-groups", unit.id, day)
        return read(DayGroups, _with_queues(answer, queue_ids), "Kept planning groups").groups

    def published(self, unit: BusinessUnit) -> Published:
        """Return the schedule of the unit's week. Raises `NotPlanned` if none is published."""
        answer = self._parts.part(
            lambda: self._ask_schedule(unit),
            PLAN_SECONDS,
            "published-schedule",
            unit.id,
            unit.week.isoformat(),
            when_missing=NotKnown.NO_SCHEDULE,
        )
        return read(Published, answer, "A kept schedule")

    def _ask_groups(self, unit: BusinessUnit) -> object:
        answer = self._session.get(
            PLANNING_GROUPS_ROUTE, {"date": unit.day.isoformat()}, ids={"businessUnitId": unit.id}
        )
        listing = read(PlanningGroups, answer.body, answer.label)
        if not listing.entities:
            raise NotPlanned(_NO_DATA.get(listing.no_data_reason or "", NotKnown.NO_PLANNING_GROUP))
        groups = tuple(group for entity in listing.entities for group in _by_medium(entity))
        return DayGroups(groups=groups).model_dump(mode="json", by_alias=True)

    def _ask_schedule(self, unit: BusinessUnit) -> object:
        ids = {"businessUnitId": unit.id, "weekId": unit.week.isoformat()}
        answer = self._session.get(SCHEDULES_ROUTE, {"includeOnlyPublished": "true"}, ids=ids)
        entities = read(Schedules, answer.body, answer.label).entities or ()
        in_force = [
            schedule for schedule in entities if schedule.published is not False and _covers(schedule, unit.day)
        ]
        if not in_force:
            raise NotPlanned(NotKnown.NO_SCHEDULE)
        if len(in_force) > 1:
            _log.warning("several schedules are published; the newest counts", week=ids["weekId"], count=len(in_force))
        return _published(max(in_force, key=_modified)).model_dump(mode="json", by_alias=True)


def _with_queues(answer: object, queue_ids: Set[str]) -> object:
    """Return the part of a kept answer that is about some queues. One of an unknown shape is returned as it is."""
    try:
        groups = cast("dict[str, Any]", answer)["groups"]
        return {"groups": [group for group in groups if not queue_ids.isdisjoint(group["queueIds"])]}
    except (AttributeError, KeyError, TypeError):
        return answer


def _by_medium(entity: PlanningGroupEntity) -> list[PlanningGroup]:
    """Return the group for each medium of its route paths. The platform allows one."""
    queues: dict[str, dict[str, None]] = {}
    for path in entity.route_paths or ():
        if path.queue and path.media_type:
            queues.setdefault(path.media_type.lower(), {})[path.queue.id] = None
    return [PlanningGroup(id=entity.id, medium=medium, queue_ids=tuple(ids)) for medium, ids in queues.items()]


def _covers(schedule: ScheduleEntity, day: date) -> bool:
    return schedule.week_date <= day < schedule.week_date + timedelta(weeks=max(schedule.week_count, 1))


def _modified(schedule: ScheduleEntity) -> datetime:
    modified = schedule.metadata.date_modified if schedule.metadata else None
    return modified.astimezone(UTC) if modified else _EVER


def _published(schedule: ScheduleEntity) -> Published:
    version = schedule.metadata.version if schedule.metadata else None
    forecast = schedule.short_term_forecast
    return Published(
        id=schedule.id,
        week=schedule.week_date,
        version=f"{version} {_modified(schedule).isoformat()}",
        forecast_id=forecast.id if forecast else None,
        forecast_week=forecast.week_date if forecast else None,
    )
