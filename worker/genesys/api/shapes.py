"""Models of the parts of Genesys' answers that the system reads. Unknown keys are ignored, wrong types are refused."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from worker.errors import MalformedAnswer

MOST_CONTACTS = 100_000_000
"""More than any queue has in a day."""

_LONGEST = 1e13
"""The duration of a hundred million contacts of a hundred seconds, in milliseconds."""


def _whole(count: float) -> float:
    if count != round(count):
        raise ValueError("Input should be a whole number")
    return count


Amount = Annotated[float, Field(ge=0, le=_LONGEST, allow_inf_nan=False)]
"""A duration. JSON numbers may come as floats, but neither negative nor infinite."""

Count = Annotated[float, Field(ge=0, le=MOST_CONTACTS, allow_inf_nan=False), AfterValidator(_whole)]
"""A count of contacts or events, which may come as ``12.0``."""

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""A share, 0 to 1."""


NAME_CHARACTERS = 300

Name = Annotated[str, AfterValidator(lambda name: name[:NAME_CHARACTERS])]
"""A name, cut where it enters. Genesys Cloud allows shorter ones."""


class Shape(BaseModel):
    """Base of all models of answers: camelCase on the wire."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True)


S = TypeVar("S", bound=Shape)


def read(shape: type[S], value: object, label: str) -> S:
    """Return the value as a model. `MalformedAnswer` names the first wrong key, and its content if that is a number."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise MalformedAnswer(
            f"{label}: {place} in the answer is not as promised ({first['msg']}{_number(first['input'])}).",
            way_out="Check that the address is that of the API. If it is, its shape has changed.",
        ) from None


def _number(value: object) -> str:
    """Return a number as a clause. Other values may be names, and are not shown."""
    return f", not {value:g}" if isinstance(value, float) or (type(value) is int and abs(value) < _LONGEST**2) else ""


class Stats(Shape):
    """The figures of one metric, durations in milliseconds. What did not happen is absent."""

    count: Count | None = None
    sum: Amount | None = None
    ratio: Share | None = None
    numerator: Count | None = None
    denominator: Count | None = None


class MetricStats(Shape):
    """One metric in one bucket. ``qualifier`` is the status, for metrics of time in a status."""

    metric: str
    qualifier: str | None = None
    stats: Stats = Stats()


class Bucket(Shape):
    """The metrics of one stretch of time, ``interval`` being ``start/end``."""

    interval: str
    metrics: tuple[MetricStats, ...] = ()


class AggregateGroup(Shape):
    """The buckets of one queue and media type, or of one user."""

    group: dict[str, str]
    data: tuple[Bucket, ...] = ()


class Aggregates(Shape):
    """The answer of an aggregates query. Without any result it is an empty object."""

    results: tuple[AggregateGroup, ...] | None = None


class ServiceLevelGoal(Shape):
    """Which share of the interactions (0 to 1) should be answered within how many milliseconds."""

    percentage: Amount | None = None
    duration_ms: Amount | None = None


class MediaSettings(Shape):
    """What is set for one media type of a queue."""

    service_level: ServiceLevelGoal | None = None


class QueueEntity(Shape):
    """A queue. ``media_settings`` are by the settings' own media names (``call`` is voice)."""

    id: str
    name: Name
    media_settings: dict[str, MediaSettings | None] | None = None


class NamedEntity(Shape):
    """Anything with an id and a name. The name may be hidden from this client."""

    id: str
    name: Name | None = None


class Job(Shape):
    """A running calculation."""

    id: str
    status: str | None = None


class BulkAdherence(Shape):
    """The state of the bulk adherence job. Its files are behind ``download_urls``."""

    job: Job | None = None
    download_urls: tuple[str, ...] | None = None


class ExceptionInfo(Shape):
    """A period in which an agent did not follow the schedule. Offsets count from the query's start date."""

    start_offset_seconds: int | None = None
    scheduled_activity_category: str | None = None
    actual_activity_category: str | None = None
    system_presence: str | None = None


class Actual(Shape):
    """A period of one activity of an agent. Offsets count from the query's start date."""

    start_offset_seconds: int | None = None
    actual_activity_category: str | None = None


class DayMetrics(Shape):
    """An agent's adherence on one day."""

    adherence_schedule_seconds: Amount | None = None
    exception_duration_seconds: Amount | None = None
    exception_count: Count | None = None
    actual_length_seconds: float | None = None


class UserAdherence(Shape):
    """An agent's adherence in the query's window."""

    user_id: str
    day_metrics: tuple[DayMetrics, ...] | None = None
    exception_info: tuple[ExceptionInfo, ...] | None = None
    actuals: tuple[Actual, ...] | None = None


class AdherenceFile(Shape):
    """A downloaded result: the agents of one management unit."""

    management_unit_id: str | None = None
    user_results: tuple[UserAdherence, ...] | None = None


class ScheduleEntity(Shape):
    """An Architect schedule. Start and end are local date-times without offset."""

    id: str
    name: Name
    state: str | None = None
    start: str
    end: str
    rrule: str | None = None


class ScheduleGroupEntity(Shape):
    """An Architect schedule group with references to its holiday schedules."""

    id: str
    name: Name
    state: str | None = None
    time_zone: str | None = None
    holiday_schedules: tuple[NamedEntity, ...] | None = None


class HolidayDate(Shape):
    """One day of the guide's holiday calendar."""

    date: str
    name: Name = ""


class HolidayCalendar(Shape):
    """The guide's holiday calendar resource."""

    id: str
    name: Name = ""
    holidays: tuple[HolidayDate, ...]


class GuideExport(Shape):
    """The guide's export job. Only ``export_id`` and ``status`` are always present."""

    export_id: str
    status: str
    download_url: str | None = None
    partial: bool = False
    error: object = None
