"""The scenario file: which organisation the sandbox is, and what goes wrong in it. Unknown keys are refused."""

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

from sandbox.script import Trouble

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Media = Literal["voice", "callback", "chat", "email", "message"]
Quality = Literal["good", "fair", "bad"]
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class ScenarioError(Exception):
    """The scenario file cannot be used; each line names file, key and what was expected."""


def known_zone(zone: str) -> str:
    """The zone as it is; ValueError if there is none of that name."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("expected an IANA zone such as Europe/Berlin") from None
    return zone


def _possible_hours(text: str) -> str:
    found = _HOURS.fullmatch(text)
    if not found:
        raise ValueError("expected hours such as 08:00-18:00")
    start, end = (int(h) * 60 + int(m) for h, m in (found.groups()[:2], found.groups()[2:]))
    if not start < end <= 24 * 60:
        raise ValueError("expected hours that begin before they end, at 24:00 at the latest")
    return text


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Zone = Annotated[str, AfterValidator(known_zone)]
Name = Annotated[str, Field(min_length=1)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class QueueEntry(_Model):
    """A queue. ``volume`` is calls a day (else a share of what the agents can carry), ``target`` a fraction."""

    name: Name
    service_level_seconds: Annotated[float, Field(gt=0)] = 20
    target: Annotated[float, Field(gt=0, le=1)] = 0.8
    volume: Annotated[int, Field(ge=0)] | None = None
    quality: Quality | None = None
    media: Annotated[tuple[Media, ...], Field(min_length=1)] = ("voice",)


class GroupEntry(_Model):
    """Queues with the agents who serve them. ``agents``: how many, or their names; ``open``: local hours."""

    title: str | None = None
    zone: Zone
    queues: Annotated[tuple[Annotated[QueueEntry, BeforeValidator(_named)], ...], Field(min_length=1)]
    agents: Annotated[int, Field(ge=1, le=500)] | tuple[Name, ...] = 12
    open: Annotated[str, AfterValidator(_possible_hours)] = "08:00-18:00"
    workdays: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    occupancy: Annotated[float, Field(gt=0.1, lt=1.2)] = 0.82
    division: Name = "Home"
    wfm: bool = True
    report_id: Name | None = None
    trouble: tuple[Trouble, ...] = ()

    @property
    def minutes(self) -> tuple[int, int]:
        """Opening hours as minutes after local midnight."""
        start, end = (int(part[:2]) * 60 + int(part[3:]) for part in self.open.split("-"))
        return start, end


class ClientEntry(_Model):
    """An OAuth client; ``*`` in ``permissions`` or ``divisions`` stands for all."""

    id: Name
    secret: Name
    permissions: tuple[str, ...] = ("*",)
    divisions: tuple[str, ...] = ("*",)
    token_seconds: Annotated[float, Field(gt=0)] = 86400


class QuotaEntry(_Model):
    """Requests that an OAuth client may make in each window."""

    per_minute: Annotated[int, Field(ge=1)] = 300
    window_seconds: Annotated[float, Field(gt=0)] = 60


class ScheduleEntry(_Model):
    """A schedule: local start and end without offset, an RRULE if it recurs."""

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
    """An Architect schedule group; requests for it get the trouble of ``group``, if that is named."""

    name: Name
    zone: Zone
    group: str | None = None
    open: tuple[ScheduleEntry, ...] = ()
    closed: tuple[ScheduleEntry, ...] = ()
    holidays: tuple[ScheduleEntry, ...] = ()


class CalendarHoliday(_Model):
    """A day of the guide's holiday calendar."""

    date: clock.date
    name: Name


class CalendarEntry(_Model):
    """A holiday calendar of the guide's wire; requests for it get the trouble of ``group``, if that is named."""

    id: Name
    name: Name
    zone: Zone
    group: str | None = None
    holidays: tuple[CalendarHoliday, ...] = ()


class FilesEntry(_Model):
    """How the files of the guide's wire are written."""

    delimiter: Literal[",", ";", "\t"] = ","
    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "cp1252"] = "utf-8"
    percent: Literal["hundred", "fraction", "sign"] = "hundred"


class MailboxEntry(_Model):
    """Addresses that the mailbox refuses, with its reply, e.g. ``550 5.1.1 no such user``."""

    refuse: Mapping[str, str] = Field(default_factory=dict)


class Scenario(_Model):
    """The whole file. ``job_seconds``: how long an export or adherence job takes when nothing is wrong."""

    seed: int = 1
    name: str = "Sandbox Care"
    job_seconds: Annotated[float, Field(ge=0)] = 0.5
    quota: QuotaEntry = QuotaEntry()
    clients: Annotated[tuple[ClientEntry, ...], Field(min_length=1)]
    groups: Mapping[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")], GroupEntry] = Field(
        default_factory=dict
    )
    schedule_groups: tuple[ScheduleGroupEntry, ...] = ()
    calendars: tuple[CalendarEntry, ...] = ()
    files: FilesEntry = FilesEntry()
    mailbox: MailboxEntry = MailboxEntry()

    @model_validator(mode="after")
    def _each_name_once(self) -> Self:
        _refuse_twins("queue", (queue.name for group in self.groups.values() for queue in group.queues))
        _refuse_twins("client", (client.id for client in self.clients))
        _refuse_twins("schedule group", (entry.name for entry in self.schedule_groups))
        _refuse_twins("calendar", (entry.id for entry in self.calendars))
        return self

    @model_validator(mode="after")
    def _known_groups(self) -> Self:
        named = [entry.group for entry in self.schedule_groups] + [entry.group for entry in self.calendars]
        for group in named:
            if group is not None and group not in self.groups:
                raise ValueError(f"a calendar or schedule group names the group {group!r}, which is not there")
        return self


def _refuse_twins(what: str, names: Iterator[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} {name!r} stands twice")
        seen.add(name)


def load(path: Path) -> Scenario:
    """Read a scenario file; `ScenarioError` lists all that is wrong with it."""
    try:
        return Scenario.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ScenarioError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: no TOML: {error}") from None
    except ValidationError as error:
        raise ScenarioError("\n".join(f"{path}: {line}" for line in mistakes(error))) from None


def mistakes(error: ValidationError) -> list[str]:
    """One line for each mistake: key, what is wrong, what was found."""
    return [_mistake(one["loc"], one["msg"], one["input"]) for one in error.errors()]


def _mistake(place: tuple[int | str, ...], message: str, found: Any) -> str:
    key = ".".join(str(part) for part in place) or "file"
    shown = repr(found)
    return f"{key}: {message}" + (f" (found {shown})" if len(shown) <= 80 else "")
