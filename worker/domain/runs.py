"""A run: one group × one reporting day × one revision. Its steps, its states and its id.

Only a run's id travels through the broker and Flower:
``support-emea:2026-11-20`` for the first revision, ``support-emea:2026-11-20.r2`` for the second.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

_RUN_ID = re.compile(r"(?P<group>[a-z0-9][a-z0-9_-]*):(?P<day>\d{4}-\d{2}-\d{2})(?:\.r(?P<revision>[1-9]\d*))?")


class Step(enum.StrEnum):
    """The steps of the chain, in their order. The operator reads the value."""

    HOLIDAY_CHECK = "holiday_check"
    EXPORT = "export"
    POLL = "poll"
    RENDER = "render"
    DELIVER = "deliver"

    @property
    def task_name(self) -> str:
        """The Celery name, e.g. ``briefing.poll``."""
        return f"briefing.{self.value}"


STEPS = tuple(Step)


class RunState(enum.StrEnum):
    """The state of a run.

    ``open`` a step is still to be done · ``delivered`` the briefing reached all recipients · ``notified`` the notice
    did (holiday, or no interactions) · ``partly_delivered`` at least one recipient got it and at least one did not ·
    ``failed`` a step gave up · ``missed`` it was too late to begin · ``skipped`` its content was already sent, or a
    correction is sent instead
    """

    OPEN = "open"
    DELIVERED = "delivered"
    NOTIFIED = "notified"
    PARTLY_DELIVERED = "partly_delivered"
    FAILED = "failed"
    MISSED = "missed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, order=True)
class RunId:
    """A group, a reporting day and a revision."""

    group: str
    reporting_day: date
    revision: int = 1

    def __str__(self) -> str:
        suffix = "" if self.revision == 1 else f".r{self.revision}"
        return f"{self.group}:{self.reporting_day.isoformat()}{suffix}"

    @classmethod
    def parse(cls, text: str) -> RunId:
        """Read ``group:YYYY-MM-DD[.rN]``. ValueError says what was expected."""
        match = _RUN_ID.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not a run id: expected group:YYYY-MM-DD or group:YYYY-MM-DD.rN")
        try:
            day = date.fromisoformat(match["day"])
        except ValueError as error:
            raise ValueError(f"{text!r} is not a run id: {error}") from None
        return cls(match["group"], day, int(match["revision"] or 1))

    def revised(self, revision: int) -> RunId:
        """Return the id of another revision of the same group and day."""
        return RunId(self.group, self.reporting_day, revision)


def steps_from(step: Step) -> tuple[Step, ...]:
    """Return the given step and all after it, which a recovered run still has to do."""
    return STEPS[STEPS.index(step) :]


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the ledger holds it. Instants are aware and in UTC, and an empty string means "not yet".

    ``briefed_day`` is the day that the documents are about: the reporting day, or the last business day before it if
    the group asks for that on holidays. ``job`` is the export job as JSON. ``polls`` and ``attempts`` count within the
    present step. ``requests`` counts the requests of the whole run to its source, ``shared`` the answers in its rows
    that other runs of the morning requested. ``send_unchanged``: send a revision even if no figure has changed.
    """

    id: RunId
    state: RunState
    step: Step
    asked_by: str
    created_at: datetime
    briefed_day: date
    outcome: Literal["briefing", "notice"] = "briefing"
    standup_at: datetime | None = None
    finished_at: datetime | None = None
    holiday_name: str = ""
    last_business_day: date | None = None
    assumed_open: str = ""
    job: str = ""
    job_started_at: datetime | None = None
    source: str = ""
    polls: int = 0
    attempts: int = 0
    requests: int = 0
    shared: int = 0
    code: str = ""
    sentence: str = ""
    alerted: bool = False
    send_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a run's timeline: the instant (UTC), the step, what happened, and details."""

    time: datetime
    step: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step is done and ``step`` comes next. ``changes`` are fields of `Run`, as the ledger stores them."""

    step: Step
    event: str
    changes: Mapping[str, str | int] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Repeat the step in ``seconds``, or as soon as the request that it ``awaits`` has been answered."""

    seconds: float
    event: str
    changes: Mapping[str, str | int] = field(default_factory=dict)
    detail: str = ""
    awaits: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """The run has ended in ``state``."""

    state: RunState
    event: str
    changes: Mapping[str, str | int] = field(default_factory=dict)
    detail: str = ""


StepOutcome = NextStep | RetryLater | Finished
"""How a step went."""
