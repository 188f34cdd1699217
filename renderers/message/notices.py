"""The page of a day without a briefing: why there is none, so that nobody takes the silence for a fault."""

from __future__ import annotations

from renderers import words
from renderers.message.page import Page, title
from renderers.words import Sentence
from worker.domain.briefing import Notice
from worker.domain.metrics import Status

NO_BUSINESS_DAY = "No Business Day Data Available"


def page_of(notice: Notice) -> Page:
    """The whole message of a notice."""
    return Page(
        group=title(notice.group_title),
        day=words.long_day(notice.reporting_day),
        corrected=words.corrected(notice.revision),
        verdict=_holiday(notice) if notice.kind == "holiday" else _no_interactions(),
        facts=_facts(notice),
    )


def _holiday(notice: Notice) -> Sentence:
    name = words.shorten(words.clean(notice.holiday_name), 80) if notice.holiday_name else "a holiday"
    said = f"{words.long_day(notice.reporting_day)} was {name} in the group's calendar, so no figures were asked for."
    if notice.last_business_day:
        said += f" The last business day was {words.long_day(notice.last_business_day)}."
    return Sentence(Status.NO_DATA, NO_BUSINESS_DAY, said)


def _no_interactions() -> Sentence:
    return Sentence(
        Status.NO_DATA,
        "No interactions recorded: check the source",
        "Not one contact was recorded for the group's queues on this day, and its calendar has no holiday. "
        "Either nobody called, or the source has lost the day: compare with Genesys Cloud before the stand-up.",
    )


def _facts(notice: Notice) -> tuple[tuple[str, tuple[str, ...]], ...]:
    last = notice.last_business_day
    rows = [
        ("Last business day", (last.isoformat(),) if last else ()),
        ("From", (words.instant(notice.window.start),)),
        ("To", (f"{words.instant(notice.window.end)} (exclusive)",)),
        ("Time zone", (notice.zone,)),
        ("Generated", (words.instant(notice.generated_at),)),
    ]
    return tuple((label, lines) for label, lines in rows if lines)
