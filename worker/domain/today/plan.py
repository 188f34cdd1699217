"""The plan of a day as data. The source of the workforce management makes it, the run keeps it, pages print it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime


class NotKnown(enum.StrEnum):
    """Why a plan or a part of it is not known."""

    NO_LICENCE = "no_licence"
    NO_PERMISSION = "no_permission"
    NO_SCHEDULE = "no_schedule"
    NO_FORECAST = "no_forecast"
    NO_PLANNING_GROUP = "no_planning_group"
    NO_REQUIREMENT = "no_requirement"
    NOT_IN_TIME = "not_in_time"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PlannedInterval:
    """One half-hour of the plan. A figure that is not known is None.

    ``start``: aware, in the group's zone. ``offered``: forecast contacts, need not be whole.
    ``handle_seconds``: forecast average handle time.
    ``required``: agents on queue without shrinkage. ``scheduled``: the group's agents on queue, from their shifts, on
    average over the half-hour.
    ``service_level``: 0 to 1, as the platform predicts it.
    """

    start: datetime
    offered: float | None = None
    handle_seconds: float | None = None
    required: float | None = None
    scheduled: float | None = None
    service_level: float | None = None


class Movable(enum.StrEnum):
    """Activities that planners can move to another time."""

    TRAINING = "training"
    MEETING = "meeting"
    MEAL = "meal"


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """An activity that so many agents have at the same time. ``start`` and ``end``: aware, in the group's zone."""

    kind: Movable
    start: datetime
    end: datetime
    agents: int


@dataclass(frozen=True, slots=True)
class MediumPlan:
    """The half-hours of one medium (`voice`, `callback`, `chat`, `email`, `message`), in order, without gaps.

    ``activities``: those of the agents who serve it, by start.
    """

    medium: str
    intervals: tuple[PlannedInterval, ...]
    activities: tuple[PlannedActivity, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """An agent who serves the group's queues, by id and name. ``start``: of the first shift, None without one."""

    agent_id: str
    name: str
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class TodayPlan:
    """The plan of ``day`` for a group.

    ``not_known``: why there is no forecast or staffing at all, then ``media`` is empty.
    ``all_media``: required and scheduled agents of all media together, if there are several. An agent who serves
    several media is in ``scheduled`` of each of them, and counts once here. Contacts of media are not added up.
    ``forecast_not_known``, ``prediction_not_known``: why contacts and handle times, or service levels, are not known
    although the rest is.
    ``people_not_known``: why nothing is known of shifts, then ``absent`` and ``start_later`` are empty.
    ``absent``: agents with time off all day.
    ``start_later``: agents whose planned start is after the group's first full hour.
    ``foreign_queues``: names of queues outside the group that its planning groups cover too.
    ``uncovered_queues``: names of the group's queues without a planning group.
    ``causes``: what operators need to know of that which is not known, such as a missing permission.
    """

    day: date
    media: tuple[MediumPlan, ...] = ()
    absent: tuple[Person, ...] = ()
    start_later: tuple[Person, ...] = ()
    not_known: NotKnown | None = None
    people_not_known: NotKnown | None = None
    foreign_queues: tuple[str, ...] = ()
    uncovered_queues: tuple[str, ...] = ()
    all_media: tuple[PlannedInterval, ...] = ()
    forecast_not_known: NotKnown | None = None
    prediction_not_known: NotKnown | None = None
    causes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Return whether everything is known."""
        reasons = (self.not_known, self.people_not_known, self.forecast_not_known, self.prediction_not_known)
        return not any(reasons)
