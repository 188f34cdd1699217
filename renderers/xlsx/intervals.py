"""Sheet Intervals: a row per half-hour, in the group's local time."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from renderers.tables.half_hours import columns, lines
from renderers.words import Words
from renderers.xlsx.rules import bars, below_goal_colours
from renderers.xlsx.table import Block, write_remark, write_table
from worker.domain.briefing.content import Briefing


def fill(sheet: Worksheet, words: Words, briefing: Briefing) -> Block | None:
    """Write the sheet and say where its cells stand, for the charts; without half-hours, say so in one line."""
    if not briefing.half_hours:
        said = words.half_hours_summary(briefing)
        write_remark(sheet, f"{said.head} {said.detail}")
        return None
    block = write_table(sheet, words, "Intervals", columns(words), lines(briefing), frozen=2)
    if briefing.completeness.whole:
        below_goal_colours(sheet, block, "Service level", "Goal")
    bars(sheet, block, "Offered")
    return block
