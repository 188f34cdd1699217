"""What to talk about, and what became of what was talked about the day before."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.metrics import Status


@dataclass(frozen=True, slots=True)
class Insight:
    """Something to talk about. ``kind`` chooses the sentence and ``figures`` fill it: see `insights`."""

    kind: str
    status: Status
    figures: Mapping[str, object] = field(default_factory=dict)


class Outcome(enum.StrEnum):
    """What became of a talking point. ``better`` needs evidence: a figure back inside its usual range."""

    AGAIN = "again"
    BETTER = "better"
    GONE = "gone"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class PointOutcome:
    """A talking point of the previous business day, and the same figure on this one, None if it is not known.

    ``name`` is the queue's, "" for other points. ``is_outside``: that cannot be told, because the figure lies outside
    its usual range, on the same side as before, and is not unusual. ``is_goal_changed``: it cannot be told, because
    the group has set another goal since.
    """

    point: TalkingPoint
    outcome: Outcome
    value: float | None
    name: str = ""
    is_outside: bool = False
    is_goal_changed: bool = False


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A talking point that has not been followed up yet. ``name`` is the queue's, "" for other points."""

    point: TalkingPoint
    name: str = ""


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """The talking points of ``day``, the last business day, on a day without figures to compare them with."""

    day: date
    points: tuple[OpenPoint, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What became of the talking points of ``day``, the previous business day."""

    day: date
    points: tuple[PointOutcome, ...]
