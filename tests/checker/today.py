"""What a plan of the day after says, calculated from the plan and the rows with sums of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property

from tests.checker.case import Case, Truth
from tests.checker.rounding import half_up
from worker.domain.today.plan import MediumPlan, NotKnown, PlannedActivity, PlannedInterval, TodayPlan

_CALCULATED = ("voice", "callback")
_SMALL = 2
_LONGEST = 4
_STEPS = 600


@dataclass(frozen=True)
class HalfHour:
    """A half-hour of the plan with whole agents."""

    start: datetime
    plan: PlannedInterval
    required: int | None
    scheduled: int | None

    @property
    def short_agents(self) -> int | None:
        """How many agents are missing."""
        return None if self.required is None or self.scheduled is None else self.required - self.scheduled

    @property
    def may_be_busy(self) -> bool:
        """Whether contacts are expected, or people are scheduled and nothing says for how many contacts."""
        is_unknown = self.plan.offered is None and self.required is None
        return bool(self.plan.offered or self.required or (is_unknown and self.scheduled))


@dataclass(frozen=True)
class MediumTruth:
    """What is true of one medium of the plan. What many statements ask for is calculated once."""

    medium: str
    half_hours: Sequence[HalfHour]
    is_calculated: bool
    goal: Fraction = Fraction(1)
    activities: Sequence[PlannedActivity] = ()
    standup: float = -math.inf
    """The instant of the stand-up in seconds. Half-hours that have ended by then are not named."""

    @cached_property
    def whole_day(self) -> MediumTruth:
        """The same with all half-hours to be named."""
        return replace(self, standup=-math.inf)

    @cached_property
    def first_start(self) -> datetime | None:
        """The start of the first half-hour that can be named, where the whole day would have others named."""
        return (
            None if self._statement == self.whole_day._statement or not self.ranked else self.open_half_hours[0].start
        )

    @cached_property
    def _statement(self) -> object:
        """What is said of the half-hours. Where those that are short are alike, none of them is named."""
        return (self.form, self.short) if self.form.endswith("alike") else (self.form, self.window, self.ranked[:3])

    @cached_property
    def short_part(self) -> tuple[int, int]:
        """How many half-hours are short, and how many there are, from ``first_start`` on or on the whole day."""
        half_hours = (self if self.first_start else self.whole_day).open_half_hours
        return sum((half.short_agents or 0) > 0 for half in half_hours), len(half_hours)

    @property
    def forecast(self) -> Fraction | None:
        """The contacts of the day, None where a half-hour is not known."""
        offered = [half.plan.offered for half in self.half_hours]
        numbers = [Fraction(repr(float(number))) for number in offered if number is not None]
        return sum(numbers, Fraction()) if len(numbers) == len(offered) else None

    @property
    def is_staffed(self) -> bool:
        """Whether both numbers of agents are known wherever contacts are expected."""
        busy = [half for half in self.half_hours if half.may_be_busy]
        return bool(busy) and all(half.short_agents is not None for half in busy)

    @property
    def is_small(self) -> bool:
        """Whether no half-hour needs more than two agents."""
        return all((half.required or 0) <= _SMALL for half in self.half_hours)

    @cached_property
    def open_half_hours(self) -> list[HalfHour]:
        """The half-hours that need someone and are not over at the stand-up, where the staffing is known."""
        if not self.is_staffed or self.is_small:
            return []
        return [half for half in self.half_hours if half.required and half.start.timestamp() + 1800 > self.standup]

    @cached_property
    def ranked(self) -> list[HalfHour]:
        """The half-hours that are short, by contacts short of the goal, then agents, then time. Then the others."""
        short_half_hours = [half for half in self.open_half_hours if (half.short_agents or 0) > 0]
        enough = [half for half in self.open_half_hours if half not in short_half_hours]
        contacts = {id(half): self._contacts_short(half) for half in short_half_hours}
        if None in contacts.values():
            contacts = dict.fromkeys(contacts, Fraction())

        def order(half: HalfHour) -> tuple[Fraction, int, float]:
            return -(contacts.get(id(half)) or Fraction()), -(half.short_agents or 0), half.start.timestamp()

        return sorted(short_half_hours, key=order) + sorted(enough, key=order)

    def _contacts_short(self, half: HalfHour) -> Fraction | None:
        """How many more contacts would have to be answered in time, None where a figure is not known."""
        level, offered = half.plan.service_level, half.plan.offered
        if level is None or offered is None:
            return None
        return max(self.goal - Fraction(repr(float(level))), Fraction()) * Fraction(repr(float(offered)))

    @property
    def short(self) -> int:
        """The most agents that are missing in a half-hour of the window, 0 where none are."""
        return max((half.short_agents or 0 for half in self.window), default=0)

    @property
    def worst(self) -> HalfHour | None:
        """The first half-hour of the window with the most agents missing."""
        return next((half for half in self.window if half.short_agents == self.short), None)

    @cached_property
    def form(self) -> str:
        """The words for how much of the day is short, where the window leaves some of it out."""
        return self._form_of(self.open_half_hours)

    @cached_property
    def earlier_form(self) -> str:
        """The same of the half-hours that are over at the stand-up."""
        half_hours = self.whole_day.open_half_hours
        return self._form_of([half for half in half_hours if half.start.timestamp() + 1800 <= self.standup])

    def _form_of(self, half_hours: Sequence[HalfHour]) -> str:
        short_half_hours = [half for half in half_hours if (half.short_agents or 0) > 0]
        if len(short_half_hours) <= _LONGEST or 4 * len(short_half_hours) < 3 * len(half_hours):
            return "short"
        kinds = {(half.short_agents, self._contacts_short(half) or 0) for half in short_half_hours}
        if len(short_half_hours) < len(half_hours):
            return "mostly_short" if len(kinds) > 1 else "mostly_alike"
        return "short_all_day" if len(kinds) > 1 else "short_alike"

    @cached_property
    def window(self) -> list[HalfHour]:
        """The half-hours around the worst with at least half as many missing, two hours at most."""
        worst = next(iter(self.ranked), None)
        if worst is None or (worst.short_agents or 0) <= 0:
            return []
        by_start = {half.start.timestamp(): half for half in self.open_half_hours}
        window = [worst]
        while len(window) < _LONGEST:
            neighbours = [
                by_start.get(window[0].start.timestamp() - 1800),
                by_start.get(window[-1].start.timestamp() + 1800),
            ]
            near = [half for half in neighbours if half and 2 * (half.short_agents or 0) >= (worst.short_agents or 0)]
            if not near:
                break
            best = max(near, key=lambda half: half.short_agents or 0)
            window = sorted([*window, best], key=lambda half: half.start.timestamp())
        return window

    @property
    def room(self) -> list[HalfHour]:
        """The first half-hours after the window with two or more to spare, two hours at most."""
        room: list[HalfHour] = []
        end = self.window[-1].start.timestamp() + 1800 if self.window else math.inf
        for half in self.half_hours:
            start = half.start.timestamp()
            is_free = half.required and half.short_agents is not None and half.short_agents <= -2
            if start < end or (not room and not is_free):
                continue
            if not is_free or len(room) == _LONGEST or (room and start - room[-1].start.timestamp() != 1800):
                break
            room.append(half)
        return room

    def moving(self, kind: str) -> int:
        """How many agents are in an activity at the same time in the window, minute by minute."""
        if not self.window or self.form.endswith("alike"):
            return 0
        first, last = self.window[0].start.timestamp(), self.window[-1].start.timestamp() + 1800
        spans = [
            (part.start.timestamp(), part.end.timestamp(), part.agents)
            for part in self.activities
            if part.kind.value == kind
        ]
        minutes = (first + 60 * minute for minute in range(round((last - first) / 60)))
        return max(sum(agents for begin, end, agents in spans if begin <= minute < end) for minute in minutes)


@dataclass(frozen=True)
class TodayTruth:
    """What is true of the day after. The first medium is the one that pages are about."""

    plan: TodayPlan
    media: Sequence[MediumTruth]
    last_week: Fraction | None
    four_weeks: Fraction | None

    @property
    def leading(self) -> MediumTruth | None:
        """The medium that pages are about."""
        return self.media[0] if self.media else None

    @property
    def growth(self) -> Fraction | None:
        """The forecast against last week, None where the two are not of the same queues."""
        forecast = self.leading.forecast if self.leading else None
        if forecast is None or self.last_week is None or self.plan.foreign_queues or self.plan.uncovered_queues:
            return None
        return half_up(forecast) / self.last_week - 1

    @property
    def reason(self) -> NotKnown | None:
        """Why agents are not known."""
        if self.leading and self.leading.is_staffed:
            return None
        return self.plan.not_known or self.plan.people_not_known or self._reason_of_figures

    @property
    def _reason_of_figures(self) -> NotKnown | None:
        """What the half-hours with contacts lack, where the plan names no reason."""
        if self.leading is None:
            return NotKnown.NO_FORECAST
        busy = [half for half in self.leading.half_hours if half.may_be_busy]
        if not busy:
            return NotKnown.NO_FORECAST if self.leading.forecast is None else None
        return NotKnown.NO_SCHEDULE if any(half.scheduled is None for half in busy) else NotKnown.NO_REQUIREMENT


_KNOWN: list[tuple[Case, TodayTruth | None]] = []
"""The last case, because each of its statements asks for it."""


def today_of(truth: Truth) -> TodayTruth | None:
    """What is true of the plan of a case, None without one."""
    if not _KNOWN or _KNOWN[0][0] is not truth.case:
        _KNOWN[:] = [(truth.case, _today_of(truth))]
    return _KNOWN[0][1]


def _today_of(truth: Truth) -> TodayTruth | None:
    plan, group = truth.case.today, truth.case.group
    if plan is None:
        return None
    media = [_medium(truth, medium) for medium in plan.media if medium.medium in group.media and _says_any(medium)]
    media.sort(key=lambda medium: (-medium.short, -(medium.forecast or 0)))
    name = media[0].medium if media else (truth.sums.media or ("voice",))[0]
    weeks = [_offered(truth, name, plan.day - timedelta(weeks=week)) for week in (1, 2, 3, 4)]
    counts = [offered for offered in weeks if offered is not None and offered >= group.insights.fewest_contacts]
    last = weeks[0] if weeks[0] is not None and weeks[0] >= group.insights.fewest_contacts else None
    return TodayTruth(
        plan,
        media,
        Fraction(last) if last else None,
        Fraction(sum(counts), 4) if len(counts) == len(weeks) else None,
    )


def _says_any(medium: MediumPlan) -> bool:
    return any(
        number is not None for half in medium.intervals for number in (half.offered, half.required, half.scheduled)
    )


def _medium(truth: Truth, plan: MediumPlan) -> MediumTruth:
    lacks_required = all(interval.required is None for interval in plan.intervals)
    if any(interval.offered for interval in plan.intervals) and not any(half.required for half in plan.intervals):
        lacks_required = True
        plan = replace(plan, intervals=tuple(replace(interval, required=None) for interval in plan.intervals))
    patience = _patience(truth) if lacks_required and plan.medium in _CALCULATED else None
    half_hours = [
        HalfHour(
            interval.start,
            interval,
            _required_agents(truth, interval, patience) if patience else _whole(interval.required),
            _whole(interval.scheduled),
        )
        for interval in plan.intervals
    ]
    goal = truth.of_medium(plan.medium).goal("service_level")[0]
    is_calculated = lacks_required and patience is not None
    return MediumTruth(plan.medium, half_hours, is_calculated, goal, plan.activities, _standup(truth))


def _standup(truth: Truth) -> float:
    """The instant of the stand-up on the day of the plan, the first where the clock shows its time twice."""
    plan, group = truth.case.today, truth.case.group
    assert plan
    return datetime.combine(plan.day, group.standup_at, group.tz).timestamp()


def _whole(number: float | None) -> int | None:
    return None if number is None else int(half_up(Fraction(repr(float(number)))))


def _offered(truth: Truth, medium: str, day: date) -> int | None:
    sums = truth.history.get(day) or (truth.sums if day == truth.case.day and truth.whole else None)
    if sums is None:
        return None
    return sums.of_medium(medium).group.offered if sums.media else sums.group.offered


def _patience(truth: Truth) -> float | None:
    """Seconds that answered contacts waited ÷ abandoned contacts, over all known days."""
    rows = [interval for rows in truth.case.history.values() for interval in rows.intervals]
    rows += truth.case.rows.intervals
    abandoned = sum(interval.abandoned or 0 for interval in rows)
    waiting = sum(interval.answer_ms or 0 for interval in rows) / 1000
    return waiting / abandoned if abandoned and waiting and truth.case.rows.service_level_seconds else None


def _required_agents(truth: Truth, interval: PlannedInterval, patience: float) -> int | None:
    """The fewest agents with whom the goal is met, counted up from one."""
    if interval.offered is None or not interval.handle_seconds:
        return None
    goal, agents = float(truth.goal("service_level")[0]), 1
    if not interval.offered:
        return 0
    limit_seconds = float(truth.case.rows.service_level_seconds or 0)
    while _in_time(agents, interval.offered / 1800, interval.handle_seconds, patience, limit_seconds) < goal - 1e-9:
        agents += 1
    return agents


def _in_time(agents: int, rate: float, handling: float, patience: float, limit_seconds: float) -> float:
    """The share answered in time in M/M/n+M: busy states, and the density of the wait, integrated by Simpson's rule."""
    states = [1.0]
    for busy in range(1, agents):
        states.append(states[-1] * rate * handling / busy)

    def density(wait: float) -> float:
        reached = patience * (1 - math.exp(-wait / patience))
        return rate * states[-1] * math.exp(rate * reached - agents * wait / handling)

    end = limit_seconds + 30 * handling / agents + 10 * patience
    total = sum(states) + _integral(density, 0, limit_seconds) + _integral(density, limit_seconds, end)
    served = sum(states) + _integral(lambda wait: density(wait) * math.exp(-wait / patience), 0, limit_seconds)
    return served / total


def _integral(function: object, begin: float, end: float) -> float:
    step = (end - begin) / _STEPS
    values = [function(begin + step * number) for number in range(_STEPS + 1)]  # type: ignore[operator]
    return step / 3 * float(values[0] + values[-1] + 4 * sum(values[1:-1:2]) + 2 * sum(values[2:-1:2]))


def people(truth: Truth) -> Iterator[tuple[str, datetime | None]]:
    """Everyone whom the plan names."""
    plan = truth.case.today
    if plan:
        yield from ((person.name, None) for person in plan.absent)
        yield from ((person.name, person.start) for person in plan.start_later)
