"""A run: one group × one reporting day, with a revision; its steps, its states and its id.

A run's id is all that travels through the broker, the result backend and Flower:
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
    """The steps of the chain, in their order; the value is what the operator reads."""

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
    """Where a run stands.

    ``open`` some step is still to be done · ``delivered`` a briefing reached everybody · ``notified`` the notice did
    (holiday, or no interactions) · ``partly_delivered`` at least one recipient got it and at least one did not ·
    ``failed`` a step gave up · ``missed`` it was too late to begin · ``skipped`` what it would say was already sent,
    or a correction goes instead
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
    """Which group, which reporting day, which revision."""

    group: str
    reporting_day: date
    revision: int = 1

    def __str__(self) -> str:
        suffix = "" if self.revision == 1 else f".r{self.revision}"
        return f"{self.group}:{self.reporting_day.isoformat()}{suffix}"

    @classmethod
    def parse(cls, text: str) -> RunId:
        """Read ``group:YYYY-MM-DD[.rN]``; ValueError says what was expected."""
        found = _RUN_ID.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is no run id: expected group:YYYY-MM-DD or group:YYYY-MM-DD.rN")
        try:
            day = date.fromisoformat(found["day"])
        except ValueError as error:
            raise ValueError(f"{text!r} is no run id: {error}") from None
        return cls(found["group"], day, int(found["revision"] or 1))

    def revised(self, revision: int) -> RunId:
        """The same group and day as another revision."""
        return RunId(self.group, self.reporting_day, revision)


def steps_from(step: Step) -> tuple[Step, ...]:
    """The given step and all after it: what a recovered run still has to do."""
    return STEPS[STEPS.index(step) :]


@dataclass(frozen=True, slots=True)
class Run:
    """What the ledger knows of a run. Instants are aware and in UTC; empty strings stand for "not yet".

    ``briefed_day`` is the day that the documents are about: the reporting day, or the last business day before it
    where a group asks for that on holidays. ``job`` is the export job as JSON. ``polls`` and ``attempts`` count within
    the present step; ``requests`` counts what the whole run asked of the source, ``shared`` the answers in its rows
    that other runs of the morning have asked for.
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


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a run's story: when (UTC), which step, what happened, and more for whoever asks."""

    at: datetime
    step: str
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Onward:
    """A step is done; ``to`` comes next. ``changes`` are fields of `Run`, as the ledger writes them."""

    to: Step
    what: str
    changes: Mapping[str, str | int] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """The step is to be done again in ``seconds``, or as soon as the flight that it ``awaits`` has landed."""

    seconds: float
    what: str
    changes: Mapping[str, str | int] = field(default_factory=dict)
    detail: str = ""
    awaits: str = ""


@dataclass(frozen=True, slots=True)
class Over:
    """The run has ended in ``state``."""

    state: RunState
    what: str
    changes: Mapping[str, str | int] = field(default_factory=dict)
    detail: str = ""


Settlement = Onward | Later | Over
"""How a step went."""
