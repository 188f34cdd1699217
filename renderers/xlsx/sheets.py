"""Sheets Queues, Intervals and Agents: one table each. Agents are named here and in the PDF, nowhere else."""

from __future__ import annotations

from dataclasses import replace

from renderers.tables import agents, half_hours, queues
from renderers.trim import WHOLE, Trim
from renderers.words import Words
from renderers.xlsx.rules import bars, below_goal_colours, status_colours
from renderers.xlsx.sheet import Sheet
from renderers.xlsx.table import Block, write_remark, write_table
from worker.domain.briefing.content import Briefing


def fill_queues(sheet: Sheet, words: Words, briefing: Briefing, trim: Trim = WHOLE) -> None:
    """Write a row per queue, worst service level first. Without queues, write one line that says so."""
    if not briefing.queues:
        write_remark(sheet, words.queues_summary(briefing))
        return
    block = write_table(
        sheet,
        words,
        "Queues",
        trim.columns("Queues", queues.columns_of(words, briefing)),
        briefing.queues,
    )
    status_colours(sheet, words, block, "Status", "Status", "Service level")
    bars(sheet, block, "Offered")


def fill_intervals(sheet: Sheet, words: Words, briefing: Briefing) -> Block | None:
    """Write a row per half-hour in local time and medium, and return where the cells of the charts are.

    The charts show the medium with the most contacts, whose rows come first. Without half-hours, write one line that
    says so and return None.
    """
    if not briefing.half_hours:
        summary = words.half_hours_summary(briefing)
        write_remark(sheet, f"{summary.head} {summary.detail}".strip())
        return None
    lines = half_hours.lines_of_all_media(briefing)
    columns = half_hours.columns(words, has_media=bool(briefing.media), has_thin=half_hours.has_thin(lines))
    block = write_table(sheet, words, "Intervals", columns, lines, frozen=2)
    if briefing.completeness.whole:
        below_goal_colours(sheet, block)
    bars(sheet, block, "Offered")
    return replace(block, last_row=block.first_row + len(briefing.half_hours) - 1)


def fill_agents(sheet: Sheet, words: Words, briefing: Briefing, trim: Trim = WHOLE) -> None:
    """Write a row per agent, worst adherence first. Without agents, write one line that says so."""
    lines = trim.agents(briefing)
    if not lines:
        write_remark(sheet, words.agents_summary(briefing))
        return
    block = write_table(sheet, words, "Agents", trim.columns("Agents", agents.columns(words)), lines)
    status_colours(sheet, words, block, "Status", "Status", "Adherence")
