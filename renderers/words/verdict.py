"""The one sentence on top, and the sentences above half-hours, queues and agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.words.names import settled
from renderers.words.numbers import MISSING
from renderers.words.readings import Readings
from worker.domain.briefing.content import AgentLine, Briefing, HalfHour, QueueLine, Tile
from worker.domain.metrics import Metric, Reading, Status

_WORST_FIRST = (Status.MISSED, Status.WATCH, Status.ON_TARGET, Status.PARTIAL, Status.NO_DATA)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A head and what stands behind it; ``status`` chooses icon and colour."""

    status: Status
    head: str
    detail: str = ""


class Verdicts(Readings):
    """How a language sums up a day."""

    def verdict(self, briefing: Briefing) -> Sentence:
        """How many targets were missed, and the reading that says it best. No verdict from partial figures."""
        if not briefing.has_interactions:
            return self.no_interactions()
        if not briefing.completeness.whole:
            head, detail = self.say("Incomplete data: no verdict"), self.say("The figures below are not the whole day.")
            return Sentence(Status.PARTIAL, head, detail)
        judged = [tile for tile in briefing.tiles if tile.reading.status is not Status.NO_DATA]
        if not judged:
            head = self.say("No target can be judged")
            return Sentence(Status.NO_DATA, head, self.say("None of the four metrics has data for this day."))
        worst = min(judged, key=lambda tile: _WORST_FIRST.index(tile.reading.status))
        return Sentence(worst.reading.status, self._targets(judged), self._what_says_it(briefing, worst.reading))

    def no_interactions(self) -> Sentence:
        """What is said on a day without a single contact."""
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
        known = [half for half in briefing.half_hours if half.service_level is not None]
        if not known:
            head = self.say("No service level by half-hour.")
            return Sentence(Status.NO_DATA, head, self._why_no_half_hours(briefing))
        if not briefing.completeness.whole:
            head = self.say("Half-hours may lack contacts.")
            return Sentence(Status.PARTIAL, head, self.say("The source’s data are incomplete."))
        goal = service_level_goal(briefing)
        under = [half for half in known if _level(half) < goal]
        if not under:
            text = self.say("Every half-hour with contacts was on target, all {number} of them.", number=len(known))
            return Sentence(Status.ON_TARGET, text)
        head = self.many(
            "{n} of {all} half-hours was under target.",
            "{n} of {all} half-hours were under target.",
            len(under),
            all=len(known),
        )
        return Sentence(Status.MISSED, head, self._worst_stretch(briefing, min(under, key=_level)))

    def _why_no_half_hours(self, briefing: Briefing) -> str:
        """Contacts without any half-hour are of a source that has none; else none of them has a service level."""
        counts = briefing.counts
        if briefing.half_hours or not any((counts.offered, counts.answered, counts.abandoned)):
            return self.say("No contact counts towards it.")
        return self.say("The source gives the whole day only.")

    def queues_summary(self, briefing: Briefing) -> str:
        """4 of 12 under the 80% service-level target."""
        those = [line.service_level for line in briefing.queues]
        if not those:
            return self.say("No queues on this day")
        judged = [reading for reading in those if reading.ratio is not None]
        if not judged:
            return self._nothing_known(self.say("No service-level data"), those[0])
        if not briefing.completeness.whole:
            return self.say("Not judged: incomplete data")
        return self._and_unknown(
            self.say(
                "{number} of {all} under the {goal} service-level target",
                number=self._under(judged),
                all=self.count(len(judged)),
                goal=self.round_percent(judged[0].lowest_goal),
            ),
            len(those) - len(judged),
        )

    def agents_summary(self, briefing: Briefing) -> str:
        """10 of 46 under the 92% adherence target; or why there is no adherence."""
        those = [line.adherence for line in briefing.agents]
        if not those:
            return self.say("No agents on this day")
        judged = [reading for reading in those if reading.ratio is not None]
        if not judged:
            return self._nothing_known(self.say("No adherence data"), those[0])
        if not briefing.completeness.whole:
            return self.say("Not judged: incomplete data")
        return self._and_unknown(
            self.say(
                "{number} of {all} under the {goal} adherence target",
                number=self._under(judged),
                all=self.count(len(judged)),
                goal=self.round_percent(judged[0].lowest_goal),
            ),
            len(those) - len(judged),
        )

    def queue_caption(self, line: QueueLine) -> str:
        """1,017 offered · 8.4% abandoned · AHT 5:11, without what the source does not say."""
        parts = []
        if line.counts.offered is not None:
            parts.append(self.say("{number} offered", number=self.count(line.counts.offered)))
        if line.abandonment:
            parts.append(self.say("{percent} abandoned", percent=self.ratio(line.abandonment)))
        if line.counts.average_handle_ms is not None:
            parts.append(self.say("AHT {time}", time=self.talk_time(line.counts.average_handle_ms)))
        return " · ".join(parts)

    def row_span(self, first: int, last: int, of: int) -> str:
        """29–56 of 412: which rows of a long table a page has."""
        return self.say("{first}–{last} of {all}", first=self.count(first), last=self.count(last), all=self.count(of))

    def more_in_workbook(self, hidden: int) -> str:
        """What stands below a list that was cut."""
        return self.say("+ {number} more in the workbook", number=self.count(hidden))

    def other_queues(self, hidden: Sequence[QueueLine]) -> str:
        """What stands on the wall below the worst queues."""
        if all(line.service_level.status is Status.ON_TARGET for line in hidden):
            return self.many("+ {n} more queue, all on target", "+ {n} more queues, all on target", len(hidden))
        return self.many("+ {n} more queue, see the workbook", "+ {n} more queues, see the workbook", len(hidden))

    def more_agents(self, hidden: Sequence[AgentLine]) -> str:
        """What stands below a list of agents under target that was cut."""
        return self.say("+ {number} more under target: see the workbook", number=self.count(len(hidden)))

    def agent_caption(self, line: AgentLine) -> str:
        """1 h 58 off schedule · 2 late log-ins · Tech Support L1; what is not known is left out."""
        parts = []
        if line.off_schedule_seconds:
            parts.append(self.say("{time} off schedule", time=self.minutes(line.off_schedule_seconds)))
        if line.late_logins:
            parts.append(self.late_logins(line.late_logins))
        return " · ".join([*parts, self.some_names(line.queues)] if line.queues else parts)

    def some_names(self, names: Sequence[str]) -> str:
        """Billing EN · Retention · + 3: two of several names, and how many more there are."""
        shown = [settled(self.clean(name)) for name in names[:2]]
        return " · ".join([*shown, f"+ {len(names) - 2}"] if len(names) > 2 else shown) or MISSING

    def late_logins(self, number: int) -> str:
        """2 late log-ins."""
        return self.many("{n} late log-in", "{n} late log-ins", number)

    def _targets(self, judged: list[Tile]) -> str:
        missed = sum(tile.reading.status is Status.MISSED for tile in judged)
        watched = sum(tile.reading.status is Status.WATCH for tile in judged)
        if missed:
            return self.many(
                "{missed} of {n} target missed", "{missed} of {n} targets missed", len(judged), missed=missed
            )
        if watched:
            return self.say("No target missed, {watched} to watch", watched=watched)
        return self.many("Target met", "All {n} targets met", len(judged))

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
        for figures in (found.figures for found in briefing.insights if found.kind == "worst_run"):
            start, end = figures["start"], figures["end"]
            if start <= worst.start < end:  # type: ignore[operator]
                window = self.span(start, end)  # type: ignore[arg-type]
                return self.say("The {window} window fell to {level}.", window=window, level=level)
        return self.say("The lowest was {level} at {time}.", level=level, time=self.clock(worst.start))

    def _under(self, judged: list[Reading]) -> str:
        under = sum(reading.status in (Status.MISSED, Status.WATCH) for reading in judged)
        return self.count(under) if under else self.say_as("of several", "None")

    def _nothing_known(self, said: str, first: Reading) -> str:
        return f"{said}: {self.why(first)}" if first.reason else said

    def _and_unknown(self, said: str, unknown: int) -> str:
        return said + self.say(", {number} without data", number=self.count(unknown)) if unknown else said


def service_level_goal(briefing: Briefing) -> float:
    """The group's service-level target as a fraction, 0 where no tile carries one."""
    goals = [tile.reading.goal for tile in briefing.tiles if tile.reading.metric is Metric.SERVICE_LEVEL]
    return goals[0] if goals and isinstance(goals[0], float) else 0.0


def _level(half: HalfHour) -> float:
    return half.service_level.value if half.service_level else 0.0
