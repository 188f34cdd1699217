"""Sheet Agents: a row per agent, worst adherence first. The only place outside the PDF that names agents."""

from __future__ import annotations

from datetime import timedelta

from openpyxl.worksheet.worksheet import Worksheet

from renderers.trim import WHOLE, Trim
from renderers.words import Words
from renderers.xlsx.looks import Look
from renderers.xlsx.queues import fraction, single_goal
from renderers.xlsx.rules import status_colours
from renderers.xlsx.table import Column, write_remark, write_table
from worker.domain.briefing import AgentLine, Briefing


def columns(words: Words) -> tuple[Column[AgentLine], ...]:
    """The sheet's columns, from left to right."""
    return (
        Column("Agent", Look.TEXT, 34, lambda line: words.clean(line.name)),
        Column("Status", Look.TEXT, 11, lambda line: words.status(line.adherence.status)),
        Column("Adherence", Look.PERCENT, 12, lambda line: fraction(line.adherence.ratio)),
        Column("Goal", Look.PERCENT, 10, lambda line: single_goal(line.adherence)),
        Column("Off schedule", Look.DURATION, 12, lambda line: _seconds(line.off_schedule_seconds)),
        Column("Late log-ins", Look.COUNT, 10, lambda line: line.late_logins),
        Column("Occupancy", Look.PERCENT, 12, lambda line: fraction(line.occupancy)),
        Column("Queues", Look.WRAPPED, 50, lambda line: ", ".join(words.clean(name) for name in line.queues) or None),
    )


def fill(sheet: Worksheet, words: Words, briefing: Briefing, trim: Trim = WHOLE) -> None:
    """Write the sheet; without agents, the one line that says so."""
    lines = trim.agents(briefing)
    if not lines:
        write_remark(sheet, words.agents_summary(briefing))
        return
    block = write_table(sheet, words, "Agents", trim.columns("Agents", columns(words)), lines)
    status_colours(sheet, words, block, "Status", "Status", "Adherence")


def _seconds(whole: int | None) -> timedelta | None:
    return None if whole is None else timedelta(seconds=whole)
