"""What to talk about: a sentence for each kind of insight that `worker.domain.insights` finds.

A head names queues with their whole names. Its ``short_head`` has at most `HEAD_LIMIT` characters, for a page on which
the whole one takes more than two lines: long names are cut in their middle. The sentences below it are complete by
themselves, the most important first: a page with room for some of them leaves out the last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from renderers.words.gaps import GapWords
from renderers.words.names import shorten_name
from renderers.words.summaries import SummaryWords
from renderers.words.usual import UsualWords
from renderers.words.verdict import Sentence
from renderers.words.why import WhyWords
from worker.domain.briefing.content import Insight
from worker.domain.briefing.usual_content import Measure
from worker.domain.metrics import Metric, Status

HEAD_LIMIT = 44
_Figures = Mapping[str, Any]
_Talk = tuple[str, list[str]]
"""A head and the sentences below it."""


class InsightWords(SummaryWords, GapWords, WhyWords, UsualWords):
    """The sentences about insights."""

    def insight(self, insight: Insight) -> Sentence:
        """Return the sentence of an insight. Raise ValueError for a kind that has none."""
        if insight.kind not in _SENTENCES:
            raise ValueError(f"there is no sentence for insights of kind {insight.kind!r}: add one to renderers.words")
        head, sentences = _SENTENCES[insight.kind](self, insight.figures)
        if (medium := insight.figures.get("medium")) and insight.kind in _NAMES_MEDIUM_FIRST:
            sentences = [self.by_medium(sentences[0], str(medium)), *sentences[1:]]
        short = _SHORT[insight.kind](self, insight.figures) if insight.kind in _SHORT else ""
        short_head = _SHORT_HEADS[insight.kind](self, insight.figures) if insight.kind in _SHORT_HEADS else head
        return Sentence(insight.status, head, tuple(sentences), short, short_head)

    def sign_of_talk(self, status: Status) -> str:
        """What the shape beside a talking point says to a screen reader. It is no verdict on a target."""
        return self.say("Praise") if status is Status.ON_TARGET else self.say("To raise")

    def _incomplete_data(self, figures: _Figures) -> _Talk:
        return self.say("Incomplete data"), [
            " ".join(self._as_sentence(self.gap_detail(gap)) for gap in figures["gaps"])
        ]

    def _as_sentence(self, detail: str) -> str:
        return detail if detail.endswith((".", "!", "?")) else f"{detail}."

    def _short_incomplete_data(self, _: _Figures) -> str:
        return self.say("The source did not give the whole day.")

    def _worst_run(self, figures: _Figures) -> _Talk:
        window = self.span(figures["start"], figures["end"])
        detail = self._level_of_run(figures)
        sentences = [
            detail,
            self._usual_in_run(figures),
            self._longer_stretch(figures),
            self.say("Can it recur today?"),
        ]
        return self._under_target(window, figures["is_just_missed"]), list(filter(None, sentences))

    def _usual_in_run(self, figures: _Figures) -> str:
        """Usually 74–90% at this time: only of a stretch that is unusual."""
        if "usual" not in figures:
            return ""
        return self.say("Usually {range} at this time.", range=self.ends(figures["usual"], Measure.SERVICE_LEVEL))

    def _longer_stretch(self, figures: _Figures) -> str:
        """All of 10:00–14:00 was under target."""
        if "around" not in figures:
            return ""
        return self.say("All of {window} was under target.", window=self.span(*figures["around"]))

    def _silent_hours(self, figures: _Figures) -> _Talk:
        window = f"{figures['start']}–{figures['end']}"
        ends = self.ends(figures["usual"], Measure.OFFERED)
        return self.say("{window} without a contact", window=window), [
            self.say("Usually {range} contacts come at this time.", range=ends),
            self.say("Were all lines open?"),
        ]

    def _level_of_run(self, figures: _Figures) -> str:
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

    def _under_target(self, window: str, is_just_missed: bool) -> str:
        """Not "the weak spot": another stretch may be as bad, and one at 79% is hardly weak."""
        if is_just_missed:
            return self.say("{window} just under target", window=window)
        return self.say("{window} was under target", window=window)

    def _costly_queues(self, figures: _Figures) -> _Talk:
        names, suffixes = self._costly_names(figures)
        comparison = self.many(
            "{share} not answered in time ({late} of {all}), elsewhere{medium} {other_share} "
            "({other_late} of {other_all}).",
            "Together {share} not answered in time ({late} of {all}), elsewhere{medium} {other_share} "
            "({other_late} of {other_all}).",
            len(names),
            medium=suffixes[-1],
            late=self.count(figures["late"]),
            all=self.count(figures["counted"]),
            other_late=self.count(figures["other_late"]),
            other_all=self.count(figures["other_counted"]),
            **self._late_shares(figures),
        )
        return self._joined([name + suffix for name, suffix in zip(names, suffixes, strict=True)]), [
            comparison,
            *self._own_goal(figures),
        ]

    def _own_goal(self, figures: _Figures) -> list[str]:
        """Its goal: ≥ 90%. Nothing for a queue with the same goal as the group."""
        if "own_goal" not in figures:
            return []
        return [self.say("Its goal: {goal}.", goal=self.aim(Metric.SERVICE_LEVEL, figures["own_goal"]))]

    def _costly_names(self, figures: _Figures) -> tuple[list[str], list[str]]:
        """Return the names, and what follows each: its medium, only behind the last where all have the same."""
        names = [self.clean(name) for name in figures["names"]]
        suffixes = [self.in_medium("", medium) for medium in figures.get("media") or [None] * len(names)]
        if len(set(suffixes)) == 1:
            suffixes = [*[""] * (len(names) - 1), suffixes[0]]
        return names, suffixes

    def _short_costly_queues(self, figures: _Figures) -> str:
        return self.say("{share} not answered in time, elsewhere {other_share}.", **self._late_shares(figures))

    def _late_shares(self, figures: _Figures) -> dict[str, str]:
        return {
            "share": self.percent(figures["late"] / figures["counted"], 0),
            "other_share": self.percent(figures["other_late"] / figures["other_counted"], 0),
        }

    def _agents_under_floor(self, figures: _Figures) -> _Talk:
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

    def _occupancy_high(self, figures: _Figures) -> _Talk:
        if figures.get("is_one_agent"):
            question = self.say("No time to breathe: what can wait?")
        else:
            question = self.say("No time to breathe: who can help out, and when?")
        return self.say("Occupancy above its band"), [self._against_band(figures), question]

    def _occupancy_low(self, figures: _Figures) -> _Talk:
        question = "" if figures.get("is_once") else self.say("Is there room for coaching or back-office work?")
        return self.say("Occupancy below its band"), list(filter(None, (self._against_band(figures), question)))

    def _against_band(self, figures: _Figures) -> str:
        band = self.percent_band(figures["low"], figures["high"])
        return self.say(
            "{value} against {band}.",
            value=self.percent(figures["value"], 1, figures["low"], figures["high"]),
            band=band,
        )

    def _service_level_change(self, figures: _Figures) -> _Talk:
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

    def _service_level_low(self, figures: _Figures) -> _Talk:
        return self.why_talk(figures["why"])

    def _figure_unusual(self, figures: _Figures) -> _Talk:
        head = self.unusual_head(figures["measure"], figures["usual"].place)
        head = self.in_medium(head, figures.get("medium"))
        return head, [self.unusual_value(figures), self._why_unusual(figures)]

    def _why_unusual(self, figures: _Figures) -> str:
        return self.say("What helped?") if figures["is_good"] else self.say("What changed?")

    def _queue_unusual(self, figures: _Figures) -> _Talk:
        name = self.in_medium(self.clean(figures["name"]), figures.get("medium"))
        return self._unusual_queue(name, figures), [self.unusual_value(figures), self._why_unusual(figures)]

    def _unusual_queue(self, name: str, figures: _Figures) -> str:
        return self.unusual_queue_head(name, figures["measure"], figures["usual"].place)

    def _short_unusual_queue(self, figures: _Figures) -> str:
        suffix = self.in_medium("", figures.get("medium"))
        room = HEAD_LIMIT - len(self._unusual_queue(suffix, figures))
        return self._unusual_queue(shorten_name(self.clean(figures["name"]), room) + suffix, figures)

    def _with_one_weekday(self, figures: _Figures, day: str) -> str:
        """Name the earlier weekday itself where there is only one: it is no average."""
        if figures["weeks"] != 1:
            return ""
        weekday = self.short_day(figures["weekday"]).rstrip(".")
        if weekday == day:
            return self.say("Compared with {day}.", day=day)
        if figures["points"] > 0:
            return self.say("Compared with {day}. Also above {weekday}.", day=day, weekday=weekday)
        return self.say("Compared with {day}. Also below {weekday}.", day=day, weekday=weekday)

    def _volume_high(self, figures: _Figures) -> _Talk:
        if figures["weeks"] == 1:
            return self._more_than_one_day(figures)
        return (
            self.say("{percent} more contacts than usual", percent=self.growth(figures["ratio"] - 1, 0)),
            [
                self.many(
                    "Usual: {usual}, the average of this weekday over {n} week.",
                    "Usual: {usual}, the average of this weekday over {n} weeks.",
                    figures["weeks"],
                    usual=self.average_count(figures["usual"]),
                ),
                self.say("Does it go on today?"),
            ],
        )

    def _more_than_one_day(self, figures: _Figures) -> _Talk:
        """One earlier day is neither usual nor an average."""
        percent, day = self.growth(figures["ratio"] - 1, 0), self.short_day(figures["day"])
        earlier = self.say(
            "{number} on {day}, the only earlier day of this weekday to compare with.",
            number=self.average_count(figures["usual"]),
            day=day,
        )
        head = self.say("{percent} more contacts than {day}", percent=percent, day=day.rstrip("."))
        return head, [earlier, self.say("Does it go on today?")]

    def _best_queue(self, figures: _Figures) -> _Talk:
        level = self.percent(figures["service_level"], 1, figures["goal"])
        offered = self.count(figures["offered"])
        best = self.say(
            "The highest service level of the {queues} queues with at least {number} contacts.",
            queues=self.count(figures["queues"]),
            number=self.count(figures["fewest_contacts"]),
        )
        return (
            self._praised_queue(figures),
            [
                self.say("{level} service level, {offered} contacts offered.", level=level, offered=offered),
                best,
                *self._own_goal(figures),
            ],
        )

    def _praised_queue(self, figures: _Figures, limit: int | None = None) -> str:
        name, suffix = self.clean(figures["name"]), self.in_medium("", figures.get("medium"))
        if limit is not None:
            name = shorten_name(name, limit - len(self.say("Well done: {name}", name=suffix)))
        return self.say("Well done: {name}", name=name + suffix)

    def _short_praised_queue(self, figures: _Figures) -> str:
        return self._praised_queue(figures, HEAD_LIMIT)

    def _on_target_streak(self, figures: _Figures) -> _Talk:
        name = self.in_medium(self.metric(Metric(figures["metric"])), figures.get("medium"))
        days = figures["days"]
        if figures.get("may_be_longer"):
            head = self.say("{metric}: at least {n} days on target", metric=name, n=days)
        else:
            head = self.many("{metric}: {n} day on target", "{metric}: {n} days on target", days, metric=name)
        return head, [self.say("Business days in a row, this one included."), self.say("Well done.")]

    def _target_missed(self, figures: _Figures) -> _Talk:
        name = self.in_medium(self.metric(Metric(figures["metric"])), figures.get("medium"))
        return self.say("{metric}: target missed", metric=name), [self._against_goal(figures)]

    def _target_met(self, figures: _Figures) -> _Talk:
        name = self.in_medium(self.metric(Metric(figures["metric"])), figures.get("medium"))
        return self.say("Well done: {name}", name=name), [self._against_goal(figures)]

    def _against_goal(self, figures: _Figures) -> str:
        metric, goal = Metric(figures["metric"]), figures["goal"]
        value = self.percent(figures["value"], 1, *(goal if isinstance(goal, tuple) else (goal,)))
        return self.say("{value} against a goal of {goal}.", value=value, goal=self.aim(metric, goal))

    def _all_targets_met(self, _: _Figures) -> _Talk:
        return self.say("All targets of the group met"), [
            self.say("Say thank you."),
        ]

    def _joined(self, names: list[str]) -> str:
        """Join one or two names with "and"."""
        return names[0] if len(names) == 1 else self.say("{one} and {other}", one=names[0], other=names[1])

    def _short_costly_names(self, figures: _Figures) -> str:
        """Join the names. Cut each in its middle to an equal share where they are too long for a line."""
        names, suffixes = self._costly_names(figures)
        room = HEAD_LIMIT - len(self._joined(suffixes))
        share = room // len(names)
        spare = sum(max(share - len(name), 0) for name in names)
        short = [shorten_name(name, share + spare) + suffix for name, suffix in zip(names, suffixes, strict=True)]
        return self._joined(short)

    def _stretch(self, of_minutes: int) -> str:
        if of_minutes > 120:
            return self.minutes(of_minutes * 60)
        return self.many("{n} minute", "{n} minutes", of_minutes)


_SENTENCES: dict[str, Callable[[InsightWords, _Figures], _Talk]] = {
    "incomplete_data": InsightWords._incomplete_data,
    "worst_run": InsightWords._worst_run,
    "silent_hours": InsightWords._silent_hours,
    "costly_queues": InsightWords._costly_queues,
    "agents_under_floor": InsightWords._agents_under_floor,
    "occupancy_high": InsightWords._occupancy_high,
    "occupancy_low": InsightWords._occupancy_low,
    "service_level_change": InsightWords._service_level_change,
    "service_level_low": InsightWords._service_level_low,
    "volume_high": InsightWords._volume_high,
    "figure_unusual": InsightWords._figure_unusual,
    "queue_unusual": InsightWords._queue_unusual,
    "best_queue": InsightWords._best_queue,
    "on_target_streak": InsightWords._on_target_streak,
    "target_met": InsightWords._target_met,
    "target_missed": InsightWords._target_missed,
    "all_targets_met": InsightWords._all_targets_met,
}
_SHORT: dict[str, Callable[[InsightWords, _Figures], str]] = {
    "incomplete_data": InsightWords._short_incomplete_data,
    "costly_queues": InsightWords._short_costly_queues,
}
"""Shorter first sentences, for pages where the longest figures have no room."""
_SHORT_HEADS: dict[str, Callable[[InsightWords, _Figures], str]] = {
    "costly_queues": InsightWords._short_costly_names,
    "best_queue": InsightWords._short_praised_queue,
    "queue_unusual": InsightWords._short_unusual_queue,
}
"""Heads with cut names, for pages where the whole names have no room."""
_NAMES_MEDIUM_FIRST = ("worst_run", "silent_hours", "service_level_change", "service_level_low", "volume_high")
"""Kinds whose first sentence begins with the medium, on a day with several."""
KINDS = frozenset(_SENTENCES)
