"""All English that pages, workbooks and messages use. Pure functions, so that message catalogues can take their place.

names         what may be shown of a name that somebody else typed
numbers       counts, percentages, points, durations
dates         days, clock times, instants with their offset
figures       the day's six sums
readings      a metric's name, value, goal, status and changes
verdict       the one sentence on top, and the sentences above half-hours, queues and agents
insights      what to talk about
corrections   what a corrected briefing says otherwise than the revision before it
completeness  where the figures come from, and what they lack
"""

from renderers.words.completeness import completeness, footnotes, gap, gaps
from renderers.words.corrections import CorrectionText, RevisedText, correction
from renderers.words.dates import clock, day_in_title, day_of_month, instant, long_day, short_day, span
from renderers.words.figures import Figure, figures
from renderers.words.insights import insight
from renderers.words.names import clean, shorten, tidy
from renderers.words.numbers import MISSING, count, minutes, percent, points, ratio, seconds, talk_time, wait_time
from renderers.words.readings import (
    METRIC_NAMES,
    STATUS_WORDS,
    ChangeText,
    change,
    goal,
    reference,
    value,
)
from renderers.words.verdict import (
    NO_EARLIER_DAY,
    NOTHING_STANDS_OUT,
    Sentence,
    agent_caption,
    agents_summary,
    corrected,
    half_hours_summary,
    more_agents,
    more_queues,
    no_interactions,
    other_queues,
    queues_summary,
    verdict,
)

__all__ = [
    "METRIC_NAMES",
    "MISSING",
    "NOTHING_STANDS_OUT",
    "NO_EARLIER_DAY",
    "STATUS_WORDS",
    "ChangeText",
    "CorrectionText",
    "Figure",
    "RevisedText",
    "Sentence",
    "agent_caption",
    "agents_summary",
    "change",
    "clean",
    "clock",
    "completeness",
    "corrected",
    "correction",
    "count",
    "day_in_title",
    "day_of_month",
    "figures",
    "footnotes",
    "gap",
    "gaps",
    "goal",
    "half_hours_summary",
    "insight",
    "instant",
    "long_day",
    "minutes",
    "more_agents",
    "more_queues",
    "no_interactions",
    "other_queues",
    "percent",
    "points",
    "queues_summary",
    "ratio",
    "reference",
    "seconds",
    "short_day",
    "shorten",
    "span",
    "talk_time",
    "tidy",
    "value",
    "verdict",
    "wait_time",
]
