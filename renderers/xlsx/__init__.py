"""The workbook: every figure of a briefing as a number, in five sheets that open in Excel and LibreOffice.

summary    the verdict, the four metrics, the day, what to talk about, the chart
queues     a row per queue, worst first
intervals  a row per half-hour, local time with its UTC offset
agents     a row per agent, worst first
about      the window, the sources, the gaps, the formulas in words
table      a sheet that is one table · cells one cell, safely · rules conditional formats · looks styles
charts     native charts · package the same bytes every time
"""

from __future__ import annotations

from openpyxl.workbook import Workbook

from renderers import words
from renderers.trim import WHOLE, Trim
from renderers.xlsx import about, agents, charts, intervals, package, queues, summary
from renderers.xlsx.looks import add_looks
from renderers.xlsx.table import set_up_print, write_remark
from worker.domain.briefing import Briefing

SHEETS = ("Summary", "Queues", "Intervals", "Agents", "About")


def render(briefing: Briefing, trim: Trim = WHOLE) -> bytes:
    """The workbook as an .xlsx file, without what ``trim`` leaves out; the same briefing gives the same bytes."""
    workbook = _empty_workbook(briefing)
    _fill(workbook, briefing, trim)
    for sheet in workbook.worksheets:
        sheet.sheet_view.showGridLines = False
        footer = f"{sheet.title} · {words.day_in_title(briefing.reporting_day)} · {briefing.group_title}"
        set_up_print(sheet, footer, one_page=sheet.title in ("Summary", "About"))
    return package.to_bytes(workbook, briefing.generated_at, charts.description(briefing), tight=trim.tight)


def _empty_workbook(briefing: Briefing) -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title in SHEETS:
        workbook.create_sheet(title)
    add_looks(workbook)
    workbook.properties.title = f"Daily standup {briefing.reporting_day.isoformat()}"
    workbook.properties.creator = "Standup briefings"
    return workbook


def _fill(workbook: Workbook, briefing: Briefing, trim: Trim) -> None:
    about.fill(workbook["About"], briefing)
    if not briefing.has_interactions:
        for title in ("Queues", "Intervals", "Agents"):
            write_remark(workbook[title], words.no_interactions(briefing).head)
        summary.fill(workbook["Summary"], briefing, None)
        return
    queues.fill(workbook["Queues"], briefing, trim)
    agents.fill(workbook["Agents"], briefing, trim)
    summary.fill(workbook["Summary"], briefing, intervals.fill(workbook["Intervals"], briefing))
