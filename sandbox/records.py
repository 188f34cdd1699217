"""What happened in the contact centre. All instants are integer milliseconds of UTC since 1970."""

from __future__ import annotations

from typing import NamedTuple


class Call(NamedTuple):
    """One interaction that reached a queue.

    It ends in one of three ways: answered (``answered``, ``ended`` after wrap-up), abandoned or flowed out; all may be
    missing for a record that says no more. ``held`` and ``wrap_up`` are durations in ms, None where unknown.
    """

    queue_id: str
    media_type: str
    offered: int
    answered: int | None = None
    ended: int | None = None
    abandoned: int | None = None
    flowed_out: int | None = None
    agent_id: str | None = None
    held: int | None = None
    wrap_up: int | None = None
    transferred: bool = False


class Activity(NamedTuple):
    """A stretch of a shift; ``category`` as WFM names it: OnQueueWork, Break, Meal, Unavailable."""

    category: str
    start: int
    end: int


class Shift(NamedTuple):
    """What an agent was to do on a day, and did."""

    agent_id: str
    planned: tuple[Activity, ...]
    actual: tuple[Activity, ...]


class Stretch(NamedTuple):
    """A routing status of an agent: INTERACTING, COMMUNICATING, IDLE, NOT_RESPONDING or OFF_QUEUE."""

    agent_id: str
    status: str
    start: int
    end: int


class Day(NamedTuple):
    """A group's records that begin on one local date; they may end on the next."""

    calls: tuple[Call, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    shifts: tuple[Shift, ...] = ()
