"""The scenario file: the organisation, and what goes wrong in it. Unknown keys are refused."""

from __future__ import annotations

import datetime as clock
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from sandbox.scenario.file_options import FileOptions
from sandbox.scenario.troubles import Trouble

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Media = Literal["voice", "callback", "chat", "email", "message"]
Quality = Literal["good", "fair", "bad"]
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class ScenarioError(Exception):
    """The scenario file cannot be used. Each line of the message names the file, the key and what was expected."""


def known_zone(zone: str) -> str:
    """Return the name of an IANA zone unchanged. Raise ValueError for any other name."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("expected an IANA zone such as Europe/Berlin") from None
    return zone


def _possible_hours(text: str) -> str:
    match = _HOURS.fullmatch(text)
    if not match:
        raise ValueError("expected hours such as 08:00-18:00")
    start, end = (int(hour) * 60 + int(minute) for hour, minute in (match.groups()[:2], match.groups()[2:]))
    if not start < end <= 24 * 60:
        raise ValueError("expected hours that begin before they end, at 24:00 at the latest")
    return text


def _as_table(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Zone = Annotated[str, AfterValidator(known_zone)]
Name = Annotated[str, Field(min_length=1)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MediaTarget(_Model):
    """The service level objective of one media type of a queue."""

    service_level_seconds: Annotated[float, Field(gt=0)]
    target: Annotated[float, Field(gt=0, le=1)]


class QueueEntry(_Model):
    """A queue. ``target`` is a fraction.

    ``volume`` is calls a day. Without it, the queue gets a share of what the agents can handle. ``media_targets``
    replaces the queue's objective for a media type. With ``"none"``, the queue's settings show no objective for it.
    Queues with the same ``planning_group`` are planned together. Without one, a queue is planned alone.
    """

    name: Name
    service_level_seconds: Annotated[float, Field(gt=0)] = 20
    target: Annotated[float, Field(gt=0, le=1)] = 0.8
    volume: Annotated[int, Field(ge=0)] | None = None
    quality: Quality | None = None
    media: Annotated[tuple[Media, ...], Field(min_length=1)] = ("voice",)
    media_targets: Mapping[Media, MediaTarget | Literal["none"]] = Field(default_factory=dict)
    planning_group: Name | None = None


ONE_FOR_ALL = "all"
"""The business unit of groups that name none."""


class BusinessUnitEntry(_Model):
    """A business unit of the workforce management. Without a ``zone`` it has that of its first group."""

    zone: Zone | None = None
    start_day_of_week: Literal["Monday", "Sunday"] = "Monday"


class GroupEntry(_Model):
    """Queues with the agents who serve them. ``agents`` is their number or their names, ``open`` the local hours."""

    title: str | None = None
    zone: Zone
    queues: Annotated[tuple[Annotated[QueueEntry, BeforeValidator(_as_table)], ...], Field(min_length=1)]
    agents: Annotated[int, Field(ge=1, le=500)] | tuple[Name, ...] = 12
    open: Annotated[str, AfterValidator(_possible_hours)] = "08:00-18:00"
    workdays: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    occupancy: Annotated[float, Field(gt=0.1, lt=1.2)] = 0.82
    division: Name = "Home"
    wfm: bool = True
    business_unit: Name = ONE_FOR_ALL
    report_id: Name | None = None
    trouble: tuple[Trouble, ...] = ()

    @property
    def minutes(self) -> tuple[int, int]:
        """The opening hours as minutes after local midnight."""
        start, end = (int(part[:2]) * 60 + int(part[3:]) for part in self.open.split("-"))
        return start, end


class ClientEntry(_Model):
    """An OAuth client. ``*`` in ``permissions`` or ``divisions`` means all."""

    id: Name
    secret: Name
    permissions: tuple[str, ...] = ("*",)
    divisions: tuple[str, ...] = ("*",)
    token_seconds: Annotated[float, Field(gt=0)] = 86400

    def sees(self, division: str) -> bool:
        """Return whether the client may see what is in a division."""
        return bool({"*", division} & set(self.divisions))


class QuotaEntry(_Model):
    """Requests that an OAuth client may make in each window."""

    per_minute: Annotated[int, Field(ge=1)] = 300
    window_seconds: Annotated[float, Field(gt=0)] = 60


class ScheduleEntry(_Model):
    """A schedule: local start and end without offset, and an RRULE if it recurs."""

    name: Name
    start: datetime
    end: datetime
    rrule: str | None = None
    state: Literal["active", "inactive", "deleted"] = "active"

    @model_validator(mode="after")
    def _local_times(self) -> Self:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("expected local times without offset")
        return self


class ScheduleGroupEntry(_Model):
    """An Architect schedule group. Requests for it get the trouble of ``group``, if one is named."""

    name: Name
    zone: Zone
    group: str | None = None
    open: tuple[ScheduleEntry, ...] = ()
    closed: tuple[ScheduleEntry, ...] = ()
    holidays: tuple[ScheduleEntry, ...] = ()


class CalendarHoliday(_Model):
    """A day of a holiday calendar of the guide's API."""

    date: clock.date
    name: Name


class CalendarEntry(_Model):
    """A holiday calendar of the guide's API. Requests for it get the trouble of ``group``, if one is named."""

    id: Name
    name: Name
    zone: Zone
    group: str | None = None
    holidays: tuple[CalendarHoliday, ...] = ()


class MailboxEntry(_Model):
    """Addresses that the mailbox refuses, each with the reply, for example ``550 5.1.1 no such user``."""

    refuse: Mapping[str, str] = Field(default_factory=dict)


class Scenario(_Model):
    """The whole file. An export or adherence job without trouble takes ``job_seconds``."""

    seed: int = 1
    name: str = "Sandbox Care"
    job_seconds: Annotated[float, Field(ge=0)] = 0.5
    quota: QuotaEntry = QuotaEntry()
    clients: Annotated[tuple[ClientEntry, ...], Field(min_length=1)]
    groups: Mapping[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")], GroupEntry] = Field(
        default_factory=dict
    )
    business_units: Mapping[str, BusinessUnitEntry] = Field(default_factory=dict)
    schedule_groups: tuple[ScheduleGroupEntry, ...] = ()
    calendars: tuple[CalendarEntry, ...] = ()
    files: FileOptions = FileOptions()
    mailbox: MailboxEntry = MailboxEntry()

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        _refuse_duplicates("queue", (queue.name for group in self.groups.values() for queue in group.queues))
        _refuse_duplicates("client", (client.id for client in self.clients))
        _refuse_duplicates("schedule group", (entry.name for entry in self.schedule_groups))
        _refuse_duplicates("calendar", (entry.id for entry in self.calendars))
        return self

    @model_validator(mode="after")
    def _groups_exist(self) -> Self:
        keys = [entry.group for entry in self.schedule_groups] + [entry.group for entry in self.calendars]
        for key in keys:
            if key is not None and key not in self.groups:
                raise ValueError(f"a calendar or schedule group names the group {key!r}, which does not exist")
        return self


def _refuse_duplicates(kind: str, names: Iterator[str]) -> None:
    earlier: set[str] = set()
    for name in names:
        if name in earlier:
            raise ValueError(f"{kind} {name!r} occurs twice")
        earlier.add(name)


def load(path: Path) -> Scenario:
    """Read a scenario file. `ScenarioError` lists all its mistakes."""
    try:
        return Scenario.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ScenarioError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: not TOML: {error}") from None
    except ValidationError as error:
        raise ScenarioError("\n".join(f"{path}: {line}" for line in mistakes(error))) from None


def mistakes(error: ValidationError) -> list[str]:
    """Return one line for each mistake: the key, what is wrong, and the value."""
    return [_mistake(details["loc"], details["msg"], details["input"]) for details in error.errors()]


def _mistake(path: tuple[int | str, ...], message: str, value: Any) -> str:
    key = ".".join(str(part) for part in path) or "file"
    text = repr(value)
    return f"{key}: {message}" + (f" (found {text})" if len(text) <= 80 else "")
