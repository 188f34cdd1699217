"""Which half-hours of today are short of agents, or have the fewest to spare, and what could be moved out of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from renderers.words.readings import ReadingWords
from worker.domain.rounding import half_up
from worker.domain.today.outlook import Extent, MediumToday, MovableAgents, RiskWindow, StaffedHalfHour
from worker.domain.today.plan import Movable


class ShortageWords(ReadingWords):
    """The sentences about half-hours and their agents."""

    def risk(self, medium: MediumToday) -> str:
        """Say when the most agents are missing, or that none are. The staffing must be known."""
        return self.risk_wordings(medium)[0]

    def risk_wordings(self, medium: MediumToday) -> tuple[str, ...]:
        """Return the sentence, and shorter ones where it may be too long for a card."""
        if medium.is_small:
            return (self.say("At this size no half-hour can be called short."),)
        if not medium.riskiest:
            return (self.say("All half-hours are over at the stand-up."),)
        if medium.window is None:
            return self._short_earlier(medium) or (self._tightest(medium),)
        if medium.first_start is None:
            return (self._short_today(medium, medium.window),)
        return self._short_later(medium, medium.window, medium.first_start)

    def _short_today(self, medium: MediumToday, window: RiskWindow) -> str:
        """Name the window around the worst half-hour of the day, and say how much of the day is short."""
        values = self._values(medium, window)
        match window.extent:
            case Extent.WINDOW:
                return self.say("Riskiest: {span}, {agents}.", **values)
            case Extent.MOST_OF_DAY:
                return self.say("Mostly short, worst {span}, {agents}.", **values)
            case Extent.MOST_OF_DAY_ALIKE:
                return self.say("Mostly short: {agents} in {part} of {all} half-hours.", **values)
            case Extent.ALL_DAY:
                return self.say("Short all day, worst {span}, {agents}.", **values)
            case Extent.ALL_DAY_ALIKE:
                return self.say("Short all day: {agents} in each half-hour.", **values)

    def _short_later(self, medium: MediumToday, window: RiskWindow, first_start: datetime) -> tuple[str, ...]:
        """Say the same of the half-hours that are not over at the stand-up."""
        values = {**self._values(medium, window), "time": self.clock(first_start)}
        shorter: tuple[str, ...] = ()
        match window.extent:
            case Extent.WINDOW:
                line = self.say("Riskiest from the stand-up: {span}, {agents}.", **values)
                shorter = (
                    self.say("From the stand-up: {span}, {agents}.", **values),
                    self.say("Riskiest from the stand-up: {span}.", **values),
                )
            case Extent.MOST_OF_DAY:
                line = self.say("Mostly short from {time}, worst {span}, {agents}.", **values)
                shorter = (self.say("Mostly short from {time}, worst {span}.", **values),)
            case Extent.MOST_OF_DAY_ALIKE:
                line = self.say("From {time}, {agents} in {part} of {all} half-hours.", **values)
            case Extent.ALL_DAY:
                line = self.say("Short from {time} on, worst {span}, {agents}.", **values)
                shorter = (self.say("Short from {time} on, worst {span}.", **values),)
            case Extent.ALL_DAY_ALIKE:
                line = self.say("Short from {time} on: {agents} in each half-hour.", **values)
        return line, *shorter

    def _short_earlier(self, medium: MediumToday) -> tuple[str, ...]:
        """Say that no half-hour after the stand-up is short, but earlier ones are. Nothing where none are.

        Where most of them are, a window would leave out others that are as short.
        """
        window = medium.earlier_window
        if window is None:
            return ()
        if window.extent in (Extent.ALL_DAY, Extent.ALL_DAY_ALIKE):
            return (
                self.say("After the stand-up, no half-hour is short; all before it are."),
                self.say("None is short after the stand-up; all before it are."),
            )
        if window.extent is not Extent.WINDOW:
            return (
                self.say("After the stand-up, no half-hour is short; most before it are."),
                self.say("None is short after the stand-up; most before it are."),
            )
        values = self._values(medium, window)
        return (
            self.say("After the stand-up, no half-hour is short; {span}: {agents}.", **values),
            self.say("None is short after the stand-up; {span} is.", **values),
        )

    def _values(self, medium: MediumToday, window: RiskWindow) -> dict[str, str]:
        remaining = medium.remaining
        return {
            "span": self.span(window.start, window.end),
            "agents": self._agents_missing(medium, window),
            "part": self.count(sum((half_hour.short or 0) > 0 for half_hour in remaining)),
            "all": self.count(len(remaining)),
        }

    def _agents_missing(self, medium: MediumToday, window: RiskWindow) -> str:
        """8 short, up to 8 short where not all half-hours of the window lack as many, or about 8 short."""
        if medium.is_estimated:
            return self.many("about {n} short", "about {n} short", window.short)
        if window.short > window.least_short:
            return self.many("up to {n} short", "up to {n} short", window.short)
        return self.many("{n} short", "{n} short", window.short)

    def moves(self, medium: MediumToday) -> Iterator[str]:
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
        """Name the half-hour with the fewest agents to spare."""
        half_hour = medium.riskiest[0]
        time, start = self.clock(half_hour.start), self.clock(medium.first_start) if medium.first_start else ""
        if medium.is_estimated and start:
            return self.say("About enough people from {since}; tightest at {time}.", time=time, since=start)
        if medium.is_estimated:
            return self.say("About enough people all day; tightest at {time}.", time=time)
        if half_hour.short == 0:
            return self.say("No half-hour is short; just enough at {time}.", time=time)
        spare = self.count(-(half_hour.short or 0))
        if start:
            return self.say("No half-hour is short; from {since} at least {n} over.", n=spare, since=start)
        return self.say("No half-hour is short; tightest {time}, {n} over.", time=time, n=spare)

    def riskiest_title(self, medium: MediumToday) -> str:
        """The riskiest half-hours, or the tightest where none is short. From the stand-up, where others are over."""
        if medium.first_start and medium.window:
            return self.say("The riskiest half-hours from the stand-up")
        if medium.first_start:
            return self.say("The tightest half-hours from the stand-up")
        return self.say("The riskiest half-hours") if medium.window else self.say("The tightest half-hours")

    def short(self, half_hour: StaffedHalfHour) -> str:
        """8 short, 2 over, enough. A dash where it is not known."""
        short = half_hour.short
        if short is None:
            return self.count(None)
        if short > 0:
            return self.many("{n} short", "{n} short", short)
        return self.say("{n} over", n=self.count(-short)) if short else self.say("enough")

    def staffed(self, half_hour: StaffedHalfHour) -> str:
        """175 contacts, 26 people required, 27 scheduled."""
        offered, required = half_hour.offered, half_hour.required
        contacts = self.say("{missing} contacts", missing=self.count(None))
        if offered is not None:
            contacts = self.many("{n} contact", "{n} contacts", int(half_up(offered)))
        people = self.say("{missing} people required", missing=self.count(None))
        if required is not None:
            people = self.many("{n} person required", "{n} people required", required)
        scheduled = self.count(half_hour.scheduled)
        return self.say("{contacts}, {people}, {n} scheduled", contacts=contacts, people=people, n=scheduled)

    def worst_label(self, medium: MediumToday) -> str:
        """8 short at 10:30. Nothing where none is short."""
        if medium.window is None:
            return ""
        worst = medium.worst or medium.riskiest[0]
        number, time = worst.short or 0, self.clock(worst.start)
        if medium.is_estimated:
            return self.many("about {n} short at {time}", "about {n} short at {time}", number, time=time)
        return self.many("{n} short at {time}", "{n} short at {time}", number, time=time)

    def other_medium_short(self, medium: MediumToday) -> str:
        """Chat: up to 2 short, 10:00–11:30."""
        window = medium.window
        if window is None or window.extent.is_alike:
            return self.by_medium(self.risk(medium), medium.medium)
        return self.say(
            "{medium}: {agents}, {span}.",
            medium=self._capitalised(medium.medium),
            agents=self._agents_missing(medium, window),
            span=self.span(window.start, window.end),
        )
