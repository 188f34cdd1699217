"""What today brings: two lines for page one and the message, and the texts of the page Today.

Each line has at most 50 characters in English where numbers and times are of the usual length. A page with less room
leaves out whole sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from renderers.words.readings import ReadingWords
from renderers.words.rounding import half_up
from worker.domain.metrics import Metric
from worker.domain.today.outlook import (
    Extent,
    MediumToday,
    MovableAgents,
    Outlook,
    PersonToday,
    RiskWindow,
    StaffedHalfHour,
)
from worker.domain.today.plan import Movable, NotKnown

MOST_PEOPLE = 5
"""More names than this are counted."""
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class TodayText:
    """The card about today: a head, and one or two lines."""

    head: str
    lines: tuple[str, ...]


class TodayWords(ReadingWords):
    """The sentences about today."""

    def today(self, outlook: Outlook, fits: Callable[[str], bool] = lambda _: True) -> TodayText:
        """Return the card. Sentences of the second line that do not fit are left out, the last first."""
        first, *sentences = self._sentences(outlook)
        second = next(
            (line for count in range(len(sentences), 1, -1) if fits(line := " ".join(filter(None, sentences[:count])))),
            " ".join(sentences[:1]),
        )
        return TodayText(self.today_head(outlook), tuple(filter(None, (first, second))))

    def today_head(self, outlook: Outlook) -> str:
        """Today, Thu 22 Oct, with the medium where the plan has several."""
        return self._with_medium(self.say("Today, {day}", day=self.short_day(outlook.day)), outlook)

    def _with_medium(self, head: str, outlook: Outlook) -> str:
        leading = outlook.leading
        return self.in_medium(head, leading.medium if leading and len(outlook.media) > 1 else None)

    def today_title(self, outlook: Outlook) -> str:
        """Today, Thursday 22 October, with the medium where the plan has several."""
        pattern = self.say_as("date", "EEEE d MMMM")
        return self._with_medium(self.say("Today, {day}", day=self._shaped(outlook.day, pattern)), outlook)

    def today_summary(self, outlook: Outlook) -> tuple[str, ...]:
        """Return the sentences at the head of the page Today, the most important first."""
        leading = outlook.leading
        if leading and leading.is_staffing_known:
            return (self.risk(leading), *filter(None, (self.forecast(outlook),)))
        return tuple(self._sentences(outlook))

    def _sentences(self, outlook: Outlook) -> list[str]:
        """Return the sentence of the first line, then those of the second."""
        leading = outlook.leading
        reason = self.not_known(outlook.reasons[0]) if outlook.reasons else ""
        people = self.people_away(outlook)
        if leading and leading.is_staffing_known:
            return [self.risk(leading), *filter(None, (self._forecast_in_short(outlook), people))]
        expectation = self.forecast(outlook) or self._expected(outlook)
        return list(filter(None, (expectation, reason, people)))

    def risk(self, medium: MediumToday) -> str:
        """Say when the most agents are missing, or that none are. The staffing must be known."""
        if medium.is_small:
            return self.say("At this size no half-hour can be called short.")
        if medium.window is None:
            return self._tightest(medium)
        window = medium.window
        values = {"span": self.span(window.start, window.end), "n": self.count(window.short)}
        if window.extent is not Extent.WINDOW:
            return self._short_beyond_window(medium, window, values)
        if medium.is_estimated:
            return self.say("Riskiest: {span}, about {n} short.", **values)
        if window.half_hours == 1:
            return self.say("Riskiest: {span}, {n} short.", **values)
        return self.say("Riskiest: {span}, up to {n} short.", **values)

    def _short_beyond_window(self, medium: MediumToday, window: RiskWindow, values: Mapping[str, str]) -> str:
        if window.extent is Extent.MOST_OF_DAY:
            return self._mostly_short(medium, window, values)
        if window.extent is Extent.ALL_DAY_ALIKE and medium.is_estimated:
            return self.say("Short all day, about {n} in each half-hour.", n=values["n"])
        if window.extent is Extent.ALL_DAY_ALIKE:
            return self.say("Short all day, {n} in each half-hour.", n=values["n"])
        if medium.is_estimated:
            return self.say("Short all day, worst {span}, about {n} short.", **values)
        if window.half_hours == 1:
            return self.say("Short all day, worst {span}, {n} short.", **values)
        return self.say("Short all day, worst {span}, up to {n} short.", **values)

    def _mostly_short(self, medium: MediumToday, window: RiskWindow, values: Mapping[str, str]) -> str:
        if medium.is_estimated:
            return self.say("Mostly short, worst {span}, about {n} short.", **values)
        if window.half_hours == 1:
            return self.say("Mostly short, worst {span}, {n} short.", **values)
        return self.say("Mostly short, worst {span}, up to {n} short.", **values)

    def _moves(self, medium: MediumToday) -> Iterator[str]:
        """Could move from 10:00–12:00: 6 in training. Room: 15:00–16:30, at least 2 over. Or nothing."""
        if medium.window is None or not medium.movable:
            return
        window, room = medium.window, medium.room
        parts = ", ".join(self._movable(movable) for movable in medium.movable)
        span = self.span(window.start, window.end)
        yield self.say("Could move from {span}: {parts}.", span=span, parts=parts)
        if room is None:
            yield self.say("No later half-hour has two to spare.")
        else:
            room_span = self.span(room.start, room.end)
            yield self.say("Room: {span}, at least {n} over.", span=room_span, n=self.count(room.spare))

    def _movable(self, movable: MovableAgents) -> str:
        """6 in training."""
        number = self.count(movable.agents)
        return {
            Movable.TRAINING: lambda: self.say("{n} in training", n=number),
            Movable.MEETING: lambda: self.say("{n} in meetings", n=number),
            Movable.MEAL: lambda: self.say("{n} at a meal", n=number),
        }[movable.activity]()

    def _tightest(self, medium: MediumToday) -> str:
        half_hour = medium.riskiest[0]
        time = self.clock(half_hour.start)
        if medium.is_estimated:
            return self.say("About enough people all day; tightest at {time}.", time=time)
        if half_hour.short == 0:
            return self.say("No half-hour is short; just enough at {time}.", time=time)
        return self.say(
            "No half-hour is short; tightest {time}, {n} over.", time=time, n=self.count(-(half_hour.short or 0))
        )

    def forecast(self, outlook: Outlook) -> str:
        """Forecast 5,600 contacts, +6% on last Thu. Nothing without a forecast."""
        if not outlook.leading or outlook.leading.forecast is None:
            return ""
        number = int(half_up(outlook.leading.forecast))
        if not outlook.growth:
            return self.many("Forecast {n} contact.", "Forecast {n} contacts.", number)
        return self.many(
            "Forecast {n} contact, {growth}.",
            "Forecast {n} contacts, {growth}.",
            number,
            growth=self._growth_on_last_week(outlook),
        )

    def _forecast_in_short(self, outlook: Outlook) -> str:
        """Forecast 5,600, +6% on last Thu: the same with less room."""
        if not outlook.leading or outlook.leading.forecast is None:
            return ""
        number = self.count(int(half_up(outlook.leading.forecast)))
        if not outlook.growth:
            return self.say("Forecast {number}.", number=number)
        return self.say("Forecast {number}, {growth}.", number=number, growth=self._growth_on_last_week(outlook))

    def _growth_on_last_week(self, outlook: Outlook) -> str:
        if outlook.growth is None:
            return ""
        day = self.weekday(outlook.growth.day).rstrip(".")
        percent = int(half_up(outlook.growth.fraction * 100))
        if percent == 0:
            return self.say("as on last {day}", day=day)
        growth = ("+" if percent > 0 else "−") + self.with_percent_sign(self.decimal(abs(percent)))
        return self.say("{growth} on last {day}", growth=growth, day=day)

    def _expected(self, outlook: Outlook) -> str:
        """Expected: 5,280 contacts, as on the last 4 Thursdays."""
        if outlook.expected is None:
            return ""
        number, weekdays = int(half_up(outlook.expected.contacts)), self.weekdays(outlook.expected.days)
        return self.many(
            "Expected: {n} contact, as on the last {weekdays}.",
            "Expected: {n} contacts, as on the last {weekdays}.",
            number,
            weekdays=weekdays,
        )

    def people_away(self, outlook: Outlook) -> str:
        """4 off, 3 start later. Nothing where no one is, or where it is not known."""
        absent, start_later = self.count(len(outlook.absent)), len(outlook.start_later)
        if outlook.absent and start_later:
            return self.many("{off} off, {n} starts later.", "{off} off, {n} start later.", start_later, off=absent)
        if outlook.absent:
            return self.say("{off} off.", off=absent)
        return self.many("{n} starts later.", "{n} start later.", start_later) if start_later else ""

    def not_known(self, reason: NotKnown) -> str:
        """Say why nothing is known of today, or of its agents."""
        return {
            NotKnown.NO_LICENCE: self.say("Workforce management is not licensed."),
            NotKnown.NO_PERMISSION: self.say("The permission to read the plan is missing."),
            NotKnown.NO_SCHEDULE: self.say("No schedule is published for today."),
            NotKnown.NO_FORECAST: self.say("There is no forecast for today."),
            NotKnown.NO_PLANNING_GROUP: self.say("The queues are in no planning group."),
            NotKnown.NO_REQUIREMENT: self.say("The plan does not say how many are required."),
            NotKnown.NOT_IN_TIME: self.say("The plan of today did not arrive in time."),
            NotKnown.UNREADABLE: self.say("The plan of today could not be read."),
        }[reason]

    def riskiest_title(self, medium: MediumToday) -> str:
        """The riskiest half-hours, or the tightest where none is short."""
        if medium.window:
            return self.say("The riskiest half-hours")
        return self.say("The tightest half-hours")

    def short(self, half_hour: StaffedHalfHour) -> str:
        """8 short, 2 over, enough. A dash where it is not known."""
        short = half_hour.short
        if short is None:
            return self.count(None)
        if short > 0:
            return self.say("{n} short", n=self.count(short))
        return self.say("{n} over", n=self.count(-short)) if short else self.say("enough")

    def worst_label(self, medium: MediumToday) -> str:
        """8 short at 10:30. Nothing where none is short."""
        if medium.window is None:
            return ""
        worst = medium.worst or medium.riskiest[0]
        values = {"n": self.count(worst.short), "time": self.clock(worst.start)}
        if medium.is_estimated:
            return self.say("about {n} short at {time}", **values)
        return self.say("{n} short at {time}", **values)

    def staffing_notes(self, outlook: Outlook) -> tuple[str, ...]:
        """Return what must be known to read the half-hours, the most important first."""
        return tuple(self._staffing_notes(outlook))

    def _staffing_notes(self, outlook: Outlook) -> Iterator[str]:
        leading = outlook.leading
        if leading and any(half_hour.service_level is not None for half_hour in leading.riskiest):
            yield self._expected_level(outlook)
        yield from self.plan_notes(outlook)

    def plan_notes(self, outlook: Outlook) -> tuple[str, ...]:
        """Return what could move, where required agents come from, the other media, and the plan's queues."""
        return tuple(self._plan_notes(outlook))

    def _plan_notes(self, outlook: Outlook) -> Iterator[str]:
        if outlook.leading:
            yield from self._moves(outlook.leading)
        if outlook.leading and outlook.leading.is_estimated:
            yield self.say("The plan does not say how many are required: calculated from its forecast.")
        yield from (self._other_medium(medium) for medium in outlook.media[1:] if medium.is_staffing_known)
        if outlook.foreign_queues:
            yield self.say(
                "The plan covers other groups’ queues too: {names}.", names=self._first_names(outlook.foreign_queues)
            )
        if outlook.uncovered_queues:
            yield self.say("Not in the plan: {names}.", names=self._first_names(outlook.uncovered_queues))

    def _expected_level(self, outlook: Outlook) -> str:
        meaning = self.say("Expected = service level with the people scheduled.")
        if outlook.goal is None:
            return meaning
        goal = self.say("Goal {goal}.", goal=self.aim(Metric.SERVICE_LEVEL, outlook.goal))
        return f"{meaning} {goal}"

    def _other_medium(self, medium: MediumToday) -> str:
        if medium.window is None:
            return self.by_medium(self.risk(medium), medium.medium)
        window = medium.window
        return self.say(
            "{medium}: up to {n} short, {span}.",
            medium=self._capitalised(medium.medium),
            n=self.count(window.short),
            span=self.span(window.start, window.end),
        )

    def _first_names(self, names: Sequence[str]) -> str:
        hidden = len(names) - _MOST_NAMES
        rest = [self.say("+ {number} more", number=self.count(hidden))] if hidden > 0 else []
        return ", ".join([*map(self.clean, names[:_MOST_NAMES]), *rest])

    def plan_is_no_presence(self) -> str:
        """A schedule tells what is planned, not who is at the desk."""
        return self.say("A schedule tells what is planned, not who is at the desk.")

    def people_not_known(self, outlook: Outlook) -> str:
        """Say that it is not known who is off. Nothing where it is."""
        return "" if outlook.are_people_known else self.say("Who is off or starts later is not known.")

    def person(self, person: PersonToday) -> str:
        """Owen Blake, or Owen Blake 09:30."""
        name = self.clean(person.name)
        return f"{name} {self.clock(person.start)}" if person.start else name

    def more_people(self, people: Sequence[PersonToday]) -> str:
        """+ 7 more: those whose names are not shown."""
        hidden = len(people) - MOST_PEOPLE
        return self.say("+ {number} more", number=self.count(hidden)) if hidden > 0 else ""
