"""The sentences above half-hours, queues and agents, and the captions of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from renderers.words.names import with_direction_marks
from renderers.words.numbers import MISSING
from renderers.words.readings import counted_of, has_goal
from renderers.words.verdict import Sentence, VerdictWords
from worker.domain.briefing.content import AgentLine, Briefing, HalfHour, MediumLine, QueueLine
from worker.domain.metrics import Metric, Ratio, Reading, Status

_HALF_HOUR_MINUTES = 30
_SEVERAL = 3
"""Of so many half-hours at least it is said that all of them were on target."""
_JUDGED = (Status.MISSED, Status.WATCH, Status.ON_TARGET)


class SummaryWords(VerdictWords):
    """The sentences above the lists of a day."""

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

    def queues_heading(self, briefing: Briefing, *, by_medium: bool = False) -> str:
        """Return the heading of the queues, with their order where the day is judged."""
        if not briefing.completeness.whole:
            return self.say("Queues")
        return self.say("Queues by medium, missed first") if by_medium else self.say("Queues, missed targets first")

    def queues_summary(self, briefing: Briefing) -> str:
        """4 of 12 under the 80% service-level target."""
        readings = [line.service_level for line in briefing.queues]
        if not readings:
            return self.say("No queues on this day")
        if all(reading.ratio is None for reading in readings):
            return self.say("No service-level data")
        if not briefing.completeness.whole:
            return self.say("Not judged: incomplete data")
        with_verdict = [reading for reading in readings if reading.status in _JUDGED]
        goals = {reading.lowest_goal for reading in with_verdict}
        if not with_verdict and any(reading.status is Status.THIN for reading in readings):
            return self.say("No queue has enough contacts to be judged")
        goal = self.round_percent(goals.pop()) if len(goals) == 1 else ""
        text = self._and_others(self._queues_under(with_verdict, goal), readings)
        return text + self.say(", per medium") if _has_queue_of_several_media(briefing) else text

    def _queues_under(self, readings: list[Reading], goal: str) -> str:
        """4 of 12 under the 80% service-level target. Of one queue no fraction is told."""
        missed = _number_missed(readings)
        counts = {"number": self.count(missed) if missed else self.say_as("of queues", "None")}
        if len(readings) == 1:
            is_missed = self.say("1 queue is under the {goal} service-level target", goal=goal)
            return is_missed if missed else self.say("1 queue meets the {goal} service-level target", goal=goal)
        counts["all"] = self.count(len(readings))
        if goal:
            return self.say("{number} of {all} under the {goal} service-level target", goal=goal, **counts)
        return self.say("{number} of {all} under their service-level target", **counts)

    def agents_summary(self, briefing: Briefing) -> str:
        """10 of 46 under the 92% adherence target; or why there is no adherence."""
        readings = [line.adherence for line in briefing.agents]
        if not readings:
            return self.say("No agents on this day")
        measured = [reading for reading in readings if reading.ratio is not None]
        if not measured:
            return self.say("No adherence data")
        if not briefing.completeness.whole:
            return self.say("Not judged: incomplete data")
        return self._and_others(self._agents_under(measured), readings)

    def _agents_under(self, readings: list[Reading]) -> str:
        missed, goal = _number_missed(readings), self.round_percent(readings[0].lowest_goal)
        if len(readings) == 1:
            is_missed = self.say("1 agent is under the {goal} adherence target", goal=goal)
            return is_missed if missed else self.say("1 agent meets the {goal} adherence target", goal=goal)
        return self.say(
            "{number} of {all} under the {goal} adherence target",
            number=self.count(missed) if missed else self.say_as("of agents", "None"),
            all=self.count(len(readings)),
            goal=goal,
        )

    def medium_heading(self, line: MediumLine) -> tuple[str, str]:
        """Return e.g. "Voice 71.6%" and "5,438 offered · goal ≥ 80%", above the queues of a medium."""
        reading = line.service_level.reading
        medium = self.medium(line.medium)
        level = self.say("{medium} {value}", medium=medium[:1].upper() + medium[1:], value=self.value(reading))
        offered = self.say("{number} offered", number=self.count(line.counts.offered))
        return level, " · ".join(filter(None, (offered, self.goal_line(reading))))

    def have_own_goals(self, briefing: Briefing) -> bool:
        """Return whether queues are judged against different goals, so that each must name its own."""
        readings = [line.service_level for line in briefing.queues]
        return len({reading.lowest_goal for reading in readings if reading.ratio and has_goal(reading)}) > 1

    def queue_caption(self, line: QueueLine, *, with_goal: bool = False, is_short: bool = False) -> str:
        """304 of 1,017 not in time · 85 of 1,017 abandoned (8.4%) · AHT 5:11, without what the source does not give.

        ``is_short``: 304 not in time, 85 abandoned of 1,017 · AHT 5:11.
        """
        parts = [self.goal_line(line.service_level)] if with_goal and has_goal(line.service_level) else []
        if line.is_thin:
            parts.append(self.say("few contacts"))
        parts += [self._late_and_abandoned(line)] if is_short and _is_of_same(line) else self._contacts(line, is_short)
        if line.counts.average_handle_ms is not None:
            parts.append(self.say("AHT {time}", time=self.average_time(line.counts.average_handle_ms)))
        return " · ".join(parts)

    def _contacts(self, line: QueueLine, is_short: bool) -> list[str]:
        """Contacts not in time, or offered where these are not known, and those abandoned."""
        parts = []
        if line.counts.late is not None and line.counts.offered != 0 and counted_of(line.service_level):
            parts.append(self.not_in_time(line))
        elif line.counts.offered is not None:
            parts.append(self.say("{number} offered", number=self.count(line.counts.offered)))
        if line.abandonment:
            parts.append(self._abandoned(line.abandonment, is_short or line.is_thin))
        return parts

    def abandonment_of_queue(self, line: QueueLine) -> str:
        """8.4%, or 1 of 3 where a percentage of so few contacts says little."""
        ratio = line.abandonment
        if ratio is None or not line.is_thin or ratio.numerator is None or ratio.denominator is None:
            return self.ratio(ratio)
        part, total = self.count(int(ratio.numerator)), self.count(int(ratio.denominator))
        return self.say("{number} of {all}", number=part, all=total)

    def _abandoned(self, ratio: Ratio, is_short: bool) -> str:
        """85 of 1,017 abandoned (8.4%), without the percentage if short. A source may give the percentage only."""
        percent = self.ratio(ratio)
        if ratio.numerator is None or ratio.denominator is None:
            return self.say("{percent} abandoned", percent=percent)
        counts = {"number": self.count(int(ratio.numerator)), "all": self.count(int(ratio.denominator))}
        if is_short:
            return self.say("{number} of {all} abandoned", **counts)
        return self.say("{number} of {all} abandoned ({percent})", percent=percent, **counts)

    def _late_and_abandoned(self, line: QueueLine) -> str:
        """304 not in time, 85 abandoned of 1,017: where both are of the same contacts."""
        late, abandoned = self.count(line.counts.late), self.count(line.counts.abandoned)
        return self.say(
            "{late} not in time, {abandoned} abandoned of {all}",
            late=late,
            abandoned=abandoned,
            all=self.count(line.counts.offered),
        )

    def not_in_time(self, line: QueueLine) -> str:
        """304 of 1,017 not in time: of the contacts that the percentage beside it counts."""
        late, counted = self.count(line.counts.late), self.count(counted_of(line.service_level))
        return self.say("{number} of {all} not in time", number=late, all=counted)

    def row_span(self, first: int, last: int, total: int) -> str:
        """29–56 of 412: the rows of a long table that are on a page."""
        return self.say(
            "{first}–{last} of {all}", first=self.count(first), last=self.count(last), all=self.count(total)
        )

    def more_in_workbook(self, hidden: int) -> str:
        """+ 12 more in the workbook: the line below a list that was cut."""
        return self.say("+ {number} more in the workbook", number=self.count(hidden))

    def other_queues(self, hidden: Sequence[QueueLine]) -> str:
        """The line below the worst queues on the wall page."""
        if all(line.service_level.status is Status.ON_TARGET for line in hidden):
            return self.many("+ {n} more queue, all on target", "+ {n} more queues, all on target", len(hidden))
        return self.many("+ {n} more queue, see the workbook", "+ {n} more queues, see the workbook", len(hidden))

    def more_agents(self, hidden: Sequence[AgentLine]) -> str:
        """The line below a list of agents under target that was cut."""
        return self.say("+ {number} more under target: see the workbook", number=self.count(len(hidden)))

    def agent_caption(self, line: AgentLine, most_names: int = 2) -> str:
        """1 h 58 off schedule · 2 late log-ins · Tech Support L1; without what is not known."""
        parts = []
        if line.off_schedule_seconds:
            parts.append(self.say("{time} off schedule", time=self.minutes(line.off_schedule_seconds)))
        if line.late_logins:
            parts.append(self.late_logins(line.late_logins))
        return " · ".join([*parts, self.some_names(line.queues, most_names)] if line.queues and most_names else parts)

    def some_names(self, names: Sequence[str], most: int = 2) -> str:
        """Billing EN · Retention · + 3: two of several names, and how many more there are."""
        parts = [with_direction_marks(self.clean(name)) for name in names[:most]]
        return " · ".join([*parts, f"+ {len(names) - most}"] if len(names) > most else parts) or MISSING

    def late_logins(self, number: int) -> str:
        """2 late log-ins."""
        return self.many("{n} late log-in", "{n} late log-ins", number)

    def _and_others(self, text: str, readings: Sequence[Reading]) -> str:
        unknown = sum(reading.ratio is None for reading in readings)
        not_judged = sum(reading.status is Status.NOT_JUDGED for reading in readings)
        thin = sum(reading.status is Status.THIN for reading in readings)
        if not_judged:
            text += self.say(", {number} without a target", number=self.count(not_judged))
        if thin:
            text += self.say(", {number} with few contacts", number=self.count(thin))
        return text + self.say(", {number} without data", number=self.count(unknown)) if unknown else text

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


def _number_missed(readings: Iterable[Reading]) -> int:
    return sum(reading.status.is_off_target for reading in readings)


def _has_queue_of_several_media(briefing: Briefing) -> bool:
    names = [line.name for line in briefing.queues if line.medium]
    return len(set(names)) < len(names)


def _has_contacts(half: HalfHour) -> bool:
    return any((half.counts.offered, half.counts.answered, half.counts.abandoned))


def _level(half: HalfHour) -> float:
    return half.service_level.value if half.service_level else 0.0


def _is_of_same(line: QueueLine) -> bool:
    """Return whether the contacts not in time and those abandoned are of the same number of contacts, all offered."""
    counts, ratio = line.counts, line.abandonment
    if ratio is None or None in (counts.late, counts.abandoned, ratio.numerator) or not counts.offered:
        return False
    return counted_of(line.service_level) == ratio.denominator == counts.offered
