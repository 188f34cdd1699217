"""Find the half-hours, queues and agents that a later revision of a day shows otherwise than an earlier one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import datetime

from worker.domain.briefing import counts
from worker.domain.briefing.content import AgentLine, Briefing, ChangedParts, Counts, HalfHour, QueueLine
from worker.domain.rounding import half_up


def changed_parts(earlier: Briefing, now: Briefing) -> ChangedParts:
    """Compare two briefings of a day that differ in their rows only."""
    return ChangedParts(
        half_hours=_changed_half_hours(_half_hours(earlier), _half_hours(now)),
        queues=_changed_lines(map(_queue, earlier.queues), map(_queue, now.queues)),
        agents=_changed_lines(map(_agent, earlier.agents), map(_agent, now.agents)),
        gaps=_lacks(earlier) != _lacks(now),
    )


def _half_hours(day: Briefing) -> set[tuple[str, HalfHour]]:
    """Return the half-hours of each medium that have a contact or an unknown count.

    The others only fill the day up to its last contact. Where that moves, nothing has changed in them.
    """
    nothing_happened = counts.counts(())
    by_medium = [(line.medium, line.half_hours) for line in day.media] or [("", day.half_hours)]
    return {
        (medium, replace(half_hour, counts=_printed_sums(half_hour.counts)))
        for medium, half_hours in by_medium
        for half_hour in half_hours
        if half_hour.counts != nothing_happened
    }


def _changed_half_hours(earlier: set[tuple[str, HalfHour]], now: set[tuple[str, HalfHour]]) -> tuple[datetime, ...]:
    starts = {half_hour.start.timestamp(): half_hour.start for _, half_hour in earlier ^ now}
    return tuple(starts[instant] for instant in sorted(starts))


def _changed_lines(earlier: Iterable[Hashable], now: Iterable[Hashable]) -> int:
    """Return how many lines were changed, added or removed. One with another name counts once."""
    earlier_counts, present_counts = Counter(earlier), Counter(now)
    return max((present_counts - earlier_counts).total(), (earlier_counts - present_counts).total())


def _queue(line: QueueLine) -> Hashable:
    level = line.service_level.ratio
    return line.name, line.medium, _printed_sums(line.counts), level, line.abandonment, line.occupancy


def _agent(line: AgentLine) -> Hashable:
    figures = (line.adherence.ratio, line.occupancy, line.off_schedule_seconds, line.late_logins)
    return line.name, line.queues, figures


def _lacks(day: Briefing) -> Hashable:
    return frozenset((gap.kind, gap.detail, gap.metric) for gap in day.completeness.gaps), frozenset(
        day.completeness.incomplete_figures
    )


def _printed_sums(sums: Counts) -> Counts:
    """Return the sums with the average times in seconds, as pages show them."""
    return replace(
        sums,
        average_handle_ms=printed_seconds(sums.average_handle_ms),
        average_answer_ms=printed_seconds(sums.average_answer_ms),
    )


def printed_seconds(milliseconds: float | None) -> float | None:
    """Return an average time in the whole seconds that pages show."""
    return None if milliseconds is None else float(half_up(milliseconds / 1000))
