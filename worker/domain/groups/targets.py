"""The targets of a group: for all media, for one medium, and for one queue."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from worker.domain.groups.model import Model, mistake

Medium = Literal["voice", "callback", "chat", "email", "message"]
Fraction = Annotated[float, Field(ge=0, le=1, description="a fraction from 0 to 1, such as 0.8 for 80 %")]
Seconds = Annotated[int, Field(ge=1, le=10_000_000, description="whole seconds from 1 on, such as 30, without quotes")]

ORGANISATION: Literal["organisation"] = "organisation"
"""In place of a service level: take the target that each queue has in Genesys Cloud."""


def _fraction_or_organisation(value: object) -> object:
    is_fraction = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    if is_fraction or value == ORGANISATION:
        return value
    raise mistake('a fraction from 0 to 1, such as 0.8 for 80 %, or "organisation"')


ServiceLevel = Annotated[
    float | Literal["organisation"],
    BeforeValidator(_fraction_or_organisation),
    Field(description='a fraction from 0 to 1, such as 0.8 for 80 %, or "organisation"'),
]


class ContactTargets(Model):
    """The targets of one medium. What is None is inherited.

    ``seconds``: within how many seconds a contact must be answered for this service level. If the source counts with
    another time, the service level is not judged.
    """

    service_level: Annotated[ServiceLevel | None, Field(description='a fraction or "organisation"')] = None
    seconds: Seconds | None = None
    abandonment: Fraction | None = None

    @model_validator(mode="after")
    def _seconds_belong_to_a_fraction(self) -> Self:
        if self.seconds is not None and not isinstance(self.service_level, float | int):
            raise mistake("a fraction such as 0.8, which seconds belongs to", key="service_level")
        return self


_MediumTable = Annotated[
    ContactTargets | None, Field(description="a table of targets such as { service_level = 0.9, abandonment = 0.05 }")
]


class QueueTargets(ContactTargets):
    """The targets of one queue, with tables for its media."""

    voice: _MediumTable = None
    callback: _MediumTable = None
    chat: _MediumTable = None
    email: _MediumTable = None
    message: _MediumTable = None

    def of_medium(self, medium: str | None) -> ContactTargets | None:
        """Return the table of a medium."""
        table = getattr(self, medium, None) if medium in MEDIA else None
        return table if isinstance(table, ContactTargets) else None


MEDIA: tuple[Medium, ...] = ("voice", "callback", "chat", "email", "message")


class Targets(QueueTargets):
    """The group's targets as fractions (0.8 is 80 %), with tables for its media."""

    service_level: ServiceLevel = 0.80
    abandonment: Fraction = 0.05
    occupancy: Annotated[
        tuple[Fraction, Fraction], Field(description="two fractions, low and high, such as [0.75, 0.85]")
    ] = (0.75, 0.85)
    adherence: Fraction = 0.92

    @field_validator("occupancy")
    @classmethod
    def _band_is_ordered(cls, band: tuple[float, float]) -> tuple[float, float]:
        if band[0] >= band[1]:
            raise mistake("[low, high] with low below high")
        return band
