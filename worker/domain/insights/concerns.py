"""Find what went wrong. Each rule looks at a finished day and returns its insight, or None."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from worker.domain.briefing.comparison import UsualVolume
from worker.domain.briefing.content import Briefing, Insight, QueueLine, of_medium
from worker.domain.briefing.usual_content import Place, Usual, UsualFigure
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.metrics import OF_CONTACTS, Metric, Ratio, Reading, Status
from worker.domain.rounding import FLOAT_ERROR, half_up
from worker.domain.why.content import Why

CLEARLY_WORSE = 0.10
"""How much larger a queue's share of contacts not in time must be than that of the others.

Ten points are beyond chance from about 200 contacts on: with half of them late, a queue and the others of 100 contacts
each differ by 7 points (one standard error). A smaller difference would name another queue every morning.
"""


_BELOW_TARGET = (Status.MISSED, Status.WATCH)

FEWEST_AGENTS = 2
"""Of fewer agents nothing is said: it would be about one person."""

FEWEST_FOR_OCCUPANCY = 30
"""Of fewer contacts no advice on staffing is given.

One contact more or less moves the occupancy of 30 contacts by about 3 points, the tolerance of its band.
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
    """Name the one or two queues below target that did clearly worse than the other contacts of their medium.

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
    status = Status.MISSED if first.service_level.status is Status.MISSED else Status.WATCH
    figures = {
        "names": tuple(line.name for line in queues),
        "late": contacts.late,
        "counted": contacts.counted,
        "other_late": rest.late,
        "other_counted": rest.counted,
        **({"media": (medium,) * len(queues)} if medium else {}),
        **(own_goal(first, reading) if len(queues) == 1 else {}),
    }
    return contacts.excess_over(rest), Insight("costly_queues", status, figures)


def own_goal(line: QueueLine, of_group: Reading) -> dict[str, object]:
    """Return a queue's goal as a figure of an insight, nothing if the group has the same."""
    goal = line.service_level.lowest_goal
    is_same = of_group.status is not Status.NOT_JUDGED and abs(goal - of_group.lowest_goal) <= FLOAT_ERROR
    return {} if is_same else {"own_goal": goal}


def _worst(lines: Iterable[QueueLine], total: _Contacts, thresholds: Thresholds) -> QueueLine | None:
    """Return the line below target with the largest excess over the other contacts, if it is clearly worse."""
    candidates = []
    for line in filter(is_below_target, lines):
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


MOST_TARGETS_MISSED = 2
"""So many missed targets have a talking point of their own: a talk has room for other things too."""


def targets_missed(day: Briefing, runs: Iterable[Insight]) -> list[Insight]:
    """Report the missed targets of contacts that no worst run in ``runs`` speaks of."""
    media_with_a_run = {run.figures.get("medium") for run in runs}
    readings = [
        (medium, reading)
        for tile in map(day.tile, OF_CONTACTS)
        for medium, reading in (
            (tile.medium, tile.reading),
            *((medium_reading.medium, medium_reading.reading) for medium_reading in tile.other_media),
        )
        if reading.status is Status.MISSED
        and not (reading.metric is Metric.SERVICE_LEVEL and (medium if day.media else None) in media_with_a_run)
    ]
    return [_target_missed(medium, reading) for medium, reading in readings]


def agents_targets_missed(day: Briefing, concerns: Iterable[Insight | None]) -> list[Insight]:
    """Report a missed occupancy or adherence of which none of the ``concerns`` speaks."""
    kinds = {concern.kind for concern in concerns if concern}
    return [
        _target_missed(None, reading)
        for metric, kinds_of_metric in _SPOKEN_OF_BY.items()
        if (reading := day.tile(metric).reading).status is Status.MISSED and not kinds & kinds_of_metric
    ]


_SPOKEN_OF_BY = {
    Metric.OCCUPANCY: {"occupancy_high", "occupancy_low"},
    Metric.ADHERENCE: {"agents_under_floor"},
}


def _target_missed(medium: str | None, reading: Reading) -> Insight:
    value = reading.ratio.value if reading.ratio else 0.0
    figures = {"metric": reading.metric.value, "value": value, "goal": reading.goal}
    return Insight("target_missed", Status.MISSED, {**figures, **({"medium": medium} if medium else {})})


def agents_under_floor(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Count the agents whose adherence is far below the group's target, and their time off schedule.

    A point about a single agent would be about a person, and a low adherence in a group that met its target is one
    day's noise: neither is said.
    """
    tile = day.tile(Metric.ADHERENCE)
    floor = thresholds.floor(tile.reading.lowest_goal)
    agents = [line for line in day.agents if _is_below(line.adherence.ratio, floor)]
    if len(agents) < FEWEST_AGENTS or tile.reading.status is not Status.MISSED:
        return None
    late_logins = [line.late_logins for line in agents if line.late_logins is not None]
    return Insight(
        "agents_under_floor",
        Status.MISSED,
        {
            "count": len(agents),
            "floor": floor,
            "off_schedule_seconds": sum(line.off_schedule_seconds or 0 for line in agents),
            "late_logins": sum(late_logins) if late_logins else None,
        },
    )


def occupancy_out_of_band(day: Briefing) -> Insight | None:
    """Report occupancy outside its band: above it agents have no pause, below it they wait."""
    reading = day.tile(Metric.OCCUPANCY).reading
    if not reading.ratio or reading.status not in _BELOW_TARGET or not isinstance(reading.goal, tuple):
        return None
    if has_few_for_occupancy(day):
        return None
    low, high = reading.goal
    kind = "occupancy_high" if reading.ratio.value > high else "occupancy_low"
    if kind == "occupancy_low" and _is_service_short(day):
        return None  # agents who wait could have answered: time for coaching is not what such a day needs
    figures = {"value": reading.ratio.value, "low": low, "high": high}
    if kind == "occupancy_high":
        return Insight(kind, reading.status, figures | ({"is_one_agent": True} if len(day.agents) == 1 else {}))
    return Insight(kind, reading.status, figures | ({} if _is_often_low(day, low) else {"is_once": True}))


PATTERN_DAYS, DAYS_OF_A_PATTERN = 5, 3
"""Occupancy below its band on so many of the last days is no accident. One quiet day leaves no room for coaching."""


def _is_often_low(day: Briefing, low: float) -> bool:
    """Return whether occupancy was below its band on most of the last days, and the day's contacts are not unusual."""
    if isinstance(day.usual_offered, UsualFigure) and day.usual_offered.is_unusual:
        return False
    last_days = day.tile(Metric.OCCUPANCY).trend[-PATTERN_DAYS:]
    return sum(value is not None and value < low - FLOAT_ERROR for value in last_days) >= DAYS_OF_A_PATTERN


def has_few_for_occupancy(day: Briefing) -> bool:
    """Return whether the day's contacts are too few to conclude anything from the agents' occupancy."""
    contacts = day.counts.answered if day.counts.answered is not None else day.counts.offered
    return contacts is not None and contacts < FEWEST_FOR_OCCUPANCY


def service_level_down(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Report an unusually low service level, below both the previous business day and the same weekday before."""
    if not lies(day.tile(Metric.SERVICE_LEVEL).usual, Place.UNUSUALLY_LOW):
        return None
    status = _at_least_watch(day.tile(Metric.SERVICE_LEVEL).reading.status)
    return service_level_change(day, status, lambda points: points <= -thresholds.notable_change + FLOAT_ERROR)


def service_level_low(day: Briefing) -> Insight | None:
    """Report a low service level that is explained."""
    if not isinstance(day.explanation, Why):
        return None
    status = _at_least_watch(day.tile(Metric.SERVICE_LEVEL).reading.status)
    return Insight("service_level_low", status, {"why": day.explanation, **of_medium(day)})


def lies(usual: Usual | None, place: Place) -> bool:
    """Return whether a figure has a usual range and lies there."""
    return isinstance(usual, UsualFigure) and usual.place is place


def service_level_change(day: Briefing, status: Status, is_notable: Callable[[float], bool]) -> Insight | None:
    """Report the change from the previous business day, if it and the change from the weekdays are both notable."""
    changes = {change.kind: change for change in day.tile(Metric.SERVICE_LEVEL).changes}
    if len(changes) < 2 or not all(is_notable(change.points) for change in changes.values()):
        return None
    previous = changes["previous"]
    weeks = len(changes["weekday_average"].days)
    weekday = changes["weekday_average"].days[-1]
    figures = {"points": previous.points, "previous": previous.days[0], "weeks": weeks, "weekday": weekday}
    return Insight("service_level_change", status, {**figures, **of_medium(day)})


USUAL_IN_WHOLE_CONTACTS = 100
"""From so many contacts on the usual number is shown without a decimal place. 12.5 would become 13, 4 % more."""


def volume_high(
    day: Briefing, usual: UsualVolume | None, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> Insight | None:
    """Report unusually many contacts, clearly more than the average of this weekday in the last weeks.

    The ratio is to the usual number as it is shown, so that a reader who divides the two finds the same percentage.
    """
    if not lies(day.usual_offered, Place.UNUSUALLY_HIGH):
        return None
    offered = (day.media[0] if day.media else day).counts.offered
    if not usual or not usual.offered or not offered:
        return None
    ratio = offered / usual.offered
    if ratio < 1 + thresholds.notable_volume - FLOAT_ERROR or offered < thresholds.fewest_contacts:
        return None
    printed_usual = float(half_up(usual.offered, 0 if usual.offered >= USUAL_IN_WHOLE_CONTACTS else 1))
    figures = {
        "ratio": offered / printed_usual,
        "usual": printed_usual,
        "weeks": len(usual.days),
        "day": max(usual.days),
    }
    return Insight("volume_high", Status.WATCH, {**figures, **of_medium(day)})


def _is_service_short(day: Briefing) -> bool:
    """Return whether contacts waited or hung up more than the targets allow, in any medium."""
    return any(
        reading.metric in OF_CONTACTS and reading.status in (Status.MISSED, Status.WATCH) for reading in day.readings
    )


def is_below_target(line: QueueLine) -> bool:
    """Return whether a queue misses its target, if only just."""
    return line.service_level.status in _BELOW_TARGET


def _is_below(ratio: Ratio | None, limit: float) -> bool:
    return ratio is not None and ratio.value < limit - FLOAT_ERROR


def _at_least_watch(status: Status) -> Status:
    """A concern is at least something to watch."""
    return Status.MISSED if status is Status.MISSED else Status.WATCH
