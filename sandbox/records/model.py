"""What happened in the contact centre. All instants are integer milliseconds of UTC since 1970."""

from __future__ import annotations

from typing import NamedTuple


class Call(NamedTuple):
    """One interaction that reached a queue.

    A call ends in one of three ways: answered (``answered``, then ``ended`` after wrap-up), abandoned or flowed out.
    All three are None when the record does not say. ``hold`` and ``wrap_up`` are durations in ms, None if unknown.
    """

    queue_id: str
    media_type: str
    offered: int
    answered: int | None = None
    ended: int | None = None
    abandoned: int | None = None
    flowed_out: int | None = None
    agent_id: str | None = None
    hold: int | None = None
    wrap_up: int | None = None
    transferred: bool = False


class Activity(NamedTuple):
    """A part of a shift. ``category`` is a WFM category: OnQueueWork, Break, Meal, Unavailable."""

    category: str
    start: int
    end: int


class Shift(NamedTuple):
    """An agent's planned and actual activities on one day."""

    agent_id: str
    planned: tuple[Activity, ...]
    actual: tuple[Activity, ...]


class StatusPeriod(NamedTuple):
    """A time span in which an agent had one routing status.

    The statuses are INTERACTING, COMMUNICATING, IDLE, NOT_RESPONDING and OFF_QUEUE.
    """

    agent_id: str
    status: str
    start: int
    end: int


class DayRecords(NamedTuple):
    """A group's records that begin on one local date. They may end on the next."""

    calls: tuple[Call, ...] = ()
    status_periods: tuple[StatusPeriod, ...] = ()
    shifts: tuple[Shift, ...] = ()
