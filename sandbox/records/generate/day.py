"""A group's records of one local date."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sandbox.figures.statuses import status_periods
from sandbox.organisation.model import Group, Queue
from sandbox.records.generate import curve, roster
from sandbox.records.generate.floor import Caller, Floor, Outcome, Seat
from sandbox.records.instants import Span, milliseconds
from sandbox.records.model import Activity, Call, DayRecords, Shift
from sandbox.scenario.file import WEEKDAYS, GroupEntry

_WEIGHT = {"good": 2.0, "fair": 1.0, "bad": 0.45}


class _Habits(NamedTuple):
    """What is the same in a group every day, by queue: share of the calls, handle time, quality, longest wait."""

    shares: list[float]
    handle: list[float]
    quality: list[str]
    longest_wait: list[float]


def generate(seed: int, group: Group, day: date) -> DayRecords:
    """Return the records of ``day``. They are empty if the group is closed, or if the zone skips the opening hours."""
    entry = group.entry
    if entry is None or WEEKDAYS[day.weekday()] not in entry.workdays:
        return DayRecords()
    chance = random.Random(f"{seed}/{group.key}/{day}")  # noqa: S311 - repeatable on purpose
    opens, seconds = _opening(entry, group, day)
    if seconds <= 0:
        return DayRecords()
    plans = [
        roster.plan(n, len(group.agents), seconds, random.Random(f"{seed}/{agent.id}"), chance)  # noqa: S311
        for n, agent in enumerate(group.agents)
    ]
    habits = _habits(seed, group)
    callers = _callers(group, entry, habits, plans, seconds, day, chance)
    index = {queue.id: n for n, queue in enumerate(group.queues)}
    seats = [
        Seat(frozenset(index[queue_id] for queue_id in agent.queue_ids), plan.on_queue())
        for agent, plan in zip(group.agents, plans, strict=True)
    ]
    floor = Floor(seats, [_WEIGHT[quality] for quality in habits.quality], chance)
    floor.run(callers)
    return _records(group, floor, plans, opens, chance)


class PlannedDay(NamedTuple):
    """What a schedule and a forecast say of a group's day, which begins at ``opens`` (ms).

    ``calls`` and ``handle`` (seconds) are by queue. ``weights`` say how the calls spread over the opening hours.
    """

    opens: int
    seconds: float
    shifts: tuple[Shift, ...]
    calls: list[float]
    handle: list[float]
    weights: list[float]


def planned(seed: int, group: Group, day: date) -> PlannedDay | None:
    """Return what is planned for ``day``, None if the group is closed. The records of the day differ by chance."""
    entry = group.entry
    if entry is None or WEEKDAYS[day.weekday()] not in entry.workdays:
        return None
    chance = random.Random(f"{seed}/{group.key}/{day}/plan")  # noqa: S311 - repeatable on purpose
    opens, seconds = _opening(entry, group, day)
    if seconds <= 0:
        return None
    plans = [
        roster.plan(n, len(group.agents), seconds, random.Random(f"{seed}/{agent.id}"), chance)  # noqa: S311
        for n, agent in enumerate(group.agents)
    ]
    habits = _habits(seed, group)
    calls = [curve.expected(mean, day) for mean in _volumes(group, entry, habits, plans)]
    shifts = tuple(_shift(agent.id, plan, opens) for agent, plan in zip(group.agents, plans, strict=True))
    return PlannedDay(opens, seconds, shifts, calls, habits.handle, _weights(plans, seconds))


def _opening(entry: GroupEntry, group: Group, day: date) -> tuple[int, float]:
    """Return the instant of opening in ms, and the elapsed seconds until closing."""
    instants = [
        milliseconds(
            datetime.combine(day + timedelta(days=minutes // 1440), time(*divmod(minutes % 1440, 60)), group.zone)
        )
        for minutes in entry.minutes
    ]
    return instants[0], (instants[1] - instants[0]) / 1000


def _habits(seed: int, group: Group) -> _Habits:
    chance = random.Random(f"{seed}/{group.key}/habits")  # noqa: S311 - repeatable on purpose
    count = len(group.queues)
    shares = [1.0 / (1 + n) ** 0.8 * chance.uniform(0.8, 1.2) for n in range(count)]
    if count > 2:
        shares[-1] *= 0.15  # real centres have a thin queue
    random_qualities = [chance.choices(("good", "fair", "bad"), (4, 4, 2))[0] for _ in range(count)]
    if count > 1 and "bad" not in random_qualities:
        random_qualities[1] = "bad"
    qualities = [queue.entry.quality if queue.entry else None for queue in group.queues]
    handle = [chance.uniform(210, 380) for _ in range(count)]
    return _Habits(
        shares,
        handle,
        [quality or default for quality, default in zip(qualities, random_qualities, strict=True)],
        [chance.uniform(150, 260) for _ in range(count)],
    )


def _volumes(group: Group, entry: GroupEntry, habits: _Habits, plans: list[roster.Plan]) -> list[float]:
    """Return the mean calls a day by queue.

    The scenario sets some of them. The other queues share the rest of the agents' time. Small teams are less busy, as
    in life, because otherwise their callers would wait too long.
    """
    busy = entry.occupancy * min(1.0, 0.75 + len(plans) / 40)
    staffed = sum(end - start for plan in plans for start, end in plan.on_queue()) * busy
    fixed = [queue.volume for queue in entry.queues]
    staffed -= sum(volume * handle for volume, handle in zip(fixed, habits.handle, strict=True) if volume)
    open_shares = sum(
        share * handle
        for share, handle, volume in zip(habits.shares, habits.handle, fixed, strict=True)
        if volume is None
    )
    return [
        float(volume) if volume is not None else max(0.0, staffed) * share / open_shares
        for share, volume in zip(habits.shares, fixed, strict=True)
    ]


def _callers(
    group: Group,
    entry: GroupEntry,
    habits: _Habits,
    plans: list[roster.Plan],
    seconds: float,
    day: date,
    chance: random.Random,
) -> list[Caller]:
    weights = _weights(plans, seconds)
    callers: list[Caller] = []
    for n, mean in enumerate(_volumes(group, entry, habits, plans)):
        count = curve.volume(mean, day, chance)
        callers += (_caller(n, arrival, habits, chance) for arrival in curve.arrivals(count, weights, seconds, chance))
    return sorted(callers, key=lambda caller: caller.time)


def _weights(plans: list[roster.Plan], seconds: float) -> list[float]:
    """Return the day's curve, raised when many agents are there: centres staff by their callers."""
    steps = [(n + 0.5) / curve.STEPS for n in range(curve.STEPS)]
    staff = [sum(plan.planned[0].start <= step * seconds < plan.planned[-1].end for plan in plans) for step in steps]
    return [curve.intensity(step) ** 0.6 * (0.2 + agents) for step, agents in zip(steps, staff, strict=True)]


def _caller(queue: int, arrival: float, habits: _Habits, chance: random.Random) -> Caller:
    is_hasty = chance.random() < 0.04
    wait = chance.uniform(1, 9) if is_hasty else 15 + chance.expovariate(1 / habits.longest_wait[queue])
    overflow = 200 + chance.random() * 60
    leaves = "flow_out" if wait > overflow and chance.random() < 0.35 else "abandon"
    handle = chance.lognormvariate(math.log(habits.handle[queue]) - 0.18, 0.6)
    return Caller(queue, arrival, overflow if leaves == "flow_out" else wait, leaves, max(12.0, handle))


def _records(group: Group, floor: Floor, plans: list[roster.Plan], opens: int, chance: random.Random) -> DayRecords:
    def instant(seconds: float) -> int:
        return opens + round(seconds * 1000)

    calls = tuple(_call(group, outcome, instant(0), chance) for outcome in floor.outcomes)
    shifts = tuple(_shift(agent.id, plan, instant(0)) for agent, plan in zip(group.agents, plans, strict=True))
    handled: dict[str, list[Span]] = {agent.id: [] for agent in group.agents}
    for call in calls:
        if call.agent_id and call.answered is not None and call.ended is not None:
            handled[call.agent_id].append((call.answered, call.ended))
    other_work: dict[str, list[tuple[str, Span]]] = {agent.id: [] for agent in group.agents}
    for work in floor.other_work:
        other_work[group.agents[work.agent].id].append((work.status, (instant(work.start), instant(work.end))))
    return DayRecords(
        calls,
        tuple(
            period
            for shift in shifts
            for period in status_periods(
                shift.agent_id, handled[shift.agent_id], other_work[shift.agent_id], shift.actual
            )
        ),
        shifts,
    )


def _call(group: Group, outcome: Outcome, opens: int, chance: random.Random) -> Call:
    caller = outcome.caller
    queue = group.queues[caller.queue]
    offered, ended = opens + round(caller.time * 1000), opens + round(outcome.ended * 1000)
    media = _media(queue, chance)
    if outcome.agent is None or outcome.answered is None:
        if caller.exit == "flow_out":
            return Call(queue.id, media, offered, flowed_out=ended)
        return Call(queue.id, media, offered, abandoned=ended)
    answered = opens + round(outcome.answered * 1000)
    handle = ended - answered
    return Call(
        queue.id,
        media,
        offered,
        answered,
        ended,
        agent_id=group.agents[outcome.agent].id,
        hold=round(handle * chance.uniform(0.05, 0.25)) if chance.random() < 0.2 else None,
        wrap_up=round(handle * chance.uniform(0.06, 0.2)),
        transferred=chance.random() < 0.07,
    )


def _media(queue: Queue, chance: random.Random) -> str:
    """Return the queue's first media type for most calls, one of the others for the rest."""
    return queue.media[0] if len(queue.media) == 1 or chance.random() < 0.75 else chance.choice(queue.media[1:])


def _shift(agent_id: str, plan: roster.Plan, opens: int) -> Shift:
    return Shift(agent_id, tuple(_activities(plan.planned, opens)), tuple(_activities(plan.actual, opens)))


def _activities(pieces: tuple[roster.Piece, ...], opens: int) -> Iterator[Activity]:
    for piece in pieces:
        yield Activity(piece.category, opens + round(piece.start * 1000), opens + round(piece.end * 1000))
