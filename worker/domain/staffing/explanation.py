"""Split the change of the service level into volume, handle time, staffing, mix and what is not explained.

A model of the day is first made to give the service level of the reference days, by one factor for all that it does not
know. Then each factor is set to its value of today, in all combinations, and the change is shared among the factors.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from worker.domain.staffing import shapley
from worker.domain.staffing.day_model import HALF_HOUR_SECONDS, Waiting, service_level

LEAST_EFFICIENCY, MOST_EFFICIENCY = 0.5, 2.0
_HALVINGS = 30

MOST_BLOCKS = 6
CONTACTS_PER_BLOCK = 150
"""A change of volume is measured over blocks of so many contacts: half-hours alone are mostly chance."""


class Factor(enum.StrEnum):
    """What the service level depends on."""

    VOLUME = "volume"
    """How many contacts, and when."""
    HANDLE = "handle"
    STAFFING = "staffing"
    """The time of agents who are available."""
    MIX = "mix"
    """Which queues the contacts belong to."""


@dataclass(frozen=True, slots=True)
class DayInputs:
    """What the model needs of a day, or of the mean of several.

    ``offered`` holds a row for each half-hour, with a count for each queue. The other sequences have an entry for each
    queue. ``agents`` is agent time in half-hours, None if it is not known.
    """

    offered: Sequence[Sequence[float]]
    in_time: Sequence[float]
    answered: Sequence[float]
    handle_seconds: Sequence[float]
    agents: float | None = None

    @property
    def by_half_hour(self) -> tuple[float, ...]:
        """The contacts of each half-hour."""
        return tuple(sum(row) for row in self.offered)

    @property
    def by_queue(self) -> tuple[float, ...]:
        """The contacts of each queue."""
        return tuple(sum(counts) for counts in zip(*self.offered, strict=True))

    @property
    def total(self) -> float:
        """All contacts."""
        return sum(self.by_half_hour)

    @property
    def service_level(self) -> float:
        """The share of contacts that were answered in time."""
        return sum(self.in_time) / self.total

    @property
    def shares(self) -> tuple[float, ...]:
        """Each queue's share of the contacts."""
        return tuple(count / self.total for count in self.by_queue)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The change of the service level as a fraction, and its parts. A factor that is not known has no part.

    ``efficiency`` is the factor on the agents that makes the model give the reference.
    """

    change: float
    parts: Mapping[Factor, float]
    efficiency: float

    @property
    def unexplained(self) -> float:
        """The part of the change that no factor explains."""
        return self.change - sum(self.parts.values())


def explain(
    reference: DayInputs, today: DayInputs, agents_by_half_hour: Sequence[float], waiting: Waiting
) -> Explanation:
    """Explain the change from the reference to today.

    Both have the same half-hours and queues. ``agents_by_half_hour`` says how the agents' time is spread over the day,
    in any unit. If the agents' time of either day is not known, staffing has no part.
    """
    model = _Model(reference, today, tuple(agents_by_half_hour), waiting)
    efficiency = model.efficiency()
    is_known = {factor: factor is not Factor.STAFFING or model.knows_agents for factor in Factor}
    values = {
        switches: model.level(_without_unknown(switches, is_known), efficiency)
        for switches in product((False, True), repeat=len(Factor))
    }
    parts = dict(zip(Factor, shapley.shares(values), strict=True))
    parts[Factor.MIX] += _between_queues(reference, today)
    change = today.service_level - reference.service_level
    return Explanation(change, {factor: part for factor, part in parts.items() if is_known[factor]}, efficiency)


def _without_unknown(switches: shapley.Switches, is_known: Mapping[Factor, bool]) -> shapley.Switches:
    """Return the switches with every unknown factor off."""
    return tuple(switch and is_known[factor] for factor, switch in zip(Factor, switches, strict=True))


@dataclass(frozen=True, slots=True)
class _Model:
    reference: DayInputs
    today: DayInputs
    shape: tuple[float, ...]
    waiting: Waiting

    @property
    def knows_agents(self) -> bool:
        """Whether the agents' time of both days is known."""
        return self.reference.agents is not None and self.today.agents is not None

    def efficiency(self) -> float:
        """Return the factor on the agents with which the model gives the service level of the reference."""
        low, high, goal = LEAST_EFFICIENCY, MOST_EFFICIENCY, self.reference.service_level
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            is_too_low = self.level((False,) * len(Factor), middle) < goal
            low, high = (middle, high) if is_too_low else (low, middle)
        return (low + high) / 2

    def level(self, switches: shapley.Switches, efficiency: float) -> float:
        """Return the model's service level with some factors as they are today."""
        is_today = dict(zip(Factor, switches, strict=True))
        contacts = self._volume() if is_today[Factor.VOLUME] else self.reference.by_half_hour
        shares = (self.today if is_today[Factor.MIX] else self.reference).shares
        times = self._handle_times(self.today if is_today[Factor.HANDLE] else self.reference)
        handle_seconds = sum(share * seconds for share, seconds in zip(shares, times, strict=True))
        agents = self._agents(self.today if is_today[Factor.STAFFING] else self.reference)
        staff = [efficiency * agents * part / sum(self.shape) for part in self.shape]
        return service_level(staff, contacts, handle_seconds, self.waiting)

    def _agents(self, day: DayInputs) -> float:
        """Return the agents' time, the load of the reference if it is not known: then efficiency finds the agents."""
        if day.agents is not None and self.knows_agents:
            return day.agents
        return sum(self.reference.handle_seconds) / HALF_HOUR_SECONDS

    def _handle_times(self, day: DayInputs) -> list[float]:
        """Return the handle time of each queue, that of the other day if the queue answered none."""
        second_choice = self.today if day is self.reference else self.reference
        return [
            _ratio(seconds, answered) or _ratio(other_seconds, other_answered)
            for seconds, answered, other_seconds, other_answered in zip(
                day.handle_seconds, day.answered, second_choice.handle_seconds, second_choice.answered, strict=True
            )
        ]

    def _volume(self) -> list[float]:
        """Return the contacts of the reference's half-hours, scaled by block to those of today."""
        blocks = blocks_of(self.reference.by_half_hour)
        sums = {block: [0.0, 0.0] for block in blocks}
        for block, reference_count, count in zip(
            blocks, self.reference.by_half_hour, self.today.by_half_hour, strict=True
        ):
            sums[block][0] += reference_count
            sums[block][1] += count
        return [
            count * _ratio(sums[block][1], sums[block][0])
            for block, count in zip(blocks, self.reference.by_half_hour, strict=True)
        ]


def blocks_of(contacts: Sequence[float]) -> list[int]:
    """Return the block of each half-hour. Blocks follow each other and have about equal contacts."""
    total = sum(contacts)
    count = min(MOST_BLOCKS, max(1, int(total // CONTACTS_PER_BLOCK)))
    blocks, earlier = [], 0.0
    for number in contacts:
        blocks.append(min(int(count * (earlier + number / 2) / total), count - 1))
        earlier += number
    return blocks


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else 0.0


def _between_queues(reference: DayInputs, today: DayInputs) -> float:
    """Return what the mix changes although each queue keeps its own service level."""
    queues = zip(
        reference.shares,
        today.shares,
        map(_ratio, reference.in_time, reference.by_queue),
        map(_ratio, today.in_time, today.by_queue),
        strict=True,
    )
    return sum((new_share - share) * (level + new_level) / 2 for share, new_share, level, new_level in queues)
