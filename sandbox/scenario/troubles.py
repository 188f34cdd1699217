"""The kinds of trouble that a group can have, as the scenario file and `POST /_sandbox/trouble` write them.

A kind with ``times`` strikes that many requests and is over. Without ``times`` it never ends. A kind with ``path``
strikes only requests whose path contains that text.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sandbox.scenario.file_options import FileOptions

Count = Annotated[int, Field(ge=0)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Strike(_Model):
    times: Annotated[int, Field(ge=1)] | None = None
    path: str = ""


class SlowExport(_Model):
    """Export and adherence jobs of the group take this long."""

    kind: Literal["slow_export"]
    seconds: Annotated[float, Field(ge=0)]


class NotYet(_Model):
    """The first status requests for each job get 404, the next ones 503."""

    kind: Literal["not_yet"]
    not_found: Count = 1
    unavailable: Count = 1


class RateLimit(_Strike):
    """Requests get 429, whatever the quota says."""

    kind: Literal["rate_limit"]
    times: Annotated[int, Field(ge=1)] | None = 1
    retry_after: Annotated[int, Field(ge=0)] = 2


class ExpiredToken(_Strike):
    """The access token of a request for the group is revoked, and the request gets 401."""

    kind: Literal["expired_token"]
    times: Annotated[int, Field(ge=1)] | None = 1


class Forbidden(_Strike):
    """Endpoints that need ``permission`` answer 403. Without ``permission``, every endpoint that needs any does."""

    kind: Literal["forbidden"]
    permission: str | None = None


class Malformed(_Strike):
    """The body is cut off in the middle, or is a web page."""

    kind: Literal["malformed"]
    style: Literal["truncated", "html"] = "truncated"


class Down(_Strike):
    """The connection is closed without an answer, or the answer is 503."""

    kind: Literal["down"]
    style: Literal["close", "503"] = "close"


class Partial(_Model):
    """Jobs end with partial results: the file lacks its last rows and the status says so."""

    kind: Literal["partial"]


class FileForm(FileOptions):
    """The group's exported files have another form than the scenario's ``[files]``."""

    kind: Literal["file_form"]


class Failed(_Model):
    """Export and adherence jobs of the group fail."""

    kind: Literal["failed"]
    reason: str = "FAILED_GETTING_DATA_FROM_SERVICE"


class Immediate(_Model):
    """Adherence is answered at once with 200, not by a job with 202."""

    kind: Literal["immediate"]


class EmptyDay(_Model):
    """No one called on ``date`` (local). Without a date, no one ever called."""

    kind: Literal["empty_day"]
    date: datetime.date | None = None


class Holiday(_Model):
    """``date`` is a holiday in the group's schedule group and holiday calendar, and no one called."""

    kind: Literal["holiday"]
    date: datetime.date
    name: str = "Public Holiday"


class NoSchedule(_Model):
    """No schedule of the group's business unit is published."""

    kind: Literal["no_schedule"]


class NoForecast(_Model):
    """The schedules of the group's business unit were made without a forecast."""

    kind: Literal["no_forecast"]


class MovedUnit(_Model):
    """The group's management unit is listed with another business unit, as it was before it was moved."""

    kind: Literal["moved_unit"]
    business_unit: str


class Calculating(_Strike):
    """The workforce management answers with this state to requests for a schedule search or a prediction."""

    kind: Literal["calculating"]
    state: Literal["Processing", "Error", "Canceled"] = "Processing"


class Shortage(_Model):
    """In the half-hour from ``time`` (local) the group's first queue needs so many agents more than are scheduled."""

    kind: Literal["shortage"]
    time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):(00|30)$")]
    agents: Annotated[int, Field(ge=1)]


class TimeOff(_Model):
    """So many of the group's agents, the last ones, have time off on each day."""

    kind: Literal["time_off"]
    agents: Annotated[int, Field(ge=1)]


Trouble = Annotated[
    SlowExport
    | NotYet
    | RateLimit
    | ExpiredToken
    | Forbidden
    | Malformed
    | Down
    | Partial
    | FileForm
    | Failed
    | Immediate
    | EmptyDay
    | Holiday
    | NoSchedule
    | NoForecast
    | MovedUnit
    | Calculating
    | Shortage
    | TimeOff,
    Field(discriminator="kind"),
]
TROUBLES: TypeAdapter[tuple[Trouble, ...]] = TypeAdapter(tuple[Trouble, ...])
"""Reads a list of troubles from plain data. A ValidationError of pydantic names the wrong key."""
