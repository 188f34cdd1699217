"""The columns of the queues' table. Rows come in the order of `QueueLine`."""

from __future__ import annotations

from renderers.tables.column import Column, Holds, count, duration, percent, points, single_goal
from renderers.words import Words, percent_of
from worker.domain.briefing.content import Briefing, QueueLine
from worker.domain.groups.targets import MEDIA


def columns_of(words: Words, briefing: Briefing) -> tuple[Column[QueueLine], ...]:
    """Return the columns that a briefing's queues need."""
    has_thin = any(line.is_thin for line in briefing.queues)
    return columns(words, has_media=bool(briefing.media), has_thin=has_thin)


def columns(words: Words, *, has_media: bool = False, has_thin: bool = False) -> tuple[Column[QueueLine], ...]:
    """Return the columns from left to right. ``has_media``: the day has several media, so a line names its medium.
    ``has_thin``: a line has so few contacts that it is marked.
    """
    few_contacts = words.say("few contacts")
    medium: Column[QueueLine] = Column(
        "Medium",
        Holds.TEXT,
        12,
        lambda line: words.medium(line.medium) if line.medium else None,
        narrow=True,
        longest=max(map(words.medium, MEDIA), key=len),
    )
    note: Column[QueueLine] = Column(
        "Note", Holds.TEXT, 14, lambda line: few_contacts if line.is_thin else None, longest=few_contacts
    )
    return (
        Column("Queue", Holds.TEXT, 34, lambda line: words.clean(line.name), narrow=True),
        *((medium,) if has_media else ()),
        Column("Status", Holds.STATUS, 11, lambda line: words.status(line.service_level.status)),
        Column(
            "Service level",
            Holds.PERCENT,
            11,
            lambda line: percent_of(line.service_level),
            lambda line: words.value(line.service_level),
            narrow=True,
        ),
        Column(
            "Goal",
            Holds.PERCENT,
            9,
            lambda line: single_goal(line.service_level),
            lambda line: words.goal(line.service_level),
        ),
        Column(
            "vs last workday",
            Holds.POINTS,
            12,
            lambda line: points(line.change.points if line.change else None),
        ),
        Column("Offered", Holds.COUNT, 12, lambda line: count(line.counts.offered), narrow=True),
        Column("Answered", Holds.COUNT, 11, lambda line: count(line.counts.answered)),
        Column("Abandoned", Holds.COUNT, 12, lambda line: count(line.counts.abandoned)),
        Column(
            "Abandonment",
            Holds.PERCENT,
            14,
            lambda line: percent(line.abandonment),
            words.abandonment_of_queue,
            narrow=True,
        ),
        Column("Not in time", Holds.COUNT, 9, lambda line: count(line.counts.late)),
        Column("Average handle", Holds.DURATION, 12, lambda line: duration(line.counts.average_handle_ms), narrow=True),
        Column("Average answer", Holds.DURATION, 12, lambda line: duration(line.counts.average_answer_ms), narrow=True),
        Column("Occupancy", Holds.PERCENT, 12, lambda line: percent(line.occupancy)),
        *((note,) if has_thin else ()),
    )
