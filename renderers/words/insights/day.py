"""Talk about what the whole day was like."""

from __future__ import annotations

from datetime import date

from renderers.words.gaps import GapWords
from renderers.words.insights.talk import Figures, Talk
from renderers.words.summaries import SummaryWords
from renderers.words.usual import UsualWords
from renderers.words.why import WhyWords


class DayTalk(SummaryWords, GapWords, WhyWords, UsualWords):
    """The talking points about the whole day."""

    def _incomplete_data(self, figures: Figures) -> Talk:
        return self.say("Incomplete data"), [
            " ".join(self._as_sentence(self.gap_detail(gap)) for gap in figures["gaps"])
        ]

    def _as_sentence(self, detail: str) -> str:
        return detail if detail.endswith((".", "!", "?")) else f"{detail}."

    def _short_incomplete_data(self, _: Figures) -> str:
        return self.say("The source did not give the whole day.")

    def _agents_under_floor(self, figures: Figures) -> Talk:
        count, floor = figures["count"], self.round_percent(figures["floor"])
        head = self.many("{n} agent under {floor} adherence", "{n} agents under {floor} adherence", count, floor=floor)
        absence = self.many(
            "{time} away from schedule",
            "Together {time} away from schedule",
            count,
            time=self.minutes(figures["off_schedule_seconds"]),
        )
        logins = f", {self.late_logins(figures['late_logins'])}" if figures["late_logins"] else ""
        return head, [f"{absence}{logins}.", self.say("What kept them?")]

    def _occupancy_high(self, figures: Figures) -> Talk:
        if figures.get("is_one_agent"):
            question = self.say("No time to breathe: what can wait?")
        else:
            question = self.say("No time to breathe: who can help out, and when?")
        return self.say("Occupancy above its band"), [self._against_band(figures), question]

    def _occupancy_low(self, figures: Figures) -> Talk:
        question = "" if figures.get("is_once") else self.say("Is there room for coaching or back-office work?")
        return self.say("Occupancy below its band"), list(filter(None, (self._against_band(figures), question)))

    def _against_band(self, figures: Figures) -> str:
        band = self.percent_band(figures["low"], figures["high"])
        return self.say(
            "{value} against {band}.",
            value=self.percent(figures["value"], 1, figures["low"], figures["high"]),
            band=band,
        )

    def _service_level_change(self, figures: Figures) -> Talk:
        points: float = figures["points"]
        previous: date = figures["previous"]
        size, day = self.whole_points(points), self.short_day(previous).rstrip(".")
        if points > 0:
            comparison = self._with_one_weekday(figures, day) or self.many(
                "Compared with {day}. Also above the average of this weekday over {n} week.",
                "Compared with {day}. Also above the average of this weekday over {n} weeks.",
                figures["weeks"],
                day=day,
            )
            return self.say("Service level up {points}", points=size), [comparison, self.say("What helped?")]
        comparison = self._with_one_weekday(figures, day) or self.many(
            "Compared with {day}. Also below the average of this weekday over {n} week.",
            "Compared with {day}. Also below the average of this weekday over {n} weeks.",
            figures["weeks"],
            day=day,
        )
        return self.say("Service level down {points}", points=size), [comparison, self.say("What changed?")]

    def _service_level_low(self, figures: Figures) -> Talk:
        return self.why_talk(figures["why"])

    def _figure_unusual(self, figures: Figures) -> Talk:
        head = self.unusual_head(figures["measure"], figures["usual"].place)
        head = self.in_medium(head, figures.get("medium"))
        return head, [self.unusual_value(figures), self.question_on_unusual(figures)]

    def _with_one_weekday(self, figures: Figures, day: str) -> str:
        """Name the earlier weekday itself where there is only one: it is no average."""
        if figures["weeks"] != 1:
            return ""
        weekday = self.short_day(figures["weekday"]).rstrip(".")
        if weekday == day:
            return self.say("Compared with {day}.", day=day)
        if figures["points"] > 0:
            return self.say("Compared with {day}. Also above {weekday}.", day=day, weekday=weekday)
        return self.say("Compared with {day}. Also below {weekday}.", day=day, weekday=weekday)

    def _volume_high(self, figures: Figures) -> Talk:
        if figures.get("weeks") == 1:
            return self._more_than_one_day(figures)
        head = self.say("{percent} more contacts than usual", percent=self.growth(figures["ratio"] - 1, 0))
        return head, [self._usual_contacts(figures), self.say("Does it go on today?")]

    def _usual_contacts(self, figures: Figures) -> str:
        usual = self.average_count(figures["usual"])
        if "weeks" not in figures:
            return self.say("Usual: {usual}, the middle of the usual range.", usual=usual)
        return self.many(
            "Usual: {usual}, the average of this weekday over {n} week.",
            "Usual: {usual}, the average of this weekday over {n} weeks.",
            figures["weeks"],
            usual=usual,
        )

    def _more_than_one_day(self, figures: Figures) -> Talk:
        """One earlier day is neither usual nor an average."""
        percent, day = self.growth(figures["ratio"] - 1, 0), self.short_day(figures["day"])
        earlier = self.say(
            "{number} on {day}, the only earlier day of this weekday to compare with.",
            number=self.average_count(figures["usual"]),
            day=day,
        )
        head = self.say("{percent} more contacts than {day}", percent=percent, day=day.rstrip("."))
        return head, [earlier, self.say("Does it go on today?")]
