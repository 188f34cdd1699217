"""Simulated days of a contact centre: callers wait in one queue for any agent, and hang up (M/M/c+M).

Arrivals follow a Poisson process with a daily profile. Handle times, and the times until callers hang up, are
exponential. Each half-hour has as many agents as Erlang A needs for 80 % within 20 seconds. The same seed gives the
same days.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from tests.checker.case import Case
from worker.domain.groups import Deliver, Group, Language
from worker.domain.rows import AgentDay, Queue, QueueInterval, Rows
from worker.domain.staffing.day_model import HALF_HOUR_SECONDS, Waiting
from worker.domain.staffing.risks import required

HANDLE_SECONDS, PATIENCE_SECONDS, WITHIN_SECONDS = 183.0, 382.0, 20
FIRST_START = 8 * 3600
PROFILE = (2, 3, 4.5, 6, 7, 7, 6.5, 6, 5, 5, 5.5, 6, 6, 5.5, 5, 4.5, 4, 3.5, 3, 2.5, 2, 1.5, 1.2, 1)
"""Contacts of each half-hour from 08:00 to 20:00, in any unit."""
QUEUE_SHARES = (0.35, 0.2, 0.12, 0.08, 0.06, 0.05, 0.04, 0.03, 0.03, 0.02, 0.01, 0.01)
WEEKDAYS = (1.10, 1.04, 1.0, 0.98, 0.88, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Centre:
    """A contact centre, and how much its days differ beyond chance: standard deviations of rate and agents."""

    contacts: float
    rate_deviation: float = 0.03
    agents_deviation: float = 0.02
    queue_shares: Sequence[float] = QUEUE_SHARES
    queue_handle_times: Sequence[float] = ()
    """The handle time of each queue, that of the centre where none is given."""
    weekdays: Sequence[float] = WEEKDAYS
    """How many times the contacts and the agents each weekday has."""

    @property
    def rates(self) -> list[float]:
        """Expected contacts of each half-hour, on a day as busy as the mean."""
        return [self.contacts * part / sum(PROFILE) for part in PROFILE]

    @property
    def agents(self) -> list[int]:
        """Agents of each half-hour."""
        return [required(rate, HANDLE_SECONDS, Waiting(PATIENCE_SECONDS, WITHIN_SECONDS), 0.8) for rate in self.rates]


@dataclass(frozen=True, slots=True)
class Cause:
    """What is planted in a day: factors on contacts, handle time and agents."""

    volume: float = 1.0
    handle: float = 1.0
    staffing: float = 1.0


@dataclass(slots=True)
class _Cell:
    """A queue in a half-hour."""

    offered: int = 0
    answered: int = 0
    late: int = 0
    abandoned: int = 0
    handle_seconds: float = 0.0
    answer_seconds: float = 0.0


@dataclass(slots=True)
class _Day:
    cells: defaultdict[tuple[int, int], _Cell] = field(default_factory=lambda: defaultdict(_Cell))
    busy_seconds: float = 0.0
    agent_seconds: float = 0.0


def rows_of_day(centre: Centre, day: date, chance: random.Random, cause: Cause = Cause()) -> Rows:
    """Return the rows of one simulated day, in UTC."""
    factor = centre.weekdays[day.weekday()] * max(chance.gauss(1, centre.rate_deviation), 0.1)
    staff = centre.weekdays[day.weekday()] * max(chance.gauss(1, centre.agents_deviation), 0.1) * cause.staffing
    agents = [max(_rounded(number * staff, chance), 1) for number in centre.agents]
    rates = [rate * factor * cause.volume for rate in centre.rates]
    return _rows(_simulated(centre, rates, agents, cause, chance), day, len(centre.queue_shares))


def _rounded(number: float, chance: random.Random) -> int:
    """Round at random, so that the mean stays what it is."""
    return int(number) + (chance.random() < number % 1)


def _simulated(
    centre: Centre, rates: Sequence[float], agents: Sequence[int], cause: Cause, chance: random.Random
) -> _Day:
    day = _Day(agent_seconds=sum(agents) * HALF_HOUR_SECONDS)
    free_at: list[float] = []
    shares, queues = list(itertools.accumulate(centre.queue_shares)), range(len(centre.queue_shares))
    handle_times = centre.queue_handle_times or [HANDLE_SECONDS] * len(queues)
    for half_hour, (rate, number) in enumerate(zip(rates, agents, strict=True)):
        start = half_hour * HALF_HOUR_SECONDS
        free_at = sorted(free_at)[-number:] + [float(start)] * (number - len(free_at))
        heapq.heapify(free_at)
        for arrival in _arrivals(start, rate, chance):
            queue = chance.choices(queues, cum_weights=shares)[0]
            cell = day.cells[half_hour, queue]
            cell.offered += 1
            wait = max(free_at[0] - arrival, 0.0)
            if wait > chance.expovariate(1 / PATIENCE_SECONDS):
                cell.abandoned += 1
                continue
            seconds = chance.expovariate(1 / (handle_times[queue] * cause.handle))
            heapq.heapreplace(free_at, max(free_at[0], arrival) + seconds)
            cell.answered += 1
            cell.late += wait > WITHIN_SECONDS
            cell.handle_seconds += seconds
            cell.answer_seconds += wait
            day.busy_seconds += seconds
    return day


def _arrivals(start: float, rate: float, chance: random.Random) -> Iterator[float]:
    now = start + chance.expovariate(rate / HALF_HOUR_SECONDS)
    while now < start + HALF_HOUR_SECONDS:
        yield now
        now += chance.expovariate(rate / HALF_HOUR_SECONDS)


def _rows(simulated: _Day, day: date, queues: int) -> Rows:
    midnight = datetime.combine(day, time(), UTC)
    intervals = tuple(
        QueueInterval(
            queue_id=f"q{queue}",
            media_type="voice",
            start=midnight + timedelta(seconds=FIRST_START + half_hour * HALF_HOUR_SECONDS),
            offered=cell.offered,
            answered=cell.answered,
            answered_late=cell.late,
            abandoned=cell.abandoned,
            handled=cell.answered,
            handle_ms=round(cell.handle_seconds * 1000),
            answer_ms=round(cell.answer_seconds * 1000),
        )
        for (half_hour, queue), cell in sorted(simulated.cells.items())
    )
    busy_ms = round(simulated.busy_seconds * 1000)
    idle_ms = max(round(simulated.agent_seconds * 1000) - busy_ms, 0)
    team = AgentDay("a1", "Ada", interacting_ms=busy_ms, communicating_ms=0, idle_ms=idle_ms)
    names = tuple(Queue(f"q{queue}", f"Queue {queue + 1}") for queue in range(queues))
    return Rows(names, intervals, (team,), service_level_seconds=WITHIN_SECONDS)


def group_of(centre: Centre, language: Language = "en") -> Group:
    """Return the group of a centre, which works from Monday to Friday."""
    return Group.model_validate(
        {
            "key": "queue-days",
            "title": "Northgate Support",
            "zone": "UTC",
            "language": language,
            "standup_at": time(8),
            "catch_up_until": time(12),
            "queues": tuple(f"Queue {number + 1}" for number in range(len(centre.queue_shares))),
            "workdays": ("mon", "tue", "wed", "thu", "fri"),
            "deliver": Deliver(),
        }
    )


def workdays(first: date, number: int) -> list[date]:
    """Return so many days from Monday to Friday."""
    days = (first + timedelta(days=distance) for distance in range(2 * number + 7))
    return [day for day in days if day.weekday() < 5][:number]


def case_of(centre: Centre, seed: int, cause: Cause, past_days: int = 26, language: Language = "en") -> Case:
    """Return a day with a cause, after so many quiet days."""
    chance = random.Random(seed)
    *earlier, day = workdays(date(2026, 8, 3), past_days + 1)
    history = {past_day: rows_of_day(centre, past_day, chance) for past_day in earlier}
    rows = rows_of_day(centre, day, chance, cause)
    return Case("", group_of(centre, language), day, rows, history, (*earlier, day))


def renamed(case: Case, name: str) -> Case:
    """Return the case with a name."""
    return replace(case, name=name)
