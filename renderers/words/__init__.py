"""All text that pages, workbooks and messages show, in the group's language: ``speak("de").verdict(briefing)``.

language      the catalogue of a language, and how it writes numbers
names         what is shown of a name that someone typed
rounding      round figures half up, the same on pages and in the workbook
ranges        round a figure and the ends of its range so that they do not contradict each other
numbers       counts, percentages, points, durations
dates         days, clock times, instants with their offset
readings      a metric's name, value, goal, status and changes
usual         the usual range of a figure
why/          why the service level is low
figures       the day's six figures
verdict       the verdict on the day
summaries/    the sentences above half-hours, queues and agents
insights/     what to talk about
corrections   what a corrected briefing changed
gaps          what rows lack, and what a source says about itself
completeness  where the figures come from, and what is missing
today/        what today brings
follow_up     what became of earlier talking points
left_out      what was left out to keep a message under the size limit
catalogues/   the translations, and a program that updates them

The English text is the key of its translation. `Translator.say` looks it up and fills placeholders afterwards, so a
name is never taken for a text. `catalogues/` has a file for each other language.
"""

from __future__ import annotations

import functools

from renderers.words.corrections import CorrectionText, RevisedText
from renderers.words.figures import Figure, FigureWords, Substitute
from renderers.words.follow_up import FollowUpWords
from renderers.words.insights.sentences import InsightWords
from renderers.words.left_out import LeftOutWords
from renderers.words.names import shorten, shorten_name, tidy
from renderers.words.numbers import MISSING
from renderers.words.readings import ChangeText, counted_of, edges_of, has_goal, percent_of
from renderers.words.rounding import Percent, half_up, shown_percent
from renderers.words.summaries import service_level_goal, worst_half_hour
from renderers.words.today import MOST_PEOPLE, TodayText, TodayWords
from renderers.words.usual import UsualText, UsualWords
from renderers.words.verdict import Sentence
from renderers.words.why import FactorRow, Waterfall, WhyStep
from worker.domain.groups import Language


class Words(InsightWords, FigureWords, TodayWords, FollowUpWords, LeftOutWords, UsualWords):
    """Everything that the documents and the message say, in one language."""


@functools.cache
def speak(language: Language) -> Words:
    """Return the words of a language. Its catalogue is read once per process."""
    return Words(language)


__all__ = [
    "MISSING",
    "MOST_PEOPLE",
    "ChangeText",
    "CorrectionText",
    "FactorRow",
    "Figure",
    "Percent",
    "RevisedText",
    "Sentence",
    "Substitute",
    "TodayText",
    "UsualText",
    "Waterfall",
    "WhyStep",
    "Words",
    "counted_of",
    "edges_of",
    "half_up",
    "has_goal",
    "percent_of",
    "service_level_goal",
    "shorten",
    "shorten_name",
    "shown_percent",
    "speak",
    "tidy",
    "worst_half_hour",
]
