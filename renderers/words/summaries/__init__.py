"""The sentences above half-hours, queues and agents, and the captions of their rows.

half_hours  above the half-hours of a day
queues      above the queues, and in their rows
agents      above the agents, and in their rows
lists       what the words of queues and agents share
"""

from __future__ import annotations

from renderers.words.summaries.agents import AgentWords
from renderers.words.summaries.half_hours import HalfHourWords, service_level_goal, worst_half_hour
from renderers.words.summaries.queues import QueueWords


class SummaryWords(HalfHourWords, QueueWords, AgentWords):
    """The words of all lists of a day."""


__all__ = ["SummaryWords", "service_level_goal", "worst_half_hour"]
