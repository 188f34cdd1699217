"""Talk about a stretch of half-hours that was late, or without any contact."""

from __future__ import annotations

from renderers.words.insights.talk import Figures, Talk
from renderers.words.summaries import SummaryWords
from renderers.words.usual import UsualWords
from worker.domain.briefing.usual_content import Measure
from worker.domain.metrics import Metric
from worker.domain.rounding import half_up
from worker.domain.today.outlook import Extent

_WHOLE_PERCENT = 2
"""The decimal places of a fraction that is printed as a whole percentage."""


class HalfHourTalk(SummaryWords, UsualWords):
    """The talking points about half-hours."""

    def _worst_run(self, figures: Figures) -> Talk:
        window = self.span(figures["start"], figures["end"])
        detail = self._level_of_run(figures)
        sentences = [
            detail,
            self._usual_in_run(figures),
            self._longer_stretch(figures),
            "" if self.has_clock_change(figures["start"], figures["end"]) else self.say("Can it recur today?"),
        ]
        return self._under_target(window), list(filter(None, sentences))

    def _usual_in_run(self, figures: Figures) -> str:
        """Usually 74–90% at this time: only of a stretch that is unusual."""
        if "usual" not in figures:
            return ""
        ends = self.ends(figures["usual"], Measure.SERVICE_LEVEL, figures["service_level"], _WHOLE_PERCENT)
        return self.say("Usually {range} at this time.", range=ends)

    def _longer_stretch(self, figures: Figures) -> str:
        """All of 10:00–14:00 was under target."""
        if "around" not in figures:
            return ""
        return self.say("All of {window} was under target.", window=self.span(*figures["around"]))

    def _silent_hours(self, figures: Figures) -> Talk:
        window = self.clock_span(figures["start"], figures["end"])
        ends = self.ends(figures["usual"], Measure.OFFERED, 0)
        head = self.in_medium(self.say("{window} without a contact", window=window), figures.get("medium"))
        return head, [
            self.say("Usually {range} contacts come at this time.", range=ends),
            self.say("Were all lines open?"),
        ]

    def _today_short(self, figures: Figures) -> Talk:
        """480 contacts forecast, about 67% in time, goal ≥ 80%. What can move?"""
        head = self.in_medium(self._today_short_head(figures), figures.get("planned_medium"))
        number = int(half_up(figures["contacts"]))
        level = self.percent(figures["service_level"], 0, figures["goal"])
        goal = self.aim(Metric.SERVICE_LEVEL, figures["goal"])
        return head, [
            self.many(
                "{n} contact forecast, about {level} in time, goal {goal}.",
                "{n} contacts forecast, about {level} in time, goal {goal}.",
                number,
                level=level,
                goal=goal,
            ),
            self._question_on_shortage(figures),
        ]

    def _today_short_head(self, figures: Figures) -> str:
        """14:00–15:30 today is short of people, or one person short. Today, where all half-hours are alike."""
        if "extent" in figures:
            return self._day_short_head(figures)
        window = self.span(figures["start"], figures["end"])
        head = self.many(
            "{window} today is one person short", "{window} today is short of people", figures["short"], window=window
        )
        return head[:1].upper() + head[1:]  # "first 02:00–03:30" begins the sentence

    def _day_short_head(self, figures: Figures) -> str:
        number, is_whole = figures["short"], figures["extent"] is Extent.ALL_DAY_ALIKE
        if first_start := figures["first_start"]:
            time = self.clock(first_start)
            return (
                self.many("One person short from {time} today", "Short of people from {time} today", number, time=time)
                if is_whole
                else self.many(
                    "Mostly one person short from {time} today",
                    "Mostly short of people from {time} today",
                    number,
                    time=time,
                )
            )
        if is_whole:
            return self.many("Today is one person short all day", "Today is short of people all day", number)
        return self.many("Today is mostly one person short", "Today is mostly short of people", number)

    def _question_on_shortage(self, figures: Figures) -> str:
        if figures["can_move"]:
            return self.say("What can move?")
        return self.say("Who can help out?") if "extent" in figures else self.say("Who can help out then?")

    def _level_of_run(self, figures: Figures) -> str:
        """52% service level over 230 contacts and 12 of the day’s 30 abandons in 90 minutes."""
        values = {
            "level": self.percent(figures["service_level"], 0, figures["goal"]),
            "counted": self.count(figures["counted"]),
            "stretch": self._stretch(figures["minutes"]),
        }
        if not figures["abandons"]:
            return self.say("{level} service level over {counted} contacts in {stretch}.", **values)
        return self.many(
            "{level} service level over {counted} contacts and the day’s only abandon in {stretch}.",
            "{level} service level over {counted} contacts and {abandons} of the day’s {n} abandons in {stretch}.",
            figures["abandons_of_day"],
            abandons=self.count(figures["abandons"]),
            **values,
        )

    def _under_target(self, window: str) -> str:
        """Not "the weak spot": another stretch may be as bad."""
        window = window[:1].upper() + window[1:]  # "first 02:00–03:30" begins the sentence
        return self.say("{window} was under target", window=window)

    def _stretch(self, of_minutes: int) -> str:
        if of_minutes > 120:
            return self.minutes(of_minutes * 60)
        return self.many("{n} minute", "{n} minutes", of_minutes)
