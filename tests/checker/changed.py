"""What differs between the rows of two revisions of a day, by half-hour, queue and agent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from tests.checker.checks.common import Evidence
from tests.checker.figures import DaySums, Sums, agent_adherence, agent_occupancy, sums
from tests.checker.parts import parts_without_figure
from tests.checker.rounding import half_up
from worker.domain.rows import Rows


def changed_half_hours(evidence: Evidence) -> set[datetime]:
    """The starts of the half-hours of which a figure differs in some medium."""
    now, earlier = _half_hours(evidence.truth.sums), _half_hours(evidence.truth.earlier_sums)
    return {key[1] for key in {*now, *earlier} if now.get(key) != earlier.get(key)}


def changed_numbers(evidence: Evidence) -> dict[str, int]:
    """How many half-hours, queues and agents differ."""
    earlier = evidence.truth.case.earlier
    rows = evidence.truth.case.rows
    return {
        "half_hours": len(changed_half_hours(evidence)),
        "queues": _changed(_queues(evidence.truth.earlier_sums, earlier), _queues(evidence.truth.sums, rows)),
        "agents": _changed(_agents(earlier), _agents(rows)),
    }


def is_gap_changed(evidence: Evidence) -> bool:
    """Whether something else is missing than before."""
    case, truth = evidence.truth.case, evidence.truth
    if case.earlier is None or truth.earlier_sums is None:
        return False
    gaps, gaps_before = (
        {(gap.kind, gap.detail, gap.metric) for gap in rows.gaps} for rows in (case.rows, case.earlier)
    )
    earlier_counts = _replaced(evidence)
    return gaps != gaps_before or parts_without_figure(truth) != parts_without_figure(earlier_counts.truth)


def _replaced(evidence: Evidence) -> Evidence:
    """The evidence of the revision before."""
    truth, earlier = evidence.truth, evidence.truth.case.earlier
    if earlier is None or truth.earlier_sums is None:
        return evidence
    case = replace(truth.case, rows=earlier)
    return evidence._replace(truth=replace(truth, case=case, sums=truth.earlier_sums))


def _half_hours(day: DaySums | None) -> dict[tuple[str, datetime], Hashable]:
    """The printed figures of each half-hour in which something happened, or may have happened."""
    if day is None:
        return {}
    media = day.by_medium or {"": day}
    return {
        (medium, start): figures
        for medium, sums_of in media.items()
        for start, half_hour_sums in sums_of.half_hours.items()
        if (figures := _printed_sums(half_hour_sums)) != _printed_sums(sums(()))
    }


def _queues(day: DaySums | None, rows: Rows | None) -> Iterable[Hashable]:
    if day is None or rows is None:
        return []
    names = {queue.id: queue.name for queue in rows.queues}
    media = day.by_medium or {"": day}
    lines = [
        (names.get(queue_id, queue_id), medium, _printed_sums(sums))
        for medium, sums_of in media.items()
        for queue_id, sums in sums_of.queues.items()
    ]
    empty = set(names.values()) - {name for name, *_ in lines}
    return [*lines, *empty]


def _agents(rows: Rows | None) -> Iterable[Hashable]:
    return [
        (
            agent.name,
            agent.queues,
            agent_adherence(agent),
            agent_occupancy(agent),
            agent.exception_seconds,
            agent.late_logins,
        )
        for agent in (rows.agents if rows else ())
    ]


def _changed(earlier: Iterable[Hashable], now: Iterable[Hashable]) -> int:
    """How many entries of the longer list the other one lacks."""
    earlier_counts, present_counts = Counter(earlier), Counter(now)
    return max((present_counts - earlier_counts).total(), (earlier_counts - present_counts).total())


def _printed_sums(sums: Sums) -> Hashable:
    """The figures of a line as they are shown."""
    averages = (_seconds(sums.average_handle_ms), _seconds(sums.average_answer_ms))
    return sums.offered, sums.answered, sums.abandoned, sums.service_level, sums.not_in_time, averages


def _seconds(average: Fraction | None) -> Fraction | None:
    return None if average is None else half_up(average / 1000)
