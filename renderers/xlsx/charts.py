"""Native charts, drawn by the spreadsheet from the cells of sheet Intervals.

The chart holds its values a second time, as a cache. Phones and mail previews draw from the cache.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.axis import ChartLines, NumericAxis
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils.datetime import WINDOWS_EPOCH

from renderers.tables.half_hours import service_level_goal
from renderers.words import Words, shown_percent
from renderers.xlsx.looks import GOAL, INK, LINE, PALE_LINE, RULE, VOLUME
from renderers.xlsx.table import Block
from worker.domain.briefing.content import Briefing, HalfHour

_WIDTH_CM, _HEIGHT_CM = 28, 9
_LINE_EMU = 28_575
_GRID_EMU = 6_350
_LABELS_SHOWN = 12


def half_hour_chart(words: Words, briefing: Briefing, block: Block) -> BarChart:
    """Build a chart with contacts offered as columns, and service level and its goal as lines on a second axis."""
    chart = _volume(words, briefing, block)
    # On the first axis the lines would be hidden by the columns.
    chart += _levels(words, briefing, block)
    chart.title = _title(words.say("Contacts offered and service level by half-hour"), 1200)
    chart.legend.position = "b"
    chart.display_blanks = "gap"
    chart.width, chart.height = _WIDTH_CM, _HEIGHT_CM
    return chart


def description(words: Words, briefing: Briefing) -> str:
    """Return what the chart shows, for readers who cannot see it."""
    summary = words.half_hours_summary(briefing)
    title = words.say("Contacts offered and service level by half-hour")
    return f"{title}. {summary.head} {summary.detail}".strip()


def _volume(words: Words, briefing: Briefing, block: Block) -> BarChart:
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 40
    series = _series(words, briefing, block, "Offered", [half.counts.offered for half in briefing.half_hours], "#,##0")
    series.graphicalProperties = GraphicalProperties(solidFill=VOLUME)
    chart.series.append(series)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.number_format, chart.x_axis.tickLblPos = "hh:mm", "low"
    # Excel would take times for a date axis and draw the whole day at one point.
    chart.x_axis.auto = False
    chart.x_axis.tickLblSkip = math.ceil(len(briefing.half_hours) / _LABELS_SHOWN)
    _name(chart.y_axis, words.say("Offered"), "#,##0")
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=RULE, w=_GRID_EMU)))
    return chart


def _levels(words: Words, briefing: Briefing, block: Block) -> LineChart:
    levels = [_shown_level(half) for half in briefing.half_hours]
    goals = [service_level_goal(briefing)] * len(levels)
    chart = LineChart()
    chart.series = [
        _pale_where_thin(
            _line(_series(words, briefing, block, "Service level", levels, "0.0%"), LINE, _LINE_EMU, None), briefing
        ),
        _line(_series(words, briefing, block, "Goal", goals, "0.0%"), GOAL, _LINE_EMU // 2, "dash"),
    ]
    axis = chart.y_axis
    axis.axId, axis.crosses, axis.majorGridlines, axis.delete = 200, "max", None, False
    axis.scaling.min, axis.scaling.max = _floor([*levels, *goals]), 1
    _name(axis, words.say("Service level"), "0%")
    return chart


def _shown_level(half: HalfHour) -> float | None:
    return shown_percent(half.service_level.value).fraction if half.service_level else None


def _line(series: Series, colour: str, width: int, dash: Literal["dash"] | None) -> Series:
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, w=width, prstDash=dash))
    series.smooth, series.marker = False, Marker(symbol="none")
    return series


def _pale_where_thin(series: Series, briefing: Briefing) -> Series:
    """Draw the line pale up to each half-hour of few contacts, as the PDF draws its bar: it proves nothing."""
    pale = GraphicalProperties(ln=LineProperties(solidFill=PALE_LINE, w=_LINE_EMU))
    series.dPt = [
        DataPoint(idx=number, spPr=pale, marker=Marker(symbol="none"))
        for number, half in enumerate(briefing.half_hours)
        if half.is_thin
    ]
    return series


def _series(
    words: Words, briefing: Briefing, block: Block, header: str, values: Sequence[float | None], number_format: str
) -> Series:
    """Return a column of the sheet over the half-hours' local times, both with cached values."""
    starts = [(half.start.replace(tzinfo=None) - WINDOWS_EPOCH) / timedelta(days=1) for half in briefing.half_hours]
    return Series(
        tx=SeriesLabel(v=words.say(header)),
        val=NumDataSource(numRef=_cells(words, block, header, values, number_format)),
        cat=AxDataSource(numRef=_cells(words, block, "Start", starts, "hh:mm")),
    )


def _cells(words: Words, block: Block, header: str, values: Sequence[float | None], number_format: str) -> NumRef:
    sheet, letter = words.say("Intervals"), block.letters[header]
    points = [NumVal(idx=index, v=value) for index, value in enumerate(values) if value is not None]
    return NumRef(
        f=f"'{sheet}'!${letter}${block.first_row}:${letter}${block.last_row}",
        numCache=NumData(formatCode=number_format, ptCount=len(values), pt=points),
    )


def _name(axis: NumericAxis, title: str, number_format: str) -> None:
    axis.title, axis.number_format = _title(title, 900), number_format


def _title(text: str, size: int) -> Title:
    """Return a title outside the plot. ``size`` is in hundredths of a point."""
    face = CharacterProperties(sz=size, b=True, solidFill=INK)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=face), r=[RegularTextRun(rPr=face, t=text)])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _floor(levels: Sequence[float | None]) -> float:
    """Return where the axis begins: the lowest level rounded down to a multiple of 20 %."""
    return math.floor(min((level for level in levels if level is not None), default=0) * 5) / 5
