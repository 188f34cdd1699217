"""One day of one group as the checker gets it: the rows, what the group aims at, what is known of earlier days."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from tests.checker.figures import DaySums, binomial, day_sums
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.groups import Group
from worker.domain.groups.targets import ContactTargets
from worker.domain.rows import Queue, Rows, Window
from worker.domain.today.plan import TodayPlan

_MATERIAL = Fraction(2, 100)
"""Beyond its goal by less than this a share of agents' time is "just missed"."""

_OFTEN = 0.05
"""A target of contacts is "just missed" if a group exactly on it does as badly with this probability."""

_WEEKS_BACK = 4


@dataclass(frozen=True)
class Case:
    """A day to be briefed. ``history`` holds the days that are known, ``business_days`` the group's calendar."""

    name: str
    group: Group
    day: date
    rows: Rows
    history: Mapping[date, Rows] = field(default_factory=dict)
    business_days: tuple[date, ...] = ()
    earlier: Rows | None = None
    """The rows of the revision before, for a corrected briefing."""
    today: TodayPlan | None = None
    """The plan of the stand-up's own day."""
    earlier_points: tuple[TalkingPoint, ...] | None = None
    """What the briefing of the business day before talked about."""
    holiday: str = ""
    """The name of the day's holiday: then it has no rows, and a notice is sent."""
    forecast: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """The contacts that were forecast for the day, by medium and local start."""

    @property
    def window(self) -> Window:
        """From local midnight to the next one."""
        start = datetime.combine(self.day, time(), self.group.tz)
        return Window(start, datetime.combine(self.day + timedelta(days=1), time(), self.group.tz))

    @property
    def revision(self) -> int:
        """2 for a corrected briefing."""
        return 2 if self.earlier else 1


def exact(number: float) -> Fraction:
    """A goal or threshold of the group file as it is written there: 0.8 is 4/5."""
    return Fraction(repr(number))


@dataclass(frozen=True)
class Truth:
    """What is true of a case, all of it from its rows."""

    case: Case
    sums: DaySums
    history: Mapping[date, DaySums]
    earlier_sums: DaySums | None
    medium: str = ""
    day_history: Mapping[date, DaySums] = field(default_factory=dict)
    """The earlier days over all media, those that the source gave whole."""
    media: tuple[str, ...] = ()
    """The media of the whole day, also where the sums are of one medium."""

    @property
    def whole(self) -> bool:
        """Whether the source gave the whole day."""
        return _is_whole(self.case.rows)

    @property
    def is_completed(self) -> bool:
        """Whether the earlier revision lacked a part of the day, and this one has the whole."""
        return self.whole and self.case.earlier is not None and not _is_whole(self.case.earlier)

    @property
    def previous(self) -> date | None:
        """The business day before."""
        return max((day for day in self.case.business_days if day < self.case.day), default=None)

    @property
    def weekdays(self) -> tuple[date, ...]:
        """The same weekday of the last four weeks, where it was a business day, oldest first."""
        weeks = [self.case.day - timedelta(weeks=weeks_back) for weeks_back in range(_WEEKS_BACK, 0, -1)]
        return tuple(day for day in weeks if day in self.case.business_days)

    def last_days(self, number: int) -> tuple[date, ...]:
        """So many business days before this one, the newest last."""
        return tuple(sorted(day for day in self.case.business_days if day < self.case.day)[-number:]) if number else ()

    def of_medium(self, medium: str) -> Truth:
        """The same with the sums of one medium, on this day and on those before, as far as they have it."""
        history = {day: past_day.of_medium(medium) for day, past_day in self.history.items()}
        earlier_sums = self.earlier_sums.of_medium(medium) if self.earlier_sums else None
        return replace(
            self, sums=self.sums.of_medium(medium), history=history, earlier_sums=earlier_sums, medium=medium
        )

    @property
    def leading(self) -> Truth:
        """What is true of the medium with the most contacts, which is the whole day where there is only one."""
        return self.of_medium(self.sums.media[0]) if self.sums.media else self

    @property
    def statuses(self) -> list[str]:
        """The status of each metric; those of contacts in each medium."""
        of_contacts = [self.of_medium(medium) for medium in self.sums.media] or [self]
        statuses = [truth.metric_status(metric) for truth in of_contacts for metric in ("service_level", "abandonment")]
        return statuses + [self.metric_status(metric) for metric in ("occupancy", "adherence")]

    def metric_status(self, metric: str) -> str:
        """The status of the group's ratio of a metric: thin where too few contacts count towards it."""
        status = self.status(metric, self.sums.ratio(metric), parts=self.sums.parts(metric))
        is_judged = status in ("missed", "watch", "on_target")
        return "thin" if is_judged and self.is_thin(metric, self.sums) else status

    def is_thin(self, metric: str, sums: DaySums) -> bool:
        """Whether fewer contacts were offered, or count towards a metric, than a verdict takes.

        Agents keep to a schedule without any contact, and occupancy is of all media.
        """
        if metric == "adherence":
            return False
        parts = sums.parts(metric) if metric in ("service_level", "abandonment") else None
        numbers = (
            sums.offered_in_all_media if metric == "occupancy" else sums.group.offered,
            parts[1] if parts else None,
        )
        return any(number is not None and number < self.case.group.insights.fewest_contacts for number in numbers)

    def goal(self, metric: str, queue: Queue | None = None) -> tuple[Fraction, Fraction]:
        """The lowest and the highest value on target."""
        if metric == "occupancy":
            low, high = self.case.group.targets.occupancy
            return exact(low), exact(high)
        if metric == "adherence":
            return exact(self.case.group.targets.adherence), Fraction(1)
        goal = next(goal for targets in self._targets(queue) if (goal := getattr(targets, metric)) is not None)
        return (Fraction(0), exact(goal)) if metric == "abandonment" else (exact(goal), Fraction(1))

    def _targets(self, queue: Queue | None) -> Iterator[ContactTargets]:
        """The tables that may set a target: the queue's medium, the queue, the group's medium, the group."""
        group = self.case.group
        of_queue = [
            targets
            for name, targets in group.queue_targets.items()
            if queue and (name.removeprefix("id:") == queue.id or name.strip().casefold() == queue.name.casefold())
        ]
        for targets in (*of_queue, group.targets):
            of_medium = getattr(targets, self.medium, None) if self.medium else None
            yield from (of_medium, targets) if of_medium else (targets,)

    def status(
        self,
        metric: str,
        ratio: Fraction | None,
        queue: Queue | None = None,
        parts: tuple[int | None, int | None] | None = None,
    ) -> str:
        """The status that a ratio has. Of contacts without ``parts``, their counts, a miss is never "just missed"."""
        if ratio is None:
            return "no_data"
        if not self.whole:
            return "partial"
        low, high = self.goal(metric, queue)
        distance = max(low - ratio, ratio - high)
        if distance <= 0:
            return "on_target"
        if metric in ("occupancy", "adherence"):
            return "watch" if distance < _MATERIAL else "missed"
        return "watch" if parts and self.chance_of_miss(metric, parts, queue) >= _OFTEN else "missed"

    def chance_of_miss(self, metric: str, parts: tuple[int | None, int | None], queue: Queue | None = None) -> float:
        """How likely a group exactly on its target is to miss it by as much, term by term."""
        low, high = self.goal(metric, queue)
        count, total = parts
        if count is None or not total:
            return 0.0
        if metric == "abandonment":
            return binomial(range(count, total + 1), total, float(high))
        return binomial(range(count + 1), total, float(low))

    def off_target(self, metric: str) -> int | None:
        """By how many contacts the group misses a target, None where that is not known."""
        parts, (low, high) = self.sums.parts(metric), self.goal(metric)
        if parts is None or metric not in ("service_level", "abandonment"):
            return None
        count, total = parts
        return count - math.floor(high * total) if metric == "abandonment" else math.ceil(low * total) - count


def truth(case: Case) -> Truth:
    """Add up the case's rows and those of the days before."""
    media = case.group.media
    sums = day_sums(case.rows, case.window, media)
    history = {day: day_sums(rows, None, media) for day, rows in case.history.items()}
    return Truth(
        case,
        sums,
        history,
        day_sums(case.earlier, case.window, media) if case.earlier else None,
        day_history={day: history[day] for day, rows in case.history.items() if _is_whole(rows)},
        media=sums.media,
    )


def _is_whole(rows: Rows) -> bool:
    return not any(gap.kind in ("partial", "late_data") for gap in rows.gaps)
