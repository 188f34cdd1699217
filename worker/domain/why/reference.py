"""What the model needs of a day, and of the reference days together, from what is remembered of them.

Contacts are those that count towards the service level, so that the change is exactly that of the figure on the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from worker.domain.briefing.history import DayFigures, MediumFigures
from worker.domain.briefing.sums import QueueSums
from worker.domain.metrics import Metric
from worker.domain.staffing.day_model import HALF_HOUR_SECONDS
from worker.domain.staffing.explanation import DayInputs

MOST_PATIENCE = 3600.0
"""How long contacts wait at most before they hang up, in the mean: so long if none did."""

_LEAST_PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class QueueDay:
    """A queue on a day: contacts that count towards the service level, those in time, contacts handled, seconds."""

    counted: float = 0.0
    in_time: float = 0.0
    handled: float = 0.0
    handle_seconds: float = 0.0

    @property
    def handle_time(self) -> float | None:
        """Seconds a contact, None if none was handled."""
        return self.handle_seconds / self.handled if self.handled else None

    def scaled(self, volume: float, handle_time: float) -> QueueDay:
        """Return the queue with so many times the contacts, and the handle time."""
        return QueueDay(
            counted=volume * self.counted,
            in_time=volume * self.in_time,
            handled=volume * self.handled,
            handle_seconds=volume * handle_time * self.handle_seconds,
        )


@dataclass(frozen=True, slots=True)
class MediumDay:
    """A day of one medium, with all that an explanation needs.

    ``half_hours``: contacts that count towards the service level, by local start. ``agent_seconds``: the time of
    available agents, None if it is not known, or if agents of this medium also have contacts of another.
    """

    offered: int
    abandoned: int
    answer_seconds: float
    half_hours: Mapping[str, int]
    queues: Mapping[str, QueueDay]
    agent_seconds: float | None

    @property
    def counted(self) -> int:
        """Contacts that count towards the service level."""
        return sum(self.half_hours.values())

    @property
    def in_time(self) -> float:
        """Contacts answered in time."""
        return sum(queue.in_time for queue in self.queues.values())


def medium_day(figures: DayFigures, medium: str, *, is_only_medium: bool) -> MediumDay | None:
    """Return a day as the explanation needs it, None if any of its figures is not known."""
    medium_figures = figures.of_medium(medium, is_only_medium=is_only_medium)
    if medium_figures is None or medium_figures.counts.offered is None or not medium_figures.half_hours:
        return None
    queues = _queues(medium_figures)
    half_hours = {start: counted for start, (_, _, counted) in medium_figures.half_hours.items()}
    if queues is None or sum(queue.counted for queue in queues.values()) != sum(half_hours.values()):
        return None
    answer_ms = [sums.answer_ms for sums in medium_figures.sums.values() if sums.answered]
    if medium_figures.counts.abandoned is None or None in answer_ms:
        return None
    return MediumDay(
        offered=medium_figures.counts.offered,
        abandoned=medium_figures.counts.abandoned,
        answer_seconds=sum(filter(None, answer_ms)) / 1000,
        half_hours=half_hours,
        queues=queues,
        agent_seconds=None if figures.media else _agent_seconds(figures),
    )


def _agent_seconds(figures: DayFigures) -> float | None:
    """Return the time that agents spent with contacts, communicating or idle: what occupancy is a share of."""
    occupancy = figures.ratios.get(Metric.OCCUPANCY)
    return occupancy.denominator / 1000 if occupancy and occupancy.denominator else None


def _queues(figures: MediumFigures) -> dict[str, QueueDay] | None:
    queues = {queue_id: _queue(queue_id, figures) for queue_id in sorted({*figures.queues, *figures.sums})}
    counted_queues = {queue_id: queue for queue_id, queue in queues.items() if queue is not None}
    return counted_queues if len(counted_queues) == len(queues) else None


def _queue(queue_id: str, figures: MediumFigures) -> QueueDay | None:
    """Return a queue. None if a figure is not known, or if its contacts have no handle time."""
    level, sums = figures.queues.get(queue_id), figures.sums.get(queue_id, QueueSums())
    if level is None:
        return None if sums.offered is None else QueueDay(handled=sums.handled or 0, handle_seconds=_seconds(sums))
    if (
        level.numerator is None
        or level.denominator is None
        or (sums.answered and None in (sums.handled, sums.handle_ms))
    ):
        return None
    return QueueDay(level.denominator, level.numerator, sums.handled or 0, _seconds(sums))


def _seconds(sums: QueueSums) -> float:
    return (sums.handle_ms or 0) / 1000


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference days of a day, oldest first. ``starts`` and ``queue_ids``: those of any of these days."""

    days: tuple[MediumDay, ...]
    starts: tuple[str, ...]
    queue_ids: tuple[str, ...]

    @classmethod
    def of_days(cls, days: Sequence[MediumDay], today: MediumDay) -> Reference:
        """Return the reference of days, for the half-hours and queues that they or today have."""
        all_days = (*days, today)
        starts = sorted({start for day in all_days for start in day.half_hours})
        return cls(tuple(days), tuple(starts), tuple(sorted({name for day in all_days for name in day.queues})))

    @property
    def service_level(self) -> float:
        """The service level of all days together."""
        return sum(day.in_time for day in self.days) / sum(day.counted for day in self.days)

    @property
    def agent_seconds(self) -> tuple[float, ...]:
        """The agents' time of the days of which it is known."""
        return tuple(day.agent_seconds for day in self.days if day.agent_seconds is not None)

    @property
    def seconds_until_abandoning(self) -> float:
        """How long contacts wait before they hang up, in the mean. The waits of those who did are not known."""
        abandoned = sum(day.abandoned for day in self.days)
        seconds = sum(day.answer_seconds for day in self.days)
        return min(max(seconds / abandoned, _LEAST_PATIENCE), MOST_PATIENCE) if abandoned else MOST_PATIENCE

    @property
    def queues(self) -> dict[str, QueueDay]:
        """Each queue on average."""
        return {queue_id: self._queue(queue_id) for queue_id in self.queue_ids}

    def _queue(self, queue_id: str) -> QueueDay:
        days = [day.queues.get(queue_id, QueueDay()) for day in self.days]
        return QueueDay(
            counted=_mean(day.counted for day in days),
            in_time=_mean(day.in_time for day in days),
            handled=_mean(day.handled for day in days),
            handle_seconds=_mean(day.handle_seconds for day in days),
        )

    def inputs(self, agent_seconds: float | None, volume: float = 1.0, handle_time: float = 1.0) -> DayInputs:
        """Return the mean of the days for the model, with so many times the contacts and the handle time.

        The service level stays that of all days together, and so does the mix.
        """
        contacts = [volume * _mean(day.half_hours.get(start, 0) for day in self.days) for start in self.starts]
        return _inputs(contacts, [queue.scaled(volume, handle_time) for queue in self.queues.values()], agent_seconds)

    def inputs_of(self, today: MediumDay, agent_seconds: float | None) -> DayInputs:
        """Return a day for the model, with the half-hours and queues of the reference."""
        contacts = [float(today.half_hours.get(start, 0)) for start in self.starts]
        queues = [today.queues.get(queue_id, QueueDay()) for queue_id in self.queue_ids]
        return _inputs(contacts, queues, agent_seconds)


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers)


def _inputs(contacts: Collection[float], queues: Collection[QueueDay], agent_seconds: float | None) -> DayInputs:
    """Return the inputs. The model needs no more of half-hours by queue than their sums in both directions."""
    total = sum(queue.counted for queue in queues)
    return DayInputs(
        offered=tuple(tuple(count * queue.counted / total for queue in queues) for count in contacts),
        in_time=tuple(queue.in_time for queue in queues),
        answered=tuple(queue.handled for queue in queues),
        handle_seconds=tuple(queue.handle_seconds for queue in queues),
        agents=agent_seconds / HALF_HOUR_SECONDS if agent_seconds is not None else None,
    )
