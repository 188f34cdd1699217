"""A supervisor group: who gets a briefing, when, about which queues, and with which targets.

this module      `Group` and its tables
calendar_kinds   the kinds of calendar that a group can have
targets          targets for all media, for a medium and for a queue
thresholds       when something is worth talking about
names            how names are compared
privacy          who may read what
model            what all tables of a group file share

`worker.groupfiles` reads groups from TOML and says in which line a mistake is. The description of a field is what an
error says is expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from functools import cache
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from worker.domain import addresses
from worker.domain.groups.calendar_kinds import Calendar, NoCalendar
from worker.domain.groups.model import NOT_BLANK, Model, mistake, plain
from worker.domain.groups.names import ID_PREFIX, comparable, comparable_entry
from worker.domain.groups.privacy import Policy
from worker.domain.groups.targets import Medium, QueueTargets
from worker.domain.groups.targets import Targets as Targets
from worker.domain.groups.thresholds import Thresholds

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WALL_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?")


@cache
def known_zones() -> frozenset[str]:
    """Return the IANA zones, without ``localtime``, which differs from machine to machine."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _wall_time(value: object) -> object:
    """Accept ``08:30`` as text or a TOML local time, and no numbers or offsets, which pydantic would accept."""
    if isinstance(value, str) and _WALL_TIME.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    elif isinstance(value, time) and value.tzinfo is None:
        return value
    raise mistake('a local time from 00:00 to 23:59, such as "08:30"')


WallTime = Annotated[time, BeforeValidator(_wall_time), Field(description='a local time such as "08:30"')]


ChannelKind = Literal["bucket", "email", "sendgrid", "slack", "teams"]
_SettingsNames = Annotated[tuple[str, ...], Field(description='a list of names from the settings such as ["ops-emea"]')]
_AddressList = Annotated[tuple[str, ...], Field(description='a list of addresses such as ["ana@example.com"]')]


class Deliver(Model):
    """Where the documents go. Each address gets its own message, and two spellings of a mailbox get one.

    ``email`` uses the mail server, ``sendgrid`` uses SendGrid. ``slack``, ``teams`` and ``bucket`` are names from the
    settings: ``ops-emea`` is ``STANDUP_SLACK__OPS_EMEA__…``.
    """

    email: _AddressList = ()
    sendgrid: _AddressList = ()
    slack: _SettingsNames = ()
    teams: _SettingsNames = ()
    bucket: _SettingsNames = ()

    @property
    def recipients(self) -> tuple[tuple[ChannelKind, str], ...]:
        """Return channel and recipient of each delivery, buckets first, so that chats can link to their files."""
        kinds: tuple[ChannelKind, ...] = ("bucket", "email", "sendgrid", "slack", "teams")
        return tuple((kind, recipient) for kind in kinds for recipient in getattr(self, kind))

    @field_validator("email", "sendgrid")
    @classmethod
    def _addresses(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for address in values:
            fault = addresses.fault_of(address)
            if fault:
                expected = f"an e-mail address such as ana@example.com ({fault})"
                raise mistake(expected, found=f'"{addresses.visible(address)}"')
        return addresses.one_for_each_mailbox(_without_duplicates(values, "address"))

    @field_validator("slack", "teams", "bucket")
    @classmethod
    def _names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not _SETTINGS_NAME.fullmatch(name):
                raise mistake("a name of letters, digits, - and _ such as ops-emea", found=f'"{name}"')
        return _without_duplicates(names, "name", plain)


_SETTINGS_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")


def _without_duplicates(values: tuple[str, ...], noun: str, key_of: Callable[[str], str] = str) -> tuple[str, ...]:
    """Return the values. Raise a mistake if ``key_of`` returns the same for two, which then mean the same."""
    by_key: dict[str, str] = {}
    for value in values:
        key = key_of(value)
        if key in by_key:
            twice = (
                f'"{value}" twice' if by_key[key] == value else f'"{by_key[key]}" and "{value}", which mean the same'
            )
            raise mistake(f"each {noun} once", found=twice)
        by_key[key] = value
    return values


KEY_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,62}$"
KEY_FORM = "a name of 1 to 63 lower-case letters (a to z), digits, - or _, beginning with a letter or digit"
Pages = Literal["phone", "a4", "letter", "both"]
Table = Literal["queues", "half_hours", "agents"]
AppendixPart = Literal["queues", "half_hours", "agents", "source"]
Language = Literal["en", "de"]


class Group(Model):
    """One supervisor group. ``key`` is its name in ids, file names and Flower. ``title`` is what people read.

    ``standup_at``, ``catch_up_until``: local wall time in ``zone``. The briefing starts ``lead_minutes`` before the
    stand-up. After an outage it still starts until ``catch_up_until``. ``queues``: names, or ids as ``id:…``.
    """

    key: Annotated[str, Field(pattern=KEY_PATTERN, description=KEY_FORM)]
    title: Annotated[
        str, Field(pattern=NOT_BLANK, max_length=200, description="a text of 1 to 200 characters, not only spaces")
    ]
    enabled: Annotated[bool, Field(description="true or false")] = True
    organisation: Annotated[
        str, AfterValidator(plain), Field(description="the name of an organisation in the settings")
    ] = "main"
    zone: Annotated[str, Field(description="an IANA zone such as Europe/Berlin")]
    standup_at: WallTime
    lead_minutes: Annotated[int, Field(ge=0, le=720, description="whole minutes from 0 to 720, without quotes")] = 45
    catch_up_until: WallTime
    workdays: Annotated[
        tuple[Weekday, ...], Field(description='weekdays out of "mon" "tue" "wed" "thu" "fri" "sat" "sun", each once')
    ] = ("mon", "tue", "wed", "thu", "fri")
    calendar: Calendar = NoCalendar()
    on_holiday: Annotated[
        Literal["notice", "last_business_day"], Field(description='"notice" or "last_business_day"')
    ] = "notice"
    source: Annotated[
        Literal["queries", "exports", "reporting"], Field(description='"queries", "exports" or "reporting"')
    ] = "queries"
    queues: Annotated[tuple[str, ...], Field(min_length=1, description="a list of at least one queue name or id:…")]
    media: Annotated[
        tuple[Medium, ...],
        Field(min_length=1, description='at least one medium out of "voice" "callback" "chat" "email" "message"'),
    ] = ("voice",)
    management_units: Annotated[
        tuple[Annotated[str, Field(pattern=NOT_BLANK)], ...], Field(description="a list of management unit ids")
    ] = ()
    today: Annotated[bool, Field(description="true or false")] = True
    report: Annotated[str | None, Field(description="the path of a report definition, relative to the group file")] = (
        None
    )
    behind: Annotated[
        tuple[AppendixPart, ...],
        Field(description='a list out of "queues" "half_hours" "agents" "source", in the order of the pages'),
    ] = ()
    include_source_pdf: Annotated[bool, Field(description="true or false")] = False
    on_incomplete: Annotated[Literal["send", "hold"], Field(description='"send" or "hold"')] = "send"
    targets: Annotated[Targets, Field(description='a table of targets, or "organisation"')] = Targets()
    queue_targets: Annotated[
        dict[str, Annotated[QueueTargets, Field(description="a table of targets")]],
        Field(default_factory=dict, description='a table for each queue such as "Billing" = { service_level = 0.9 }'),
    ]
    insights: Annotated[Thresholds, Field(description="a table of thresholds")] = Thresholds()
    language: Annotated[Language, Field(description='"en" or "de"')] = "en"
    personal_data: Annotated[Policy | None, Field(description='"refuse", "mask" or "allow"')] = None
    max_message_bytes: Annotated[
        int | None, Field(ge=200_000, description="whole bytes from 200000, such as 8000000, without quotes")
    ] = None
    pages: Annotated[Pages, Field(description='"phone", "a4", "letter" or "both"')] = "phone"
    deliver: Annotated[Deliver, Field(description='a table such as { email = ["ana@example.com"] }')]

    @property
    def tz(self) -> ZoneInfo:
        """Return the group's time zone."""
        return ZoneInfo(self.zone)

    @property
    def appendix_parts(self) -> tuple[AppendixPart, ...]:
        """Return what follows the PDF's pages, in order. The older key ``include_source_pdf`` puts its PDF last."""
        if "source" in self.behind or not self.include_source_pdf:
            return self.behind
        return (*self.behind, "source")

    @property
    def wants_source_pdf(self) -> bool:
        """Return whether to fetch the source's own PDF."""
        return "source" in self.appendix_parts

    @property
    def plans_today(self) -> bool:
        """Return whether the workforce management is asked for the plan of the stand-up's day. Gateways have none."""
        return self.today and bool(self.management_units) and self.source != "reporting"

    @field_validator("behind")
    @classmethod
    def _parts_without_duplicates(cls, parts: tuple[AppendixPart, ...]) -> tuple[AppendixPart, ...]:
        _without_duplicates(parts, "part")
        return parts

    @field_validator("media")
    @classmethod
    def _media_without_duplicates(cls, media: tuple[Medium, ...]) -> tuple[Medium, ...]:
        _without_duplicates(media, "medium")
        return media

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in known_zones():
            raise mistake("an IANA zone such as Europe/Berlin")
        return zone

    @field_validator("workdays")
    @classmethod
    def _some_workday_without_duplicates(cls, days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if not days or len(set(days)) != len(days):
            raise mistake("at least one weekday, each once")
        return tuple(day for day in WEEKDAYS if day in days)

    def targets_of_queue(self, queue_id: str, name: str) -> QueueTargets | None:
        """Return the targets that the group sets for a queue, by its id or its name."""
        names_of_queue = (f"{ID_PREFIX}{queue_id}", comparable(name))
        return next(
            (targets for entry, targets in self.queue_targets.items() if comparable_entry(entry) in names_of_queue),
            None,
        )

    @model_validator(mode="after")
    def _queue_targets_are_of_its_queues(self) -> Self:
        entries = set(map(comparable_entry, self.queues))
        for name in self.queue_targets:
            if comparable_entry(name) not in entries:
                raise mistake(
                    f"one of the group's queues: {', '.join(self.queues)}", key="queue_targets", found=f'"{name}"'
                )
        return self

    @field_validator("queues")
    @classmethod
    def _queues_are_named(cls, queues: tuple[str, ...]) -> tuple[str, ...]:
        for entry in queues:
            if not entry.removeprefix(ID_PREFIX).strip():
                raise mistake("a queue's name, or id: and its id", found=f'"{entry}"')
        return queues

    @field_validator("queue_targets")
    @classmethod
    def _targets_once_for_each_queue(cls, targets: dict[str, QueueTargets]) -> dict[str, QueueTargets]:
        _without_duplicates(tuple(targets), "queue", comparable_entry)
        return targets

    @model_validator(mode="after")
    def _times_fit(self) -> Self:
        if self.catch_up_until < self.standup_at:
            raise mistake(
                f"a time not before standup_at, {self.standup_at:%H:%M}",
                key="catch_up_until",
                found=f"{self.catch_up_until:%H:%M}",
            )
        if self.standup_at.hour * 60 + self.standup_at.minute < self.lead_minutes:
            raise mistake(
                f"at most the minutes from midnight to standup_at, {self.standup_at:%H:%M}",
                key="lead_minutes",
                found=str(self.lead_minutes),
            )
        return self

    @model_validator(mode="after")
    def _source_has_what_it_needs(self) -> Self:
        if self.source == "reporting" and not self.report:
            raise mistake('the path of a report definition, which source "reporting" needs', key="report")
        if self.wants_source_pdf and self.source == "queries":
            key = "include_source_pdf" if self.include_source_pdf else "behind"
            raise mistake('source "exports" or "reporting", which can have a PDF of their own', key=key)
        return self
