"""What a source returns: counts and durations of one window, not yet judged.

``None`` means that the source does not say. 0 means that it says none. Counts are contacts. Durations have their unit
in their name. Ratios are fractions (0.8 is 80 %). Instants are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from worker.domain.gap_texts import GapText

GapKind = Literal["partial", "unavailable", "late_data", "assumed_open", "percent_only", "doubtful"]

_NOT_SET_UP = frozenset({GapText.NO_UNIT_NAMED.name})
"""The texts of gaps that say what the group's file does not ask for."""


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open time span, ``start`` ≤ t < ``end``. Both are aware and in the group's zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: the source's id, and its name when the rows were fetched."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class QueueInterval:
    """What one queue did with one media type in one half-hour, or in the whole window where ``start`` is None.

    ``stated`` holds ratios that the source gives without their counts, by metric name (see `metrics.Metric`). They can
    be shown but not added up.
    """

    queue_id: str
    media_type: str
    start: datetime | None
    offered: int | None = None
    answered: int | None = None
    answered_late: int | None = None
    abandoned: int | None = None
    short_abandoned: int | None = None
    flowed_out: int | None = None
    service_level_numerator: int | None = None
    service_level_denominator: int | None = None
    handled: int | None = None
    handle_ms: int | None = None
    answer_ms: int | None = None
    stated: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgentDay:
    """What one agent did in the window, over all queues. ``queues`` are names, for the reader."""

    user_id: str
    name: str
    queues: tuple[str, ...] = ()
    interacting_ms: int | None = None
    communicating_ms: int | None = None
    idle_ms: int | None = None
    scheduled_seconds: int | None = None
    exception_seconds: int | None = None
    exceptions: int | None = None
    late_logins: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the rows lack and the reader must know. ``metric`` is set if it affects only that metric.

    ``partial``: the source says that its result is incomplete. ``unavailable``: a part could not be fetched at all, for
    example without licence or permission. ``late_data``: the source was asked before the window's end.
    ``assumed_open``: the calendar could not be read. ``percent_only``: the source gives percentages without counts.
    ``doubtful``: a figure is shown that nothing in the source's file proves or disproves.

    ``detail`` is the English sentence. ``text`` is the name of the `GapText` that it was made from, with ``values``, so
    that it can be said in another language. Gaps that an earlier version stored have none.
    """

    kind: GapKind
    detail: str
    metric: str | None = None
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_not_set_up(self) -> bool:
        """Return whether the group's file does not ask for it, so that nothing is missing.

        Its kind is ``unavailable``. A worker of an earlier release, which may take the next step of the run, would fail
        on a kind that it does not know.
        """
        return self.text in _NOT_SET_UP


def gap(kind: GapKind, text: GapText, metric: str | None = None, **values: str | int) -> Gap:
    """Return the gap with the sentence that a text gives with these values."""
    words = {name: str(value) for name, value in values.items()}
    return Gap(kind, text.value.format(**words), metric, text.name, words)


@dataclass(frozen=True, slots=True)
class ServiceObjective:
    """The service level that a queue has at the source for one medium: ``share`` of the contacts within ``seconds``.

    The source counts a contact as in time within these ``seconds``. What it does not say is None.
    """

    queue_id: str
    medium: str
    share: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class SourceNote:
    """One request to the source: what was asked for, its id at the source, how many rows came, how it ended."""

    what: str
    id: str
    rows: int
    status: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that one run received from its source."""

    queues: tuple[Queue, ...]
    intervals: tuple[QueueInterval, ...]
    agents: tuple[AgentDay, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[SourceNote, ...] = ()
    service_level_seconds: int | None = None
    objectives: tuple[ServiceObjective, ...] = ()
    fetched_at: datetime | None = None
