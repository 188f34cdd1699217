"""The columns of the agents' table. Rows come worst adherence first."""

from __future__ import annotations

from datetime import timedelta

from renderers.tables.column import Column, Holds, percent, single_goal
from renderers.words import Words, percent_of
from worker.domain.briefing.content import AgentLine


def columns(words: Words) -> tuple[Column[AgentLine], ...]:
    """Return the columns from left to right."""
    return (
        Column("Agent", Holds.TEXT, 34, lambda line: words.clean(line.name), narrow=True),
        Column("Status", Holds.STATUS, 11, lambda line: words.status(line.adherence.status)),
        Column(
            "Adherence",
            Holds.PERCENT,
            12,
            lambda line: percent_of(line.adherence),
            narrow=True,
        ),
        Column(
            "Goal", Holds.PERCENT, 10, lambda line: single_goal(line.adherence), lambda line: words.goal(line.adherence)
        ),
        Column(
            "Off schedule",
            Holds.MINUTES,
            12,
            lambda line: _seconds(line.off_schedule_seconds),
            lambda line: words.minutes(line.off_schedule_seconds),
            narrow=True,
        ),
        Column("Late log-ins", Holds.COUNT, 10, lambda line: line.late_logins, narrow=True),
        Column("Occupancy", Holds.PERCENT, 12, lambda line: percent(line.occupancy)),
        Column(
            "Queues",
            Holds.NAMES,
            50,
            lambda line: ", ".join(words.clean(name) for name in line.queues) or None,
            lambda line: words.some_names(line.queues),
            narrow=True,
        ),
    )


def _seconds(whole: int | None) -> timedelta | None:
    return None if whole is None else timedelta(seconds=whole)
