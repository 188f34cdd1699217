"""What to talk about: a sentence for each kind of insight that `worker.domain.insights` finds.

A head has at most 34 characters and a detail at most 96, so that a phone shows them in one and two lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from renderers.words.names import shorten
from renderers.words.verdict import Sentence, Verdicts
from worker.domain.briefing.content import Insight
from worker.domain.metrics import Metric, Status

HEAD_LIMIT = 34
DETAIL_LIMIT = 96
_Figures = Mapping[str, Any]


class Insights(Verdicts):
    """How a language speaks of what to talk about."""

    def insight(self, found: Insight) -> Sentence:
        """The sentence of an insight; ValueError names a kind that has none."""
        if found.kind not in _SENTENCES:
            raise ValueError(f"there is no sentence for insights of kind {found.kind!r}: add one to renderers.words")
        head, detail = _SENTENCES[found.kind](self, found.figures, found.status)
        return Sentence(found.status, shorten(head, HEAD_LIMIT), shorten(detail, DETAIL_LIMIT))

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
        away = self.many(
            "{time} away from schedule",
            "Together {time} away from schedule",
            figures["count"],
            time=self.minutes(figures["off_schedule_seconds"]),
        )
        logins = f", {self.late_logins(figures['late_logins'])}" if figures["late_logins"] else ""
        ask = self.say("What kept them?")
        return head, f"{away}{logins}. {ask}"

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
        moved: float = figures["points"]
        previous: date = figures["previous"]
        against = self.say(
            "Against {day}, and the weekday average says the same.", day=self.short_day(previous).rstrip(".")
        )
        if moved > 0:
            ask = self.say("What helped?")
            return self.say("Service level up {points}", points=self.points(moved)), f"{against} {ask}"
        ask = self.say("What changed?")
        return self.say("Service level down {points}", points=self.points(moved)), f"{against} {ask}"

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

    def _joined(self, one: str, other: str) -> str:
        """Two names with "and"; where that is too long each gets an equal share of the line."""
        both = self.say("{one} and {other}", one=one, other=other)
        if len(both) <= HEAD_LIMIT:
            return both
        share = (HEAD_LIMIT - len(both) + len(one) + len(other)) // 2
        spare = sum(max(share - len(name), 0) for name in (one, other))
        return self.say("{one} and {other}", one=shorten(one, share + spare), other=shorten(other, share + spare))

    def _stretch(self, of_minutes: int) -> str:
        if of_minutes > 120:
            return self.minutes(of_minutes * 60)
        return self.many("{n} minute", "{n} minutes", of_minutes)


_SENTENCES: dict[str, Callable[[Insights, _Figures, Status], tuple[str, str]]] = {
    "incomplete_data": Insights._incomplete_data,
    "worst_run": Insights._worst_run,
    "costly_queues": Insights._costly_queues,
    "agents_under_floor": Insights._agents_under_floor,
    "occupancy_high": Insights._occupancy_high,
    "occupancy_low": Insights._occupancy_low,
    "service_level_change": Insights._service_level_change,
    "volume_high": Insights._volume_high,
    "best_queue": Insights._best_queue,
    "on_target_streak": Insights._on_target_streak,
    "target_met": Insights._target_met,
    "all_targets_met": Insights._all_targets_met,
}
KINDS = frozenset(_SENTENCES)
