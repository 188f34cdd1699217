"""All text that pages, workbooks and messages show, in the group's language: ``speak("de").verdict(briefing)``.

tongue        a language: its catalogue of texts, and how it writes numbers
names         what may be shown of a name that somebody else typed
numbers       counts, percentages, points, durations
dates         days, clock times, instants with their offset
figures       the day's six sums
readings      a metric's name, value, goal, status and changes
verdict       the one sentence on top, and the sentences above half-hours, queues and agents
insights      what to talk about
corrections   what a corrected briefing says otherwise than the revision before it
completeness  where the figures come from, and what they lack
left_out      what had to go so that a message could be sent

The English text is the key of its translation: `Tongue.say` looks it up, and fills placeholders afterwards, so that no
name is ever taken for a text. `catalogues/` has a file for each other language.
"""

from __future__ import annotations

import functools

from renderers.words.completeness import Completenesses
from renderers.words.corrections import CorrectionText, RevisedText
from renderers.words.figures import Figure, Figures
from renderers.words.insights import Insights
from renderers.words.left_out import LeftOut
from renderers.words.names import shorten, tidy
from renderers.words.numbers import MISSING
from renderers.words.readings import ChangeText
from renderers.words.verdict import Sentence, service_level_goal
from worker.domain.groups import Language


class Words(Insights, Completenesses, Figures, LeftOut):
    """Everything that can be said in one language."""


@functools.cache
def speak(language: Language) -> Words:
    """The words of a language, read at its first use in this process."""
    return Words(language)


__all__ = [
    "MISSING",
    "ChangeText",
    "CorrectionText",
    "Figure",
    "RevisedText",
    "Sentence",
    "Words",
    "service_level_goal",
    "shorten",
    "speak",
    "tidy",
]
