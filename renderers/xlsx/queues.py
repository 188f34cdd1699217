"""Sheet Queues: a row per queue, worst service level first."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from renderers.tables.queues import columns
from renderers.trim import WHOLE, Trim
from renderers.words import Words
from renderers.xlsx.rules import bars, status_colours
from renderers.xlsx.table import write_remark, write_table
from worker.domain.briefing.content import Briefing


def fill(sheet: Worksheet, words: Words, briefing: Briefing, trim: Trim = WHOLE) -> None:
    """Write the sheet; without queues, the one line that says so."""
    if not briefing.queues:
        write_remark(sheet, words.queues_summary(briefing))
        return
    block = write_table(sheet, words, "Queues", trim.columns("Queues", columns(words)), briefing.queues)
    status_colours(sheet, words, block, "Status", "Status", "Service level")
    bars(sheet, block, "Offered")
