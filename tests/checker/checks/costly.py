"""The queues that cost the most: which ones did clearly worse than the others of their medium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from tests.checker.case import Truth
from tests.checker.checks.common import Evidence, all_queues, is_thin
from tests.checker.figures import Sums

_CLEARLY = Fraction(1, 10)
"""So much larger is the share of a queue that is named; docs/metrics.md names the same."""


class Outlier(NamedTuple):
    """A queue below target that did clearly worse. ``excess``: contacts not in time beyond the others' share."""

    name: str
    medium: str
    excess: Fraction


def outliers(evidence: Evidence) -> Iterator[Outlier]:
    """Every such queue of every medium, each against all other queues of the medium."""
    for medium in evidence.truth.sums.media or ("",):
        truth = evidence.truth.of_medium(medium) if medium else evidence.truth
        yield from _outliers_of(truth, evidence)


def _outliers_of(truth: Truth, evidence: Evidence) -> Iterator[Outlier]:
    group, fewest = truth.sums.group, truth.case.group.insights.fewest_contacts
    for queue in all_queues(evidence):
        line = truth.sums.queues.get(queue.id)
        parts = _parts(line, group) if line else None
        if line is None or parts is None or parts[3] < fewest:
            continue
        late, offered, other_late, other_offered = parts
        excess = late - Fraction(other_late * offered, other_offered)
        is_clear = Fraction(late, offered) - Fraction(other_late, other_offered) >= _CLEARLY and excess >= fewest
        if (
            is_clear
            and not is_thin(line, evidence)
            and truth.status("service_level", line.service_level, queue, (line.in_time, line.counted)) == "missed"
        ):
            yield Outlier(queue.name, truth.medium, excess)


def _parts(line: Sums, group: Sums) -> tuple[int, int, int, int] | None:
    """Not in time and offered, of the queue and of all others; None where a part is not known."""
    if line.not_in_time is None or not line.counted or group.not_in_time is None or group.counted is None:
        return None
    return line.not_in_time, line.counted, group.not_in_time - line.not_in_time, group.counted - line.counted


def worst_of(evidence: Evidence) -> Mapping[str, Fraction]:
    """The excess of each outlier by name, the largest of a name."""
    excess: dict[str, Fraction] = {}
    for outlier in outliers(evidence):
        excess[outlier.name] = max(outlier.excess, excess.get(outlier.name, Fraction(0)))
    return excess
