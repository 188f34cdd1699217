"""A supervisor group: who gets a briefing, when, about which queues, against which targets.

The shapes only; `groupfile` reads them from TOML and says where a mistake stands.
"""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Fraction = Annotated[float, Field(ge=0, le=1)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Targets(_Model):
    """What the group aims at, as fractions (0.8 is 80 %)."""

    service_level: Fraction = 0.80
    abandonment: Fraction = 0.05
    occupancy: tuple[Fraction, Fraction] = (0.75, 0.85)
    adherence: Fraction = 0.92

    @field_validator("occupancy")
    @classmethod
    def _band_is_ordered(cls, band: tuple[float, float]) -> tuple[float, float]:
        if band[0] >= band[1]:
            raise ValueError("expected [low, high] with low below high")
        return band


class NoCalendar(_Model):
    """Every workday is a business day."""

    kind: Literal["none"] = "none"


class ScheduleGroupCalendar(_Model):
    """A Genesys Architect schedule group, by ``id`` or by exact ``name``; its holiday schedules are the holidays."""

    kind: Literal["schedule_group"]
    id: str | None = None
    name: str | None = None
    on_unreachable: Literal["hold", "assume_open"] = "hold"

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.id is None) == (self.name is None):
            raise ValueError("expected either id or name")
        return self


class GuideCalendar(_Model):
    """The holiday calendar resource of a gateway that speaks the guide's wire."""

    kind: Literal["guide"]
    id: str
    on_unreachable: Literal["hold", "assume_open"] = "hold"


class IcalCalendar(_Model):
    """An iCalendar file on disk; every event that touches the day makes it a holiday. Relative to the group file."""

    kind: Literal["ical"]
    path: str
    on_unreachable: Literal["hold", "assume_open"] = "hold"


class CountryCalendar(_Model):
    """Public holidays of a country (ISO 3166-1 alpha-2) and, if named, a subdivision (ISO 3166-2 without prefix)."""

    kind: Literal["country"]
    country: str
    subdivision: str | None = None


Calendar = Annotated[
    NoCalendar | ScheduleGroupCalendar | GuideCalendar | IcalCalendar | CountryCalendar,
    Field(discriminator="kind"),
]


class Deliver(_Model):
    """Where the documents go. Each e-mail address gets a message of its own."""

    email: tuple[str, ...] = ()

    @field_validator("email")
    @classmethod
    def _addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            local, _, host = address.rpartition("@")
            if not local or not host or any(c.isspace() or c in ',;<>"' for c in address):
                raise ValueError(f"{address!r} is no e-mail address")
        if len(set(addresses)) != len(addresses):
            raise ValueError("an address stands twice")
        return addresses


class Group(_Model):
    """One supervisor group. ``key`` is its name in ids, file names and Flower; ``title`` is what people read.

    ``standup_at``, ``catch_up_until``: local wall time in ``zone``. The briefing is begun ``lead_minutes`` before the
    stand-up, and after an outage as long as it is not yet ``catch_up_until``. ``queues``: names, or ids as ``id:…``.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    enabled: bool = True
    organisation: str = "main"
    zone: str
    standup_at: time
    lead_minutes: Annotated[int, Field(ge=0, le=720)] = 45
    catch_up_until: time
    workdays: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    calendar: Calendar = NoCalendar()
    on_holiday: Literal["notice", "last_business_day"] = "notice"
    source: Literal["queries", "reporting"] = "queries"
    queues: Annotated[tuple[str, ...], Field(min_length=1)]
    media: tuple[Literal["voice", "callback", "chat", "email", "message"], ...] = ("voice",)
    management_units: tuple[str, ...] = ()
    report: str | None = None
    on_incomplete: Literal["send", "hold"] = "send"
    targets: Targets = Targets()
    deliver: Deliver

    @property
    def tz(self) -> ZoneInfo:
        """The group's one zone, from schedule to page."""
        return ZoneInfo(self.zone)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("expected an IANA zone such as Europe/Berlin") from None
        return zone

    @field_validator("workdays")
    @classmethod
    def _some_workday_each_once(cls, days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if not days or len(set(days)) != len(days):
            raise ValueError("expected at least one weekday, each once")
        return tuple(day for day in WEEKDAYS if day in days)

    @model_validator(mode="after")
    def _times_fit(self) -> Self:
        if self.catch_up_until < self.standup_at:
            raise ValueError(f"catch_up_until {self.catch_up_until:%H:%M} is before standup_at {self.standup_at:%H:%M}")
        if self.standup_at.hour * 60 + self.standup_at.minute < self.lead_minutes:
            raise ValueError(
                f"standup_at {self.standup_at:%H:%M} less lead_minutes {self.lead_minutes} is the day before"
            )
        return self

    @model_validator(mode="after")
    def _source_has_what_it_needs(self) -> Self:
        if self.source == "reporting" and not self.report:
            raise ValueError('source "reporting" needs report, the path of a report definition')
        return self
