"""The kinds of calendar that a group can have, as tables of the group file."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from worker.domain.calendar.closures import EventFilter
from worker.domain.groups.model import NOT_BLANK, Model, mistake

OnUnreachable = Annotated[Literal["hold", "assume_open"], Field(description='"hold" or "assume_open"')]


_Text = Annotated[str, Field(pattern=NOT_BLANK, description="a text that is not empty")]
_Patterns = Annotated[
    tuple[_Text, ...], Field(description='a list of categories or summaries such as ["Public holiday"]')
]


class NoCalendar(Model):
    """Every workday is a business day."""

    kind: Literal["none"] = "none"


class ScheduleGroupCalendar(Model):
    """A Genesys Architect schedule group, by ``id`` or by exact ``name``; its holiday schedules are the holidays."""

    kind: Literal["schedule_group"]
    id: Annotated[str | None, Field(pattern=NOT_BLANK, description="the schedule group's id")] = None
    name: Annotated[str | None, Field(pattern=NOT_BLANK, description="the schedule group's exact name")] = None
    on_unreachable: OnUnreachable = "hold"

    @model_validator(mode="after")
    def _id_or_name(self) -> Self:
        if (self.id is None) == (self.name is None):
            raise mistake("either id or name", found="both" if self.id else "neither")
        return self


class GuideCalendar(Model):
    """The holiday calendar resource of a gateway that speaks the guide's wire."""

    kind: Literal["guide"]
    id: Annotated[str, Field(pattern=NOT_BLANK, description="the calendar's id at the gateway")]
    on_unreachable: OnUnreachable = "hold"


class IcalCalendar(Model):
    """An iCalendar file, relative to the group file. An event over at least half of a day makes it a holiday.

    ``only`` and ``except`` choose events by category or summary, for files that mix holidays with observances.
    """

    kind: Literal["ical"]
    path: Annotated[str, Field(description="the path of an .ics file, relative to the group file")]
    only: _Patterns = ()
    excluded: Annotated[_Patterns, Field(alias="except")] = ()
    on_unreachable: OnUnreachable = "hold"

    @property
    def event_filter(self) -> EventFilter:
        """Return which events count."""
        return EventFilter(self.only, self.excluded)


class CountryCalendar(Model):
    """Holidays of a country (ISO 3166-1 alpha-2) and, if named, a subdivision (ISO 3166-2 without prefix).

    ``categories`` are those of the `holidays` library that count beside the public holidays.
    """

    kind: Literal["country"]
    country: Annotated[str, Field(description='an ISO 3166-1 code such as "DE"')]
    subdivision: Annotated[str | None, Field(description='a subdivision such as "BY"')] = None
    categories: Annotated[
        tuple[str, ...], Field(description='a list of categories such as ["public", "optional"]')
    ] = ()


Calendar = Annotated[
    NoCalendar | ScheduleGroupCalendar | GuideCalendar | IcalCalendar | CountryCalendar,
    Field(discriminator="kind", description='a table with a kind, such as { kind = "country", country = "DE" }'),
]
