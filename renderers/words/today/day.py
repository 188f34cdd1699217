"""What today brings: two lines for page one and the message, and the texts of the page Today.

Each line has at most 50 characters in English where numbers and times are of the usual length. A page with less room
leaves out whole sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from renderers.words.rounding import half_up
from renderers.words.today.shortage import ShortageWords
from worker.domain.metrics import Metric
from worker.domain.today.outlook import (
    Outlook,
    PersonToday,
)
from worker.domain.today.plan import NotKnown

MOST_PEOPLE = 5
"""More names than this are counted."""
_MOST_NAMES = 3


Fits = Callable[[str, int], bool]
"""Tells whether a line has room in a card, as its first (0) or its second line (1)."""


@dataclass(frozen=True, slots=True)
class TodayText:
    """The card about today: a head, and one or two lines."""

    head: str
    lines: tuple[str, ...]


class TodayWords(ShortageWords):
    """The sentences about today."""

    def today(self, outlook: Outlook, fits: Fits = lambda _line, _number: True) -> TodayText:
        """Return the card. Of a first line that does not fit, a shorter wording is taken if there is one.

        Sentences of the second line that do not fit are left out, the last first.
        """
        wordings, sentences = self._sentences(outlook)
        first = next((line for line in wordings if fits(line, 0)), wordings[-1])
        second = next(
            (line for count in range(len(sentences), 1, -1) if fits(line := " ".join(sentences[:count]), 1)),
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
        wordings, sentences = self._sentences(outlook)
        return wordings[0], *sentences

    def _sentences(self, outlook: Outlook) -> tuple[tuple[str, ...], list[str]]:
        """Return the wordings of the first line, the longest first, and the sentences of the second."""
        leading = outlook.leading
        reason = self.not_known(outlook.reasons[0]) if outlook.reasons else ""
        people = self.people_away(outlook)
        if leading and leading.is_staffing_known:
            return self.risk_wordings(leading), list(filter(None, (self._forecast_in_short(outlook), people)))
        expectation = (self.forecast(outlook), self._forecast_in_short(outlook))
        if not any(expectation):
            expectation = self._expected(outlook)
        first, *sentences = filter(None, (expectation[0], reason, people))
        return (expectation if expectation[0] else (first,)), sentences

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

    def _expected(self, outlook: Outlook) -> tuple[str, str]:
        """Expected: 5,280 contacts, average of the last 4 Thursdays. And the same with less room."""
        if outlook.expected is None:
            return "", ""
        number, weekdays = int(half_up(outlook.expected.contacts)), self.weekdays(outlook.expected.days)
        return (
            self.many(
                "Expected: {n} contact, average of the last {weekdays}.",
                "Expected: {n} contacts, average of the last {weekdays}.",
                number,
                weekdays=weekdays,
            ),
            self.say(
                "Expected: {number}, average of the last {weekdays}.", number=self.count(number), weekdays=weekdays
            ),
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
            yield from self.moves(outlook.leading)
        if outlook.leading and outlook.leading.is_estimated:
            yield self.say("The plan does not say how many are required: calculated from its forecast.")
        yield from (self.other_medium_short(medium) for medium in outlook.media[1:] if medium.is_staffing_known)
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
