"""The verdict on the day, and the sentences above half-hours, queues and agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.words.names import with_direction_marks
from renderers.words.numbers import MISSING
from renderers.words.readings import ReadingWords
from worker.domain.briefing.content import AgentLine, Briefing, HalfHour, QueueLine, Tile
from worker.domain.metrics import Metric, Reading, Status

_WORST_FIRST = (Status.MISSED, Status.WATCH, Status.ON_TARGET, Status.PARTIAL, Status.NOT_JUDGED, Status.NO_DATA)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A head and a detail. ``status`` chooses icon and colour."""

    status: Status
    head: str
    detail: str = ""


class VerdictWords(ReadingWords):
    """The sentences that sum up a day."""

    def verdict(self, briefing: Briefing) -> Sentence:
        """Say how many targets were missed, and the worst reading. Partial figures give no verdict."""
        if not briefing.has_interactions:
            return self.no_interactions()
        if not briefing.completeness.whole:
            head, detail = self.say("Incomplete data: no verdict"), self.say("The figures below are not the whole day.")
            return Sentence(Status.PARTIAL, head, detail)
        tiles = [tile for tile in briefing.tiles if tile.reading.status is not Status.NO_DATA]
        if not tiles:
            head = self.say("No target can be judged")
            return Sentence(Status.NO_DATA, head, self.say("None of the four metrics has data for this day."))
        worst = min(tiles, key=lambda tile: _WORST_FIRST.index(tile.reading.status))
        return Sentence(worst.reading.status, self._targets(tiles), self._what_says_it(briefing, worst.reading))

    def no_interactions(self) -> Sentence:
        """Say that the day has no contacts."""
        return Sentence(
            Status.NO_DATA,
            self.say("No interactions recorded: check the source"),
            self.say("By the source, not one contact reached the group’s queues on this business day."),
        )

    def corrected(self, revision: int) -> str:
        """Corrected, rev 2; nothing for the first revision."""
        return self.say("Corrected, rev {revision}", revision=revision) if revision > 1 else ""

    def half_hours_summary(self, briefing: Briefing) -> Sentence:
        """9 of 28 half-hours were under target. The 11:00–12:30 window fell to 52%."""
        halves = [half for half in briefing.half_hours if half.service_level is not None]
        if not halves:
            head = self.say("No service level by half-hour.")
            return Sentence(Status.NO_DATA, head, self._why_no_half_hours(briefing))
        if not briefing.completeness.whole:
            head = self.say("Half-hours may lack contacts.")
            return Sentence(Status.PARTIAL, head, self.say("The source’s data are incomplete."))
        goal = service_level_goal(briefing)
        missed = [half for half in halves if _level(half) < goal]
        if not missed:
            text = self.say("Every half-hour with contacts was on target, all {number} of them.", number=len(halves))
            return Sentence(Status.ON_TARGET, text)
        head = self.many(
            "{n} of {all} half-hours was under target.",
            "{n} of {all} half-hours were under target.",
            len(missed),
            all=len(halves),
        )
        return Sentence(Status.MISSED, head, self._worst_stretch(briefing, min(missed, key=_level)))

    def _why_no_half_hours(self, briefing: Briefing) -> str:
        """Say why: the source has no half-hours, or no contact counts towards the service level."""
        counts = briefing.counts
        if briefing.half_hours or not any((counts.offered, counts.answered, counts.abandoned)):
            return self.say("No contact counts towards it.")
        return self.say("The source gives the whole day only.")

    def queues_summary(self, briefing: Briefing) -> str:
        """4 of 12 under the 80% service-level target."""
        readings = [line.service_level for line in briefing.queues]
        if not readings:
            return self.say("No queues on this day")
        measured = [reading for reading in readings if reading.ratio is not None]
        if not measured:
            return self._nothing_known(self.say("No service-level data"), readings[0])
        if not briefing.completeness.whole:
            return self.say("Not judged: incomplete data")
        return self._and_unknown(
            self.say(
                "{number} of {all} under the {goal} service-level target",
                number=self._count_missed(measured),
                all=self.count(len(measured)),
                goal=self.round_percent(measured[0].lowest_goal),
            ),
            len(readings) - len(measured),
        )

    def agents_summary(self, briefing: Briefing) -> str:
        """10 of 46 under the 92% adherence target; or why there is no adherence."""
        readings = [line.adherence for line in briefing.agents]
        if not readings:
            return self.say("No agents on this day")
        measured = [reading for reading in readings if reading.ratio is not None]
        if not measured:
            return self._nothing_known(self.say("No adherence data"), readings[0])
        if not briefing.completeness.whole:
            return self.say("Not judged: incomplete data")
        return self._and_unknown(
            self.say(
                "{number} of {all} under the {goal} adherence target",
                number=self._count_missed(measured),
                all=self.count(len(measured)),
                goal=self.round_percent(measured[0].lowest_goal),
            ),
            len(readings) - len(measured),
        )

    def queue_caption(self, line: QueueLine) -> str:
        """1,017 offered · 8.4% abandoned · AHT 5:11, without what the source does not give."""
        parts = []
        if line.counts.offered is not None:
            parts.append(self.say("{number} offered", number=self.count(line.counts.offered)))
        if line.abandonment:
            parts.append(self.say("{percent} abandoned", percent=self.ratio(line.abandonment)))
        if line.counts.average_handle_ms is not None:
            parts.append(self.say("AHT {time}", time=self.talk_time(line.counts.average_handle_ms)))
        return " · ".join(parts)

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

    def agent_caption(self, line: AgentLine) -> str:
        """1 h 58 off schedule · 2 late log-ins · Tech Support L1; without what is not known."""
        parts = []
        if line.off_schedule_seconds:
            parts.append(self.say("{time} off schedule", time=self.minutes(line.off_schedule_seconds)))
        if line.late_logins:
            parts.append(self.late_logins(line.late_logins))
        return " · ".join([*parts, self.some_names(line.queues)] if line.queues else parts)

    def some_names(self, names: Sequence[str]) -> str:
        """Billing EN · Retention · + 3: two of several names, and how many more there are."""
        parts = [with_direction_marks(self.clean(name)) for name in names[:2]]
        return " · ".join([*parts, f"+ {len(names) - 2}"] if len(names) > 2 else parts) or MISSING

    def late_logins(self, number: int) -> str:
        """2 late log-ins."""
        return self.many("{n} late log-in", "{n} late log-ins", number)

    def _targets(self, tiles: list[Tile]) -> str:
        missed = sum(tile.reading.status is Status.MISSED for tile in tiles)
        to_watch = sum(tile.reading.status is Status.WATCH for tile in tiles)
        if missed:
            return self.many(
                "{missed} of {n} target missed", "{missed} of {n} targets missed", len(tiles), missed=missed
            )
        if to_watch:
            return self.say("No target missed, {watched} to watch", watched=to_watch)
        return self.many("Target met", "All {n} targets met", len(tiles))

    def _what_says_it(self, briefing: Briefing, reading: Reading) -> str:
        name, value = self.metric(reading.metric), self.value(reading)
        days = briefing.lowest_of_days.get(reading.metric)
        if not days:
            return self.say("{metric} {value}, goal {goal}", metric=name, value=value, goal=self.goal(reading))
        if reading.metric is Metric.ABANDONMENT:
            return self.say(
                "{metric} {value}, the highest in {days} business days", metric=name, value=value, days=days
            )
        return self.say("{metric} {value}, the lowest in {days} business days", metric=name, value=value, days=days)

    def _worst_stretch(self, briefing: Briefing, worst: HalfHour) -> str:
        level = self.percent(_level(worst), 0)
        for figures in (insight.figures for insight in briefing.insights if insight.kind == "worst_run"):
            start, end = figures["start"], figures["end"]
            if start <= worst.start < end:  # type: ignore[operator]
                window = self.span(start, end)  # type: ignore[arg-type]
                return self.say("The {window} window fell to {level}.", window=window, level=level)
        return self.say("The lowest was {level} at {time}.", level=level, time=self.clock(worst.start))

    def _count_missed(self, readings: list[Reading]) -> str:
        missed = sum(reading.status in (Status.MISSED, Status.WATCH) for reading in readings)
        return self.count(missed) if missed else self.say_as("of several", "None")

    def _nothing_known(self, text: str, first: Reading) -> str:
        return f"{text}: {self.missing_reason(first)}" if first.reason else text

    def _and_unknown(self, text: str, unknown: int) -> str:
        return text + self.say(", {number} without data", number=self.count(unknown)) if unknown else text


def service_level_goal(briefing: Briefing) -> float:
    """Return the group's service-level target as a fraction, 0 where no tile has one."""
    goals = [tile.reading.goal for tile in briefing.tiles if tile.reading.metric is Metric.SERVICE_LEVEL]
    return goals[0] if goals and isinstance(goals[0], float) else 0.0


def _level(half: HalfHour) -> float:
    return half.service_level.value if half.service_level else 0.0
