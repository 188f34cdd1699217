"""Native charts, drawn by the spreadsheet from the cells of sheet Intervals.

The chart holds its values a second time, as a cache. Phones and mail previews draw from the cache. openpyxl writes the
chart once for each place of its cells, without values. Those of the briefing are added to its text.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.axis import ChartLines, NumericAxis
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils.datetime import WINDOWS_EPOCH

from renderers.tables.half_hours import service_level_goal
from renderers.words import Words, shown_percent
from renderers.xlsx import form
from renderers.xlsx.looks import GOAL, INK, LINE, PALE_LINE, RULE, VOLUME
from renderers.xlsx.table import Block
from worker.domain.briefing.content import Briefing, HalfHour

CHART_SIZE_CM = (28, 9)
_LINE_EMU = 28_575
_GRID_EMU = 6_350
_LABELS_SHOWN = 12
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_END_OF_CACHE, _START_OF_CATEGORIES = "</numCache>", "<cat>"


@dataclass(frozen=True, slots=True)
class _Cells:
    """Where the chart's cells are, and where its second axis begins. The columns are those of `_HEADERS`."""

    first_row: int
    last_row: int
    letters: tuple[str, ...]
    lowest: float

    @property
    def count(self) -> int:
        """Return how many half-hours the chart has."""
        return self.last_row - self.first_row + 1

    def column(self, sheet: str, header: str) -> str:
        """Return the cells of a column, e.g. ``'Intervals'!$C$2:$C$29``."""
        letter = self.letters[_HEADERS.index(header)]
        return f"'{sheet}'!${letter}${self.first_row}:${letter}${self.last_row}"


_HEADERS = ("Start", "Offered", "Service level", "Goal")


def half_hour_chart(words: Words, briefing: Briefing, block: Block) -> str:
    """Return the part of a chart with contacts offered as columns, and service level and its goal as lines."""
    halves = briefing.half_hours
    levels = [_shown_level(half) for half in halves]
    goals = [service_level_goal(briefing)] * len(levels)
    letters = tuple(block.letters[header] for header in _HEADERS)
    cells = _Cells(block.first_row, block.last_row, letters, _floor([*levels, *goals]))
    # A time is the number of days since the epoch.
    starts = [(half.start.replace(tzinfo=None) - WINDOWS_EPOCH) / timedelta(days=1) for half in halves]
    values = (starts, [half.counts.offered for half in halves], starts, levels, starts, goals)
    return _with_pale_line(_with_values(_empty_chart(words, cells), values), briefing)


def description(words: Words, briefing: Briefing) -> str:
    """Return what the chart shows, for readers who cannot see it."""
    summary = words.half_hours_summary(briefing)
    title = words.say("Contacts offered and service level by half-hour")
    return f"{title}. {summary.head} {summary.detail}".strip()


def _with_values(chart: str, values: Sequence[Sequence[float | None]]) -> str:
    """Add the values to the chart's caches, which are in the order of its series: the categories, then the values."""
    *caches, end = chart.split(_END_OF_CACHE)
    filled = (f"{cache}{_points(numbers)}" for cache, numbers in zip(caches, values, strict=True))
    return _END_OF_CACHE.join((*filled, end))


def _points(values: Sequence[float | None]) -> str:
    return "".join(
        f'<pt idx="{index}"><v>{value!r}</v></pt>' for index, value in enumerate(values) if value is not None
    )


def _with_pale_line(chart: str, briefing: Briefing) -> str:
    """Draw the line pale up to each half-hour of few contacts, as the PDF draws its bar: it proves nothing."""
    if not any(half.is_thin for half in briefing.half_hours):
        return chart
    volume, level, goal, end = chart.split(_START_OF_CATEGORIES)
    pale = "".join(_pale_point(number) for number, half in enumerate(briefing.half_hours) if half.is_thin)
    return _START_OF_CATEGORIES.join((volume, level + pale, goal, end))


def _pale_point(number: int) -> str:
    no_dash = '<a:prstDash val="solid"/>'
    pale = f'<a:ln w="{_LINE_EMU}"><a:solidFill><a:srgbClr val="{PALE_LINE}"/></a:solidFill>{no_dash}</a:ln>'
    marker = f'<marker><symbol val="none"/><spPr xmlns:a="{_DRAWING}"><a:ln>{no_dash}</a:ln></spPr></marker>'
    return f'<dPt><idx val="{number}"/>{marker}<spPr xmlns:a="{_DRAWING}">{pale}</spPr></dPt>'


@functools.lru_cache(maxsize=256)
def _empty_chart(words: Words, cells: _Cells) -> str:
    chart = _volume(words, cells)
    # On the first axis the lines would be hidden by the columns.
    chart += _levels(words, cells)
    chart.title = _title(words.say("Contacts offered and service level by half-hour"), 1200)
    chart.legend.position = "b"
    chart.display_blanks = "gap"
    return form.chart_part(chart)


def _volume(words: Words, cells: _Cells) -> BarChart:
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 40
    series = _series(words, cells, "Offered", "#,##0")
    series.graphicalProperties = GraphicalProperties(solidFill=VOLUME)
    chart.series.append(series)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.number_format, chart.x_axis.tickLblPos = "hh:mm", "low"
    # Excel would take times for a date axis and draw the whole day at one point.
    chart.x_axis.auto = False
    chart.x_axis.tickLblSkip = math.ceil(cells.count / _LABELS_SHOWN)
    _name(chart.y_axis, words.say("Offered"), "#,##0")
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=RULE, w=_GRID_EMU)))
    return chart


def _levels(words: Words, cells: _Cells) -> LineChart:
    chart = LineChart()
    chart.series = [
        _line(_series(words, cells, "Service level", "0.0%"), LINE, _LINE_EMU, None),
        _line(_series(words, cells, "Goal", "0.0%"), GOAL, _LINE_EMU // 2, "dash"),
    ]
    axis = chart.y_axis
    axis.axId, axis.crosses, axis.majorGridlines, axis.delete = 200, "max", None, False
    axis.scaling.min, axis.scaling.max = cells.lowest, 1
    _name(axis, words.say("Service level"), "0%")
    return chart


def _shown_level(half: HalfHour) -> float | None:
    return shown_percent(half.service_level.value).fraction if half.service_level else None


def _line(series: Series, colour: str, width: int, dash: Literal["dash"] | None) -> Series:
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, w=width, prstDash=dash))
    series.smooth, series.marker = False, Marker(symbol="none")
    return series


def _series(words: Words, cells: _Cells, header: str, number_format: str) -> Series:
    """Return a column of the sheet over the half-hours' local times."""
    return Series(
        tx=SeriesLabel(v=words.say(header)),
        val=NumDataSource(numRef=_numbers(words, cells, header, number_format)),
        cat=AxDataSource(numRef=_numbers(words, cells, "Start", "hh:mm")),
    )


def _numbers(words: Words, cells: _Cells, header: str, number_format: str) -> NumRef:
    cache = NumData(formatCode=number_format, ptCount=cells.count)
    return NumRef(f=cells.column(words.say("Intervals"), header), numCache=cache)


def _name(axis: NumericAxis, title: str, number_format: str) -> None:
    axis.title, axis.number_format = _title(title, 900), number_format


def _title(text: str, size: int) -> Title:
    """Return a title outside the plot. ``size`` is in hundredths of a point."""
    face = CharacterProperties(sz=size, b=True, solidFill=INK)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=face), r=[RegularTextRun(rPr=face, t=text)])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _floor(levels: Sequence[float | None]) -> float:
    """Return where the axis begins: the lowest level rounded down to a multiple of 20 %, at most 80 %."""
    return min(math.floor(min((level for level in levels if level is not None), default=0) * 5) / 5, 0.8)
