"""The sentences above the half-hours."""

from __future__ import annotations

from dataclasses import replace

from renderers.words.readings import has_goal
from renderers.words.verdict import Sentence, VerdictWords
from worker.domain.briefing.content import Briefing, HalfHour
from worker.domain.metrics import Metric, Status

_HALF_HOUR_MINUTES = 30
_SEVERAL = 3
"""Of so many half-hours at least it is said that all of them were on target."""


class HalfHourWords(VerdictWords):
    """The words of the chart of half-hours."""

    def half_hours_summary(self, briefing: Briefing) -> Sentence:
        """9 of 28 half-hours were under target. Lowest in 11:00–12:30: 52% at 11:00."""
        summary = self._half_hours_judged(briefing)
        if self.verdict(briefing).status is Status.THIN or not briefing.completeness.whole:
            return summary
        reason = self.contacts_of_before(briefing)
        if summary.status is Status.ON_TARGET and briefing.tile(Metric.SERVICE_LEVEL).reading.status.is_off_target:
            return replace(summary, sentences=(*reason, *summary.sentences))
        return replace(summary, sentences=(*summary.sentences, *reason))

    def _half_hours_judged(self, briefing: Briefing) -> Sentence:
        halves = [half for half in briefing.half_hours if half.service_level is not None]
        if not halves:
            head = self.say("No service level by half-hour.")
            return Sentence(Status.NO_DATA, head, (self._why_no_half_hours(briefing),))
        if not briefing.completeness.whole:
            head = self.say("Half-hours may lack contacts.")
            return Sentence(Status.PARTIAL, head, (self.say("The source’s data are incomplete."),))
        goal = service_level_goal(briefing)
        if not goal:
            return Sentence(Status.NOT_JUDGED, self.say("No target applies to the half-hours."))
        judged_halves = [half for half in halves if not half.is_thin]
        if not judged_halves:
            return Sentence(Status.THIN, self.say("No half-hour has enough contacts to be judged."))
        thin = self._thin_half_hours(len(halves) - len(judged_halves))
        missed = [half for half in judged_halves if _level(half) < goal]
        unknown = sum(half.service_level is None and _has_contacts(half) for half in briefing.half_hours)
        if not missed:
            return Sentence(Status.ON_TARGET, self._none_under(len(judged_halves), unknown, has_thin=bool(thin)), thin)
        head = self._missed_head(len(missed), len(judged_halves), unknown)
        return Sentence(Status.MISSED, head, (self._worst_half_hour(briefing, min(missed, key=_level)), *thin))

    def _thin_half_hours(self, number: int) -> tuple[str, ...]:
        """2 half-hours had few contacts. These are not among those that are counted."""
        sentence = self.many("{n} half-hour had few contacts.", "{n} half-hours had few contacts.", number)
        return (sentence,) if number else ()

    def _missed_head(self, missed: int, number: int, unknown: int) -> str:
        """9 of 28 half-hours were under target, with how many had contacts and no service level."""
        if number == 1:
            return self._only_half_hour_missed(unknown)
        if unknown:
            return self.many(
                "{n} of {all} half-hours was under target, {unknown} without a figure.",
                "{n} of {all} half-hours were under target, {unknown} without a figure.",
                missed,
                all=number,
                unknown=self.count(unknown),
            )
        return self.many(
            "{n} of {all} half-hours was under target.",
            "{n} of {all} half-hours were under target.",
            missed,
            all=number,
        )

    def _only_half_hour_missed(self, unknown: int) -> str:
        if unknown:
            return self.say("1 half-hour was under target, {unknown} without a figure.", unknown=self.count(unknown))
        return self.say("1 half-hour was under target.")

    def _none_under(self, number: int, unknown: int, *, has_thin: bool) -> str:
        """All 18 half-hours with contacts were on target: only of several, and only if each of them is known."""
        if unknown:
            return self.many(
                "{n} half-hour was on target, {unknown} without a figure.",
                "{n} half-hours were on target, {unknown} without a figure.",
                number,
                unknown=self.count(unknown),
            )
        if has_thin:
            return self.many(
                "The {n} half-hour with enough contacts was on target.",
                "The {n} half-hours with enough contacts were on target.",
                number,
            )
        if number < _SEVERAL:
            return self.say("No half-hour was under target.")
        return self.say("All {number} half-hours with contacts were on target.", number=self.count(number))

    def _why_no_half_hours(self, briefing: Briefing) -> str:
        """Say why: counts are unknown, the source has no half-hours, or no contact counts towards the service level."""
        if briefing.completeness.lacks_contacts:
            return self.say("Not known: the source lacks a part of it.")
        counts = briefing.counts
        if briefing.half_hours or not any((counts.offered, counts.answered, counts.abandoned)):
            return self.say("No contact counts towards it.")
        return self.say("The source gives the whole day only.")

    def _worst_half_hour(self, briefing: Briefing, half: HalfHour) -> str:
        level = self.percent(_level(half), 0, service_level_goal(briefing))
        time = self.clock(half.start)
        for figures in (insight.figures for insight in briefing.insights if insight.kind == "worst_run"):
            if figures.get("medium") not in (None, briefing.medium):
                continue
            start, end = figures["start"], figures["end"]
            if start <= half.start < end and figures["minutes"] != _HALF_HOUR_MINUTES:  # type: ignore[operator]
                window = self.span(start, end)  # type: ignore[arg-type]
                return self.say("Lowest in {window}: {level} at {time}.", window=window, level=level, time=time)
        return self._lowest(briefing, half, level, time)

    def _lowest(self, briefing: Briefing, half: HalfHour, level: str, time: str) -> str:
        """Say which half-hour was the lowest: the first of equals, and of those that are not thin if a thin one is."""
        rest_of_day = [
            half_hour for half_hour in briefing.half_hours if half_hour.service_level and half_hour is not half
        ]
        is_first = any(not half_hour.is_thin and _level(half_hour) == _level(half) for half_hour in rest_of_day)
        is_undercut = any(half_hour.is_thin and _level(half_hour) <= _level(half) for half_hour in rest_of_day)
        if is_undercut and is_first:
            return self.say("Few contacts aside, the lowest was {level}, first at {time}.", level=level, time=time)
        if is_undercut:
            return self.say("Few contacts aside, the lowest was {level} at {time}.", level=level, time=time)
        if is_first:
            return self.say("The lowest was {level}, first at {time}.", level=level, time=time)
        return self.say("The lowest was {level} at {time}.", level=level, time=time)


def worst_half_hour(briefing: Briefing) -> HalfHour | None:
    """Return the half-hour below target with the lowest service level, but none with few contacts."""
    goal = service_level_goal(briefing)
    busy = (half for half in briefing.half_hours if half.service_level and not half.is_thin)
    return min((half for half in busy if _level(half) < goal), key=_level, default=None)


def service_level_goal(briefing: Briefing) -> float:
    """Return the group's service-level target as a fraction, 0 where no tile has one."""
    readings = [tile.reading for tile in briefing.tiles if tile.reading.metric is Metric.SERVICE_LEVEL]
    goals = [reading.goal for reading in readings if has_goal(reading)]
    return goals[0] if goals and isinstance(goals[0], float) else 0.0


def _has_contacts(half: HalfHour) -> bool:
    return any((half.counts.offered, half.counts.answered, half.counts.abandoned))


def _level(half: HalfHour) -> float:
    return half.service_level.value if half.service_level else 0.0
