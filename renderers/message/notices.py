"""The page of a day without a briefing: why there is none, what today brings, and which points are still open."""

from __future__ import annotations

from renderers.message.page import FollowedPoints, Page, title, with_short_heads
from renderers.message.today import today
from renderers.words import Sentence, Words, shorten, speak
from worker.domain.briefing.content import Notice, OpenPoints
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
        today=today(words, notice.today) if notice.today else None,
        open_points=_open_points(words, notice.open_points) if notice.open_points else None,
    )


def _open_points(words: Words, points: OpenPoints) -> FollowedPoints:
    return FollowedPoints(words.open_points_heading(points), with_short_heads(words.open_points(points)))


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
