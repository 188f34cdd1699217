"""Sheet Agents: a row per agent, worst adherence first. The only place outside the PDF that names agents."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from renderers.tables.agents import columns
from renderers.trim import WHOLE, Trim
from renderers.words import Words
from renderers.xlsx.rules import status_colours
from renderers.xlsx.table import write_remark, write_table
from worker.domain.briefing.content import Briefing


def fill(sheet: Worksheet, words: Words, briefing: Briefing, trim: Trim = WHOLE) -> None:
    """Write the sheet; without agents, the one line that says so."""
    lines = trim.agents(briefing)
    if not lines:
        write_remark(sheet, words.agents_summary(briefing))
        return
    block = write_table(sheet, words, "Agents", trim.columns("Agents", columns(words)), lines)
    status_colours(sheet, words, block, "Status", "Status", "Adherence")
