"""The page of a day without a briefing, which says why there is none."""

from __future__ import annotations

from renderers.message.page import Page, title
from renderers.words import Sentence, Words, shorten, speak
from worker.domain.briefing.content import Notice
from worker.domain.metrics import Status


def notice_page(notice: Notice) -> Page:
    """Build the page of a notice."""
    words = speak(notice.language)
    return Page(
        words=words,
        group=title(words, notice.group_title),
        day=words.long_day(notice.reporting_day),
        corrected=words.corrected(notice.revision),
        verdict=_holiday(words, notice) if notice.kind == "holiday" else _no_interactions(words),
    )


def _holiday(words: Words, notice: Notice) -> Sentence:
    detail = words.say(
        "{day} was {holiday} in the group's calendar, so no figures were asked for.",
        day=words.long_day(notice.reporting_day),
        holiday=shorten(words.clean(notice.holiday_name), 80) if notice.holiday_name else words.say("a holiday"),
    )
    if notice.last_business_day:
        last = words.say("The last business day was {day}.", day=words.long_day(notice.last_business_day))
        detail = f"{detail} {last}"
    return Sentence(Status.NO_DATA, words.say("No Business Day Data Available"), (detail,))


def _no_interactions(words: Words) -> Sentence:
    return Sentence(
        Status.NO_DATA,
        words.say("No interactions recorded: check the source"),
        (
            words.say(
                "Not one contact was recorded for the group's queues on this day, and its calendar has no holiday. "
                "Either no one called, or the source has lost the day: compare with Genesys Cloud before the stand-up."
            ),
        ),
    )
