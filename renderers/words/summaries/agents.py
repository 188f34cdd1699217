"""The sentence above the agents, and the captions of their rows."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.words.summaries.lists import ListWords, number_missed
from worker.domain.briefing.content import AgentLine, Briefing
from worker.domain.metrics import Reading


class AgentWords(ListWords):
    """The words of the list of agents."""

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
        return self.and_others(self._agents_under(measured), readings)

    def _agents_under(self, readings: list[Reading]) -> str:
        missed, goal = number_missed(readings), self.round_percent(readings[0].lowest_goal)
        if len(readings) == 1:
            is_missed = self.say("1 agent is under the {goal} adherence target", goal=goal)
            return is_missed if missed else self.say("1 agent meets the {goal} adherence target", goal=goal)
        return self.say(
            "{number} of {all} under the {goal} adherence target",
            number=self.count(missed) if missed else self.say_as("of agents", "None"),
            all=self.count(len(readings)),
            goal=goal,
        )

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

    def late_logins(self, number: int) -> str:
        """2 late log-ins."""
        return self.many("{n} late log-in", "{n} late log-ins", number)
