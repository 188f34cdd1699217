"""What to talk about: a sentence for each kind of insight that `worker.domain.insights` finds.

A head has at most 34 characters and a detail at most 96, so that a phone shows them in one and two lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from renderers.words.names import shorten
from renderers.words.verdict import Sentence, VerdictWords
from worker.domain.briefing.content import Insight
from worker.domain.metrics import Metric, Status

HEAD_LIMIT = 34
DETAIL_LIMIT = 96
_Figures = Mapping[str, Any]


class InsightWords(VerdictWords):
    """The sentences about insights."""

    def insight(self, insight: Insight) -> Sentence:
        """Return the sentence of an insight. Raise ValueError for a kind that has none."""
        if insight.kind not in _SENTENCES:
            raise ValueError(f"there is no sentence for insights of kind {insight.kind!r}: add one to renderers.words")
        head, detail = _SENTENCES[insight.kind](self, insight.figures, insight.status)
        return Sentence(insight.status, shorten(head, HEAD_LIMIT), shorten(detail, DETAIL_LIMIT))

    def _incomplete_data(self, figures: _Figures, _: Status) -> tuple[str, str]:
        return self.say("Incomplete data"), self.clean(figures["detail"])

    def _worst_run(self, figures: _Figures, status: Status) -> tuple[str, str]:
        window = self.span(figures["start"], figures["end"])
        level, stretch = self.percent(figures["service_level"], 0), self._stretch(figures["minutes"])
        if status is Status.MISSED:
            head = self.say("{window} cost us the day", window=window)
        else:
            head = self.say("{window} was the weak spot", window=window)
        share = figures["abandons_share"]
        if not share:
            detail = self.say("{level} service level in {stretch}.", level=level, stretch=stretch)
        else:
            detail = self.say(
                "{level} service level and {share} of the day’s abandons in {stretch}.",
                level=level,
                share=self.percent(share, 0),
                stretch=stretch,
            )
        ask = self.say("Can it recur today?")
        return head, f"{detail} {ask}"

    def _costly_queues(self, figures: _Figures, _: Status) -> tuple[str, str]:
        names = [self.clean(name) for name in figures["names"]]
        values = {
            "share": self.percent(figures["share"], 0),
            "late": self.count(figures["late"]),
            "all": self.count(figures["late_total"]),
        }
        if len(names) == 1:
            return names[0], self.say("{share} of all late answers ({late} of {all}) came from this queue.", **values)
        detail = self.say("{share} of all late answers ({late} of {all}) came from these two queues.", **values)
        return self._joined(*names), detail

    def _agents_under_floor(self, figures: _Figures, _: Status) -> tuple[str, str]:
        head = self.many(
            "{n} agent under {floor} adherence",
            "{n} agents under {floor} adherence",
            figures["count"],
            floor=self.round_percent(figures["floor"]),
        )
        absence = self.many(
            "{time} away from schedule",
            "Together {time} away from schedule",
            figures["count"],
            time=self.minutes(figures["off_schedule_seconds"]),
        )
        logins = f", {self.late_logins(figures['late_logins'])}" if figures["late_logins"] else ""
        ask = self.say("What kept them?")
        return head, f"{absence}{logins}. {ask}"

    def _occupancy_high(self, figures: _Figures, _: Status) -> tuple[str, str]:
        ask = self.say("No time to breathe: who can help out, and when?")
        return self.say("Occupancy above its band"), f"{self._against_band(figures)} {ask}"

    def _occupancy_low(self, figures: _Figures, _: Status) -> tuple[str, str]:
        ask = self.say("Is there room for coaching or back-office work?")
        return self.say("Occupancy below its band"), f"{self._against_band(figures)} {ask}"

    def _against_band(self, figures: _Figures) -> str:
        band = self.percent_band(figures["low"], figures["high"])
        return self.say("{value} against {band}.", value=self.percent(figures["value"]), band=band)

    def _service_level_change(self, figures: _Figures, _: Status) -> tuple[str, str]:
        change: float = figures["points"]
        previous: date = figures["previous"]
        comparison = self.say(
            "Against {day}, and the weekday average says the same.", day=self.short_day(previous).rstrip(".")
        )
        if change > 0:
            ask = self.say("What helped?")
            return self.say("Service level up {points}", points=self.points(change)), f"{comparison} {ask}"
        ask = self.say("What changed?")
        return self.say("Service level down {points}", points=self.points(change)), f"{comparison} {ask}"

    def _volume_high(self, figures: _Figures, _: Status) -> tuple[str, str]:
        return (
            self.say("{percent} more contacts than usual", percent=self.percent(figures["ratio"] - 1, 0)),
            self.say("More than the same weekday of the last four weeks. Does it go on today?"),
        )

    def _best_queue(self, figures: _Figures, _: Status) -> tuple[str, str]:
        level, offered = self.percent(figures["service_level"]), self.count(figures["offered"])
        return (
            self.say("Well done: {name}", name=self.clean(figures["name"])),
            self.say("{level} of {offered} answered in time, best queue of the day.", level=level, offered=offered),
        )

    def _on_target_streak(self, figures: _Figures, _: Status) -> tuple[str, str]:
        name = self.metric(Metric(figures["metric"]))
        return (
            self.many("{metric}: {n} day on target", "{metric}: {n} days on target", figures["days"], metric=name),
            self.say("Business days in a row, this one included. Well done."),
        )

    def _target_met(self, figures: _Figures, _: Status) -> tuple[str, str]:
        metric = Metric(figures["metric"])
        name, value = self.metric(metric), self.percent(figures["value"])
        return (
            self.say("Well done: {name}", name=name),
            self.say("{value} against a goal of {goal}.", value=value, goal=self.aim(metric, figures["goal"])),
        )

    def _all_targets_met(self, _: _Figures, __: Status) -> tuple[str, str]:
        return self.say("All targets met"), self.say("Every target of the day was met. Say thank you.")

    def _joined(self, first: str, second: str) -> str:
        """Join two names with "and". Cut each to an equal share where both are too long for a line."""
        text = self.say("{one} and {other}", one=first, other=second)
        if len(text) <= HEAD_LIMIT:
            return text
        share = (HEAD_LIMIT - len(text) + len(first) + len(second)) // 2
        spare = sum(max(share - len(name), 0) for name in (first, second))
        return self.say("{one} and {other}", one=shorten(first, share + spare), other=shorten(second, share + spare))

    def _stretch(self, of_minutes: int) -> str:
        if of_minutes > 120:
            return self.minutes(of_minutes * 60)
        return self.many("{n} minute", "{n} minutes", of_minutes)


_SENTENCES: dict[str, Callable[[InsightWords, _Figures, Status], tuple[str, str]]] = {
    "incomplete_data": InsightWords._incomplete_data,
    "worst_run": InsightWords._worst_run,
    "costly_queues": InsightWords._costly_queues,
    "agents_under_floor": InsightWords._agents_under_floor,
    "occupancy_high": InsightWords._occupancy_high,
    "occupancy_low": InsightWords._occupancy_low,
    "service_level_change": InsightWords._service_level_change,
    "volume_high": InsightWords._volume_high,
    "best_queue": InsightWords._best_queue,
    "on_target_streak": InsightWords._on_target_streak,
    "target_met": InsightWords._target_met,
    "all_targets_met": InsightWords._all_targets_met,
}
KINDS = frozenset(_SENTENCES)
