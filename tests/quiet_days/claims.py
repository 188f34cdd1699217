"""Which texts of a briefing claim a change, and what was said while its documents were drawn.

All texts that pages, workbooks and messages show go through the methods of a translator, with the English text as their
key. So the keys that were asked for while the documents of a day were drawn are all that can be printed on them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any
from unittest.mock import patch

import renderers
from renderers.words.language import Translator
from tests.checker.deliver import TABLES
from worker.domain.briefing.content import Briefing

_WORDS_OF_CHANGE = re.compile(
    r"\b(unusual(ly)?|fell|fall|rose|rise|dropped|down|up|lowest|highest|record|more|fewer|longer|shorter|worse|better"
    r"|improved|busier|quieter|above average|below average|than usual|back inside|cause|causes|why|at this time)\b",
    re.IGNORECASE,
)

NO_CLAIMS = {
    "+ {number} more": "what a page leaves out",
    "+ {number} more in the workbook": "what a page leaves out",
    "+ {number} more under target: see the workbook": "what a page leaves out",
    "+ {n} more queue, all on target": "what a page leaves out",
    "+ {n} more queue, see the workbook": "what a page leaves out",
    "{number} more than offered": "the arithmetic of two counts",
    "Better": "a heading, and an outcome only with a point of the day before",
    "The lowest was {level} at {time}.": "a place",
    "The lowest was {level}, first at {time}.": "a place",
    "Few contacts aside, the lowest was {level} at {time}.": "a place",
    "Few contacts aside, the lowest was {level}, first at {time}.": "a place",
    "Lowest in {window}: {level} at {time}.": "a place",
    "The highest service level of the {queues} queues with at least {number} contacts.": "a comparison of queues",
    "The PDF says why under “Data completeness”.": "about the data",
    "missed, but a group exactly on target does as badly on one day in twenty or more": "a legend",
    "{points} better": "the difference of two days, beside its arrow",
    "{points} worse": "the difference of two days, beside its arrow",
}
"""Texts with a word of change that claim none, and what they are. All others count as claims."""


def claims_among(texts: Iterable[str]) -> set[str]:
    """Return the texts that claim a change."""
    return {text for text in texts if has_word_of_change(text) and text not in NO_CLAIMS}


def has_word_of_change(text: str) -> bool:
    """Whether a text has a word of change."""
    return _WORDS_OF_CHANGE.search(text) is not None


def claims_of(briefing: Briefing, *, is_whole: bool = False) -> set[str]:
    """Return what the message and the phone pages of a briefing claim, if ``is_whole`` also wall page and workbook."""
    with recorded_texts() as texts:
        renderers.render_message(briefing)
        renderers.render_pdf(briefing, "both" if is_whole else "phone", TABLES if is_whole else ())
        if is_whole:
            renderers.render_workbook(briefing)
    return claims_among(texts)


@contextmanager
def recorded_texts() -> Iterator[set[str]]:
    """Collect the English keys of all texts that are asked for."""
    texts: set[str] = set()
    with ExitStack() as patches:
        for name, position in (("say", 0), ("say_as", 1), ("many", 0)):
            method = _recording(getattr(Translator, name), position, texts)
            patches.enter_context(patch.object(Translator, name, method))
        yield texts


def _recording(method: Callable[..., str], position: int, texts: set[str]) -> Callable[..., str]:
    @wraps(method)
    def record(translator: Translator, *arguments: Any, **values: object) -> str:
        texts.add(arguments[position])
        return method(translator, *arguments, **values)

    return record
