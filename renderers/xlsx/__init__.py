"""The workbook: every figure of a briefing as a number, in five or six sheets that open in Excel and LibreOffice.

summary    sheet Summary: the verdict, the four metrics, the day, what to talk about, the chart
sheets     sheets Queues, Intervals and Agents, one table each
today      sheet Today, where a plan of today is known
about      sheet About: the window, the sources, the gaps, the formulas in words
table      write a table to a sheet, and set up how it prints
cells      write one cell safely
looks      fonts, fills and number formats
rules      conditional formats
charts     native charts
sheet      what a sheet holds while it is filled
sheet_xml  a sheet as XML
form       what openpyxl writes once in a process
package    write the file so that it has the same bytes every time
"""

from __future__ import annotations

from collections.abc import Mapping

from renderers.trim import WHOLE, Trim
from renderers.words import Words, speak
from renderers.xlsx import about, package, sheets, summary, today
from renderers.xlsx.package import Properties
from renderers.xlsx.sheet import Sheet
from renderers.xlsx.table import set_up_print, write_remark
from worker.domain.briefing.content import Briefing

_ON_ONE_PAGE = ("Summary", "About")
_READABLE_ROWS = 60


def render(briefing: Briefing, trim: Trim = WHOLE) -> bytes:
    """Render the workbook as an .xlsx file without what ``trim`` leaves out. The same briefing gives the same bytes."""
    words = speak(briefing.language)
    pages = _create_sheets(words, briefing)
    _fill(words, pages, briefing, trim)
    for name, sheet in pages.items():
        footer = f"{sheet.title} · {words.day_in_title(briefing.reporting_day)} · {briefing.group_title}"
        one_page = name in _ON_ONE_PAGE and sheet.last_row <= _READABLE_ROWS
        set_up_print(sheet, footer, one_page=one_page)
    title = words.say("Daily standup {day}", day=briefing.reporting_day.isoformat())
    properties = Properties(title, "Standup briefings", briefing.generated_at)
    return package.to_bytes(list(pages.values()), properties, words.points_unit(), tight=trim.tight)


def _create_sheets(words: Words, briefing: Briefing) -> dict[str, Sheet]:
    """Create the sheets with titles in the group's language, and return them by English name."""
    titles = {
        "Summary": words.say("Summary"),
        "Queues": words.say("Queues"),
        "Intervals": words.say("Intervals"),
        "Agents": words.say("Agents"),
        **({"Today": words.say("Today")} if _has_today(briefing) else {}),
        "About": words.say("About"),
    }
    return {name: Sheet(title) for name, title in titles.items()}


def _has_today(briefing: Briefing) -> bool:
    return briefing.today is not None and briefing.has_interactions


def _fill(words: Words, pages: Mapping[str, Sheet], briefing: Briefing, trim: Trim) -> None:
    about.fill(pages["About"], words, briefing)
    if not briefing.has_interactions:
        for name in ("Queues", "Intervals", "Agents"):
            write_remark(pages[name], words.no_interactions().head)
        summary.fill(pages["Summary"], words, briefing, None)
        return
    sheets.fill_queues(pages["Queues"], words, briefing, trim)
    sheets.fill_agents(pages["Agents"], words, briefing, trim)
    if briefing.today:
        today.fill(pages["Today"], words, briefing.today)
    half_hours = sheets.fill_intervals(pages["Intervals"], words, briefing)
    summary.fill(pages["Summary"], words, briefing, half_hours)
