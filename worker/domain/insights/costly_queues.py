"""Find the queues that kept more contacts waiting than the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worker.domain.briefing.content import Briefing, Insight, QueueLine
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.metrics import Metric, Reading, Status
from worker.domain.rounding import FLOAT_ERROR

CLEARLY_WORSE = 0.10
"""How much larger a queue's share of contacts not in time must be than that of the others.

Ten points are beyond chance from about 200 contacts on: with half of them late, a queue and the others of 100 contacts
each differ by 7 points (one standard error). A smaller difference would name another queue every morning.
"""


@dataclass(frozen=True, slots=True)
class _Contacts:
    """How many contacts count towards the service level, and how many of them were not answered in time."""

    late: int
    counted: int

    @property
    def share(self) -> float:
        """The share that was not answered in time."""
        return self.late / self.counted

    def minus(self, part: _Contacts) -> _Contacts:
        """Return the other contacts."""
        return _Contacts(self.late - part.late, self.counted - part.counted)

    def excess_over(self, rest: _Contacts) -> float:
        """Return how many more were late than with the others' share."""
        return self.late - rest.share * self.counted


def costly_queues(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Name the one or two queues that missed their target and did clearly worse than the others of their medium.

    A busy queue that did no worse than the others is not named: it only has the most contacts. Of several, name the
    queue that has the most contacts not in time above what the others' share would give.
    """
    groups = [_costly_in(medium, reading, day, thresholds) for medium, reading in levels_by_medium(day).items()]
    return max((group for group in groups if group), key=lambda group: group[0], default=(0.0, None))[1]


def levels_by_medium(day: Briefing) -> dict[str | None, Reading]:
    """Return the group's service level in each medium, under None where the day has only one."""
    if not day.media:
        return {None: day.tile(Metric.SERVICE_LEVEL).reading}
    return {line.medium: line.service_level.reading for line in day.media}


def _costly_in(
    medium: str | None, reading: Reading, day: Briefing, thresholds: Thresholds
) -> tuple[float, Insight] | None:
    """Return the insight about one medium, with the excess of its queues."""
    lines = [line for line in day.queues if line.medium == medium and _contacts(line.service_level) is not None]
    total = _contacts(reading)
    if total is None:
        return None
    first = _worst(lines, total, thresholds)
    if first is None:
        return None
    queues, rest = [first], total.minus(_of_line(first))
    second = _worst([line for line in lines if line is not first], rest, thresholds)
    if second is not None:
        rest_of_both = rest.minus(_of_line(second))
        of_both = [_of_line(line).excess_over(rest_of_both) for line in (first, second)]
        if of_both[1] >= thresholds.second_queue * of_both[0] - FLOAT_ERROR:
            queues, rest = [first, second], rest_of_both
    contacts = total.minus(rest)
    figures = {
        "names": tuple(line.name for line in queues),
        "late": contacts.late,
        "counted": contacts.counted,
        "other_late": rest.late,
        "other_counted": rest.counted,
        **({"media": (medium,) * len(queues)} if medium else {}),
        **(own_goal(first, reading) if len(queues) == 1 else {}),
    }
    return contacts.excess_over(rest), Insight("costly_queues", Status.MISSED, figures)


def own_goal(line: QueueLine, of_group: Reading) -> dict[str, object]:
    """Return a queue's goal as a figure of an insight, nothing if the group has the same."""
    goal = line.service_level.lowest_goal
    is_same = of_group.status is not Status.NOT_JUDGED and abs(goal - of_group.lowest_goal) <= FLOAT_ERROR
    return {} if is_same else {"own_goal": goal}


def _worst(lines: Iterable[QueueLine], total: _Contacts, thresholds: Thresholds) -> QueueLine | None:
    """Return the line that missed its target with the largest excess over the others, if it is clearly worse."""
    candidates = []
    for line in (line for line in lines if line.service_level.status is Status.MISSED):
        contacts, rest = _of_line(line), total.minus(_of_line(line))
        if min(rest.late, rest.counted - thresholds.fewest_contacts, contacts.counted - 1) < 0:
            continue
        excess = contacts.excess_over(rest)
        is_clear = contacts.share - rest.share >= CLEARLY_WORSE - FLOAT_ERROR
        if is_clear and excess >= thresholds.fewest_contacts - FLOAT_ERROR:
            candidates.append((excess, line))
    return max(candidates, key=lambda candidate: candidate[0], default=(0.0, None))[1]


def _contacts(reading: Reading) -> _Contacts | None:
    """Return the contacts of a service level, None where the source states only its percentage."""
    ratio = reading.ratio
    if ratio is None or ratio.numerator is None or ratio.denominator is None:
        return None
    return _Contacts(int(ratio.denominator - ratio.numerator), int(ratio.denominator))


def _of_line(line: QueueLine) -> _Contacts:
    return _contacts(line.service_level) or _Contacts(0, 0)
