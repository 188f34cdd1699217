"""Models of the parts of the workforce management's answers that the system reads.

Sources of the field names: the vendor's Python SDK 269, `WorkforceManagementApi`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from worker.genesys.api.shapes import Name, Shape

MOST_STEPS = 5_000
"""Quarters of an hour in a series: a schedule has at most six weeks, which are 4,032."""

MOST_GROUPS = 2_000
MOST_AGENTS = 5_000
"""Agents in one business unit (help.mypurecloud.com, "Workforce management supported configuration")."""

_Figure = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
"""Agents, contacts, a handle time in seconds or a percentage: no planning group has a million of them in a quarter."""

Steps = Annotated[tuple[_Figure | None, ...], Field(max_length=MOST_STEPS)]


Minutes = Annotated[float, Field(ge=0, le=60 * 24 * 60)]
"""The length of a shift or an activity. Sixty days are more than any has."""


class Reference(Shape):
    """A reference to something by its id."""

    id: str


class ManagementUnit(Shape):
    """A management unit and the business unit that it belongs to."""

    id: str
    business_unit: Reference | None = None


class UnitSettings(Shape):
    """Where and when a business unit's weeks begin."""

    time_zone: str | None = None
    start_day_of_week: str | None = None


class BusinessUnitAnswer(Shape):
    """A business unit with its settings."""

    id: str
    settings: UnitSettings | None = None


class RoutePath(Shape):
    """A queue and a media type."""

    queue: Reference | None = None
    media_type: str | None = None


class PlanningGroupEntity(Shape):
    """What is planned together: route paths of one media type."""

    id: str
    name: Name | None = None
    route_paths: tuple[RoutePath, ...] | None = None


class PlanningGroups(Shape):
    """The planning groups of a day, or the reason why there are none."""

    entities: Annotated[tuple[PlanningGroupEntity, ...] | None, Field(max_length=MOST_GROUPS)] = None
    no_data_reason: str | None = None


class Metadata(Shape):
    """The version of something that planners edit."""

    version: int | None = None
    date_modified: datetime | None = None


class ForecastReference(Shape):
    """A forecast and the first week that it covers."""

    id: str
    week_date: date


class ScheduleEntity(Shape):
    """A schedule of one week or several."""

    id: str
    week_date: date
    week_count: Annotated[int, Field(ge=0, le=60)] = 1
    published: bool | None = None
    short_term_forecast: ForecastReference | None = None
    metadata: Metadata | None = None


class Schedules(Shape):
    """The schedules that span a week."""

    entities: tuple[ScheduleEntity, ...] | None = None


class RequiredAgents(Shape):
    """The agents that a planning group needs, by quarter of an hour."""

    planning_group: Reference
    required_without_shrinkage_per_interval: Steps = ()


class Headcount(Shape):
    """The agents that all planning groups need."""

    reference_start_date: AwareDatetime
    entities: Annotated[tuple[RequiredAgents, ...], Field(max_length=MOST_GROUPS)] = ()


class Linked(Shape):
    """An answer that has its result in it or behind a link."""

    result: dict[str, object] | None = None
    download_url: str | None = None


class PredictionAnswer(Shape):
    """The state of a prediction, whose result is behind a link."""

    state: str | None = None
    download_url: str | None = None
    download_result: dict[str, object] | None = None


class PredictedGroup(Shape):
    """The predicted service level of a planning group in percent."""

    planning_group_id: str
    service_level_per_interval: Steps = ()


class Prediction(Shape):
    """What is predicted for all planning groups."""

    calculation_start_date: AwareDatetime
    calculation_interval_length_minutes: Annotated[int, Field(ge=1, le=1440)]
    planning_group_results: Annotated[tuple[PredictedGroup, ...], Field(max_length=MOST_GROUPS)] = ()


class ForecastGroup(Shape):
    """The forecast contacts of a planning group, and their handle time, by quarter of an hour."""

    planning_group_id: str
    offered_per_interval: Steps = ()
    average_handle_time_seconds_per_interval: Steps = ()


class Forecast(Shape):
    """The forecast of one week for all planning groups."""

    reference_start_date: AwareDatetime
    planning_groups: Annotated[tuple[ForecastGroup, ...], Field(max_length=MOST_GROUPS)] = ()


class ActivityCode(Shape):
    """An activity code and its category, such as ``OnQueueWork``."""

    id: str
    category: str | None = None


class ActivityCodes(Shape):
    """The activity codes of a business unit."""

    entities: tuple[ActivityCode, ...] = ()


class Activity(Shape):
    """A part of a shift."""

    start_date: AwareDatetime
    length_minutes: Minutes
    activity_code_id: str | None = None


class Shift(Shape):
    """A shift of an agent."""

    start_date: AwareDatetime
    length_minutes: Minutes
    activities: Annotated[tuple[Activity, ...], Field(max_length=500)] = ()


class TimeOffMarker(Shape):
    """A day off, as a date in the business unit's zone."""

    business_unit_date: date


class AgentSchedule(Shape):
    """What is scheduled for an agent."""

    user: Reference
    shifts: Annotated[tuple[Shift, ...] | None, Field(max_length=100)] = None
    full_day_time_off_markers: tuple[TimeOffMarker, ...] | None = None


class AgentSchedules(Shape):
    """The schedules that a search found. Without a published schedule there are none."""

    published_schedules: tuple[Reference, ...] | None = None
    agent_schedules: Annotated[tuple[AgentSchedule, ...] | None, Field(max_length=MOST_AGENTS)] = None


class SearchAnswer(Shape):
    """The state of a search for schedules."""

    status: str | None = None
    result: dict[str, object] | None = None
    download_url: str | None = None
