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

from collections.abc import Mapping

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from renderers.trim import WHOLE, Trim
from renderers.words import Words, speak
from renderers.xlsx import about, agents, charts, intervals, package, queues, summary
from renderers.xlsx.looks import add_looks
from renderers.xlsx.table import set_up_print, write_remark
from worker.domain.briefing.content import Briefing

_ON_ONE_PAGE = ("Summary", "About")
_READABLE_ROWS = 60


def render(briefing: Briefing, trim: Trim = WHOLE) -> bytes:
    """The workbook as an .xlsx file, without what ``trim`` leaves out; the same briefing gives the same bytes."""
    words = speak(briefing.language)
    workbook = _empty_workbook(words, briefing)
    sheets = _sheets(words, workbook)
    _fill(words, sheets, briefing, trim)
    for name, sheet in sheets.items():
        sheet.sheet_view.showGridLines = False
        footer = f"{sheet.title} · {words.day_in_title(briefing.reporting_day)} · {briefing.group_title}"
        one_page = name in _ON_ONE_PAGE and sheet.max_row <= _READABLE_ROWS
        set_up_print(sheet, footer, one_page=one_page)
    return package.to_bytes(workbook, briefing.generated_at, charts.description(words, briefing), tight=trim.tight)


def _empty_workbook(words: Words, briefing: Briefing) -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_looks(workbook, words.points_unit())
    workbook.properties.title = words.say("Daily standup {day}", day=briefing.reporting_day.isoformat())
    workbook.properties.creator = "Standup briefings"
    return workbook


def _sheets(words: Words, workbook: Workbook) -> dict[str, Worksheet]:
    """The sheets by their English name, each under its title in the workbook's language."""
    titles = {
        "Summary": words.say("Summary"),
        "Queues": words.say("Queues"),
        "Intervals": words.say("Intervals"),
        "Agents": words.say("Agents"),
        "About": words.say("About"),
    }
    return {name: workbook.create_sheet(title) for name, title in titles.items()}


def _fill(words: Words, sheets: Mapping[str, Worksheet], briefing: Briefing, trim: Trim) -> None:
    about.fill(sheets["About"], words, briefing)
    if not briefing.has_interactions:
        for name in ("Queues", "Intervals", "Agents"):
            write_remark(sheets[name], words.no_interactions().head)
        summary.fill(sheets["Summary"], words, briefing, None)
        return
    queues.fill(sheets["Queues"], words, briefing, trim)
    agents.fill(sheets["Agents"], words, briefing, trim)
    summary.fill(sheets["Summary"], words, briefing, intervals.fill(sheets["Intervals"], words, briefing))
