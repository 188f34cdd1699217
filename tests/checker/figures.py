"""The checker's own arithmetic over rows: plain sums and exact fractions.

It shares nothing with the composer. A sum of which one part is not known is not known.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache

from worker.domain.rows import AgentDay, QueueInterval, Rows, Window

METRICS = ("service_level", "abandonment", "occupancy", "adherence")
_HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Sums:
    """The contacts of some intervals; None where a part is not known.

    ``counted``: contacts that count towards the service level. ``in_time``: those of them answered in time.
    ``of_before``: of a half-hour, how many of those that ended in it must have come before midnight.
    """

    offered: int | None
    answered: int | None
    abandoned: int | None
    in_time: int | None
    counted: int | None
    handled: int | None
    handle_ms: int | None
    answer_ms: int | None
    of_before: int = 0

    @property
    def service_level(self) -> Fraction | None:
        """Answered in time ÷ counted; none where nothing was offered, and contacts of earlier were answered only."""
        return None if self.offered == 0 else quotient(self.in_time, self.counted)

    @property
    def abandonment(self) -> Fraction | None:
        """Abandoned ÷ offered; not known where some came before midnight, and more hung up than were offered."""
        ratio = quotient(self.abandoned, self.offered)
        return None if ratio is not None and ratio > 1 else ratio

    @property
    def not_in_time(self) -> int | None:
        """Of those that count towards the service level, the ones not answered in time: the rest to its 100 %."""
        return difference(self.counted, self.in_time)

    @property
    def late_answers(self) -> int | None:
        """Answered, but not in time."""
        return difference(self.answered, self.in_time)

    @property
    def average_handle_ms(self) -> Fraction | None:
        """Handle time ÷ handled contacts."""
        return quotient(self.handle_ms, self.handled)

    @property
    def average_answer_ms(self) -> Fraction | None:
        """Waiting time ÷ answered contacts."""
        return quotient(self.answer_ms, self.answered)


@dataclass(frozen=True, slots=True)
class DaySums:
    """A day in sums: of the group, by queue id, by half-hour (UTC), and the agents' two ratios.

    ``media``: those with contacts, most contacts first. ``by_medium``: the sums of each, where the day has several.
    """

    group: Sums
    queues: Mapping[str, Sums] = field(default_factory=dict)
    half_hours: Mapping[datetime, Sums] = field(default_factory=dict)
    occupancy_parts: tuple[int, int] | None = None
    adherence_parts: tuple[int, int] | None = None
    media: tuple[str, ...] = ()
    by_medium: Mapping[str, DaySums] = field(default_factory=dict)
    offered_in_all_media: int | None = None

    def of_medium(self, medium: str) -> DaySums:
        """The sums of one medium, with the agents' ratios; no sums where the day has contacts in others only."""
        if medium in self.by_medium:
            return self.by_medium[medium]
        if self.media in ((), (medium,)):
            return self
        return replace(self, group=sums(()), queues={}, half_hours={}, media=(), by_medium={})

    def queue_lines(self, queue_id: str) -> list[Sums]:
        """The sums of a queue in each medium in which it has contacts."""
        if not self.by_medium:
            return [self.queues[queue_id]] if queue_id in self.queues else []
        return [day.queues[queue_id] for day in self.by_medium.values() if queue_id in day.queues]

    def ratio(self, metric: str) -> Fraction | None:
        """The group's ratio of a metric."""
        parts = self.parts(metric)
        return quotient(*parts) if parts else None

    def parts(self, metric: str) -> tuple[int, int] | None:
        """Numerator and denominator of a metric."""
        if metric == "service_level":
            return None if self.group.offered == 0 else _parts(self.group.in_time, self.group.counted)
        if metric == "abandonment":
            return None if self.group.abandonment is None else _parts(self.group.abandoned, self.group.offered)
        return self.occupancy_parts if metric == "occupancy" else self.adherence_parts


@cache
def binomial(counts: range, total: int, share: float) -> float:
    """The probability of any of these counts, term by term. A day's statements ask for the same few again and again.

    Counts so far from the expected one that all of them together have less than e^-100 are left out: by Hoeffding's
    inequality, those more than sqrt(50 total) away.
    """
    if not 0 < share < 1:
        return float((total if share >= 1 else 0) in counts)
    far = math.sqrt(50 * total)
    first = max(counts.start, 0, math.floor(total * share - far))
    last = min(counts.stop - 1, total, math.ceil(total * share + far))
    log_total, log_share, log_rest = math.lgamma(total + 1), math.log(share), math.log(1 - share)
    return math.fsum(
        math.exp(log_total - math.lgamma(k + 1) - math.lgamma(total - k + 1) + k * log_share + (total - k) * log_rest)
        for k in range(first, last + 1)
    )


def quotient(numerator: int | None, denominator: int | None) -> Fraction | None:
    """The fraction; None where a part is not known or there is nothing to divide by."""
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return Fraction(numerator, denominator)


def difference(whole: int | None, part: int | None) -> int | None:
    """The rest; None where either is not known."""
    return None if whole is None or part is None else whole - part


def day_sums(rows: Rows, window: Window | None = None, order: Sequence[str] = ()) -> DaySums:
    """All sums of a day; ``order`` are the group's media."""
    media = _media(rows.intervals, order)
    day = _medium_sums(rows, rows.intervals, window)
    if len(media) < 2:
        return replace(day, media=media)
    by_medium = {
        medium: replace(_medium_sums(rows, _of_medium(rows.intervals, medium), window), media=(medium,))
        for medium in media
    }
    no_averages = replace(day.group, handle_ms=None, answer_ms=None)
    return replace(day, group=no_averages, media=media, by_medium=by_medium)


def _medium_sums(rows: Rows, intervals: tuple[QueueInterval, ...], window: Window | None) -> DaySums:
    return DaySums(
        group=sums(intervals),
        queues=_by_queue(intervals),
        half_hours=_half_hours(intervals, window),
        occupancy_parts=_added(map(_occupancy_parts, rows.agents)),
        adherence_parts=_floored(_added(map(_adherence_parts, rows.agents))),
        offered_in_all_media=sums(rows.intervals).offered,
    )


def _of_medium(intervals: Iterable[QueueInterval], medium: str) -> tuple[QueueInterval, ...]:
    return tuple(interval for interval in intervals if interval.media_type == medium and _is_active(interval))


def _media(intervals: Iterable[QueueInterval], order: Sequence[str]) -> tuple[str, ...]:
    """The media with contacts, most contacts first; of equal ones the first in the order of the group file."""
    contacts: Counter[str] = Counter()
    for interval in intervals:
        if _is_active(interval):
            answered_or_abandoned = (interval.answered or 0) + (interval.abandoned or 0)
            contacts[interval.media_type] += answered_or_abandoned if interval.offered is None else interval.offered
    ranks = {medium: rank for rank, medium in enumerate(order)}
    return tuple(sorted(contacts, key=lambda medium: (-contacts[medium], ranks.get(medium, len(ranks)), medium)))


def _is_active(interval: QueueInterval) -> bool:
    return any((interval.offered, interval.answered, interval.abandoned, interval.handled))


def sums(intervals: Iterable[QueueInterval]) -> Sums:
    """The sums of these intervals."""
    all_rows = tuple(intervals)
    inbound = [interval for interval in all_rows if _counts_contacts(interval)]
    handling = [interval for interval in all_rows if _counts_handling(interval)]
    return Sums(
        offered=_total(interval.offered for interval in inbound),
        answered=_total(interval.answered for interval in inbound),
        abandoned=_total(interval.abandoned for interval in inbound),
        in_time=_total(map(_in_time, inbound)),
        counted=_total(map(_counted, inbound)),
        handled=_total(interval.handled for interval in handling),
        handle_ms=_total(interval.handle_ms for interval in handling),
        answer_ms=_total(interval.answer_ms for interval in inbound),
    )


def combined(ratios: Iterable[tuple[int, int]]) -> Fraction | None:
    """Several days as one: the sum of numerators ÷ the sum of denominators."""
    parts = list(ratios)
    return quotient(sum(part[0] for part in parts), sum(part[1] for part in parts)) if parts else None


def _counts_contacts(interval: QueueInterval) -> bool:
    """False for a row that says nothing of inbound contacts, such as one of an outbound queue."""
    parts = (interval.offered, interval.answered, interval.abandoned, interval.service_level_denominator)
    return any(part is not None for part in parts)


def _counts_handling(interval: QueueInterval) -> bool:
    """Whether an average of handle times is not known without this row: it has contacts that may have been handled."""
    is_stated = interval.handled is not None or interval.handle_ms is not None
    return is_stated or (interval.answered != 0 and _is_busy(interval))


def _in_time(interval: QueueInterval) -> int | None:
    if interval.service_level_numerator is not None:
        return interval.service_level_numerator
    return difference(interval.answered, interval.answered_late)


def _counted(interval: QueueInterval) -> int | None:
    if interval.service_level_denominator is not None:
        return interval.service_level_denominator
    if interval.answered is None or interval.abandoned is None:
        return None
    return interval.answered + interval.abandoned


def _total(parts: Iterable[int | None]) -> int | None:
    all_rows = list(parts)
    values = [part for part in all_rows if part is not None]
    return sum(values) if all_rows and len(values) == len(all_rows) else None


def _parts(numerator: int | None, denominator: int | None) -> tuple[int, int] | None:
    return None if numerator is None or not denominator else (numerator, denominator)


def _by_queue(intervals: Iterable[QueueInterval]) -> dict[str, Sums]:
    queues = defaultdict(list)
    for interval in intervals:
        queues[interval.queue_id].append(interval)
    return {queue_id: sums(members) for queue_id, members in queues.items()}


def _half_hours(intervals: Iterable[QueueInterval], window: Window | None) -> dict[datetime, Sums]:
    """Each half-hour between the first and the last with a contact."""
    by_start = defaultdict(list)
    for interval in intervals:
        if interval.start and _is_inside(interval.start, window):
            by_start[interval.start.astimezone(UTC)].append(interval)
    if not any(_is_busy(row) for rows in by_start.values() for row in rows):
        return {}
    busy = [start for start, rows in by_start.items() if any(_is_busy(row) or row.handled for row in rows)]
    steps = int((max(busy) - min(busy)) / _HALF_HOUR) + 1
    starts = {min(busy) + _HALF_HOUR * step for step in range(steps)}
    starts |= {start for start in by_start if min(busy) <= start <= max(busy)}
    halves = {start: sums(by_start.get(start, ())) for start in sorted(starts)}
    return {
        start: replace(half, of_before=number)
        for (start, half), number in zip(halves.items(), of_before(halves.values()), strict=True)
    }


def of_before(spans: Iterable[Sums]) -> list[int]:
    """For spans in order, how many more contacts have ended by the end of each than were offered, beyond those before.

    So many at least were offered before the first of them.
    """
    ended = offered = most = 0
    numbers = []
    for span in spans:
        ended += (span.answered or 0) + (span.abandoned or 0)
        offered += span.offered or 0
        numbers.append(max(ended - offered - most, 0))
        most += numbers[-1]
    return numbers


def _is_inside(start: datetime, window: Window | None) -> bool:
    if window is None:
        return True
    return window.start.astimezone(UTC) <= start.astimezone(UTC) < window.end.astimezone(UTC)


def _is_busy(interval: QueueInterval) -> bool:
    return any((interval.offered, interval.answered, interval.abandoned))


def _occupancy_parts(agent: AgentDay) -> tuple[int, int] | str | None:
    times = (agent.interacting_ms, agent.communicating_ms, agent.idle_ms)
    if all(time is None for time in times):
        return None
    values = [time for time in times if time is not None]
    return (values[0], sum(values)) if len(values) == len(times) else _NOT_KNOWN


def _adherence_parts(agent: AgentDay) -> tuple[int, int] | str | None:
    scheduled = agent.scheduled_seconds
    if not scheduled or scheduled < 0:
        return None
    if agent.exception_seconds is None:
        return _NOT_KNOWN
    return scheduled - agent.exception_seconds, scheduled


def agent_adherence(agent: AgentDay) -> Fraction | None:
    """One agent's adherence, at least 0."""
    parts = _floored(_added([_adherence_parts(agent)]))
    return quotient(*parts) if parts else None


def agent_occupancy(agent: AgentDay) -> Fraction | None:
    """One agent's occupancy."""
    parts = _added([_occupancy_parts(agent)])
    return quotient(*parts) if parts else None


_NOT_KNOWN = "not known"


def _added(parts: Iterable[tuple[int, int] | str | None]) -> tuple[int, int] | None:
    """The sums of both parts over those that take part; None if one of these is not known."""
    taking_part = [part for part in parts if part is not None]
    values = [part for part in taking_part if not isinstance(part, str)]
    if not values or len(values) < len(taking_part):
        return None
    return sum(part[0] for part in values), sum(part[1] for part in values)


def _floored(parts: tuple[int, int] | None) -> tuple[int, int] | None:
    return (max(parts[0], 0), parts[1]) if parts else None
