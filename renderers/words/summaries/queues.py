"""The sentence above the queues, and the captions of their rows."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.words.readings import counted_of, has_goal
from renderers.words.summaries.lists import ListWords, number_missed
from worker.domain.briefing.content import Briefing, MediumLine, QueueLine
from worker.domain.metrics import Ratio, Reading, Status

_JUDGED = (Status.MISSED, Status.WATCH, Status.ON_TARGET)


class QueueWords(ListWords):
    """The words of the list of queues."""

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
        text = self.and_others(self._queues_under(with_verdict, goal), readings)
        return text + self.say(", per medium") if _has_queue_of_several_media(briefing) else text

    def _queues_under(self, readings: list[Reading], goal: str) -> str:
        """4 of 12 under the 80% service-level target. Of one queue no fraction is told."""
        missed = number_missed(readings)
        counts = {"number": self.count(missed) if missed else self.say_as("of queues", "None")}
        if len(readings) == 1:
            is_missed = self.say("1 queue is under the {goal} service-level target", goal=goal)
            return is_missed if missed else self.say("1 queue meets the {goal} service-level target", goal=goal)
        counts["all"] = self.count(len(readings))
        if goal:
            return self.say("{number} of {all} under the {goal} service-level target", goal=goal, **counts)
        return self.say("{number} of {all} under their service-level target", **counts)

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

    def _late_and_abandoned(self, line: QueueLine) -> str:
        """304 not in time, 85 abandoned of 1,017: where both are of the same contacts."""
        late, abandoned = self.count(line.counts.late), self.count(line.counts.abandoned)
        return self.say(
            "{late} not in time, {abandoned} abandoned of {all}",
            late=late,
            abandoned=abandoned,
            all=self.count(line.counts.offered),
        )

    def _abandoned(self, ratio: Ratio, is_short: bool) -> str:
        """85 of 1,017 abandoned (8.4%), without the percentage if short. A source may give the percentage only."""
        percent = self.ratio(ratio)
        if ratio.numerator is None or ratio.denominator is None:
            return self.say("{percent} abandoned", percent=percent)
        counts = {"number": self.count(int(ratio.numerator)), "all": self.count(int(ratio.denominator))}
        if is_short:
            return self.say("{number} of {all} abandoned", **counts)
        return self.say("{number} of {all} abandoned ({percent})", percent=percent, **counts)

    def abandonment_of_queue(self, line: QueueLine) -> str:
        """8.4%, or 1 of 3 where a percentage of so few contacts says little."""
        ratio = line.abandonment
        if ratio is None or not line.is_thin or ratio.numerator is None or ratio.denominator is None:
            return self.ratio(ratio)
        part, total = self.count(int(ratio.numerator)), self.count(int(ratio.denominator))
        return self.say("{number} of {all}", number=part, all=total)

    def not_in_time(self, line: QueueLine) -> str:
        """304 of 1,017 not in time: of the contacts that the percentage beside it counts."""
        late, counted = self.count(line.counts.late), self.count(counted_of(line.service_level))
        return self.say("{number} of {all} not in time", number=late, all=counted)

    def other_queues(self, hidden: Sequence[QueueLine]) -> str:
        """The line below the worst queues on the wall page."""
        if all(line.service_level.status is Status.ON_TARGET for line in hidden):
            return self.many("+ {n} more queue, all on target", "+ {n} more queues, all on target", len(hidden))
        return self.many("+ {n} more queue, see the workbook", "+ {n} more queues, see the workbook", len(hidden))


def _has_queue_of_several_media(briefing: Briefing) -> bool:
    names = [line.name for line in briefing.queues if line.medium]
    return len(set(names)) < len(names)


def _is_of_same(line: QueueLine) -> bool:
    """Return whether the contacts not in time and those abandoned are of the same number of contacts, all offered."""
    counts, ratio = line.counts, line.abandonment
    if ratio is None or None in (counts.late, counts.abandoned, ratio.numerator) or not counts.offered:
        return False
    return counted_of(line.service_level) == ratio.denominator == counts.offered
