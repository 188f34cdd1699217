"""The lists of the wall page below its charts: queues, worst first, and what became of earlier points."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from renderers.pdf.charts import sparkline
from renderers.pdf.charts.sparkline import Box
from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone.queues import bar, clean_names, fitted_name
from renderers.pdf.text.typesetting import SMALLEST, Style, fit, smaller, width
from renderers.words import counted_of
from worker.domain.briefing.content import Briefing, FollowUp, QueueLine
from worker.domain.metrics import Status

BELOW_HEADING, ROW = 8.2, 15.1
_LEAST_NAME, _MOST_NAME, _COLUMN_GAP = 100, 170, 10
_BASELINE = 11
_CANDIDATES = (
    (True, 64, 0.0, 0),
    (False, 64, 0.0, 0),
    (False, 30, 0.0, 0),
    (False, 30, 1.0, 0),
    (False, 0, 1.0, 0),
    (False, 0, 1.0, 1),
    (False, 0, 1.0, 2),
)
"""Whether the table has the trend, its bars' length, by how much figures are smaller, how many columns are left out."""


def queues(sheet: Sheet, briefing: Briefing, left_x: float, right_x: float, heading: float, rows: int) -> None:
    """Draw the worst queues in a table between ``left_x`` and ``right_x`` below the baseline ``heading``."""
    table = _QueueTable(sheet, briefing, rows, left_x, right_x, heading)
    table.head()
    row_count, top = len(table.lines), heading + BELOW_HEADING
    with sheet.grouped("L"):
        for number in range(row_count):
            table.row(number)
    sheet.rule(left_x, top + ROW * row_count, right_x - left_x, palette.RULE)
    if hidden := briefing.queues[rows:]:
        _line_below(sheet, left_x + 16, top + ROW * row_count, sheet.words.other_queues(hidden))


def rows_of_points(follow_up: FollowUp) -> int:
    """Return how many rows of the other list earlier points take, with their heading, in two columns."""
    return math.ceil(len(follow_up.points) / 2) + 2


def points(sheet: Sheet, briefing: Briefing, follow_up: FollowUp, left_x: float, right_x: float, bottom: float) -> None:
    """Write what became of earlier points in two columns, the last row above ``bottom``."""
    sentences = sheet.words.follow_up(follow_up, briefing.reporting_day)
    top = bottom - ROW * math.ceil(len(sentences) / 2)
    with sheet.tagged("H2"):
        heading = sheet.words.follow_up_heading(follow_up)
        sheet.text(left_x, top - BELOW_HEADING + 3, heading, styles.WALL_SECTION, palette.INK)
    column = (right_x - left_x) / 2
    with sheet.grouped("L"):
        for number, sentence in enumerate(sentences):
            x, y = left_x + column * (number % 2), top + ROW * (number // 2)
            with icons.item(sheet, x, y + 2.4, 10.5, sentence.status, sheet.words.say("Point")):
                style = smaller(sentence.head, styles.WALL_NAME, column - 24)
                text = fit(sentence.head, style, column - 24)
                sheet.text(x + 16, y + _BASELINE, text, style, palette.INK)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of figures: its header, its text for each queue, and what is drawn to the left of them."""

    header: str
    texts: tuple[str, ...]
    style: Style = styles.WALL_CELL
    arrow_width: float = 0
    kind: Literal["level", "change", "trend", "figure"] = "figure"

    @property
    def width(self) -> float:
        texts = max((width(text, self.style) for text in self.texts), default=0) + self.arrow_width
        return max(texts, width(self.header, styles.WALL_CAPTION))


class _QueueTable:
    """The table of queues. Each column is as wide as its figures, and the name gets the rest.

    Where the name would have too little room, the table gives up the trend, then the bar, then the last columns.
    """

    def __init__(
        self, sheet: Sheet, briefing: Briefing, rows: int, left_x: float, right_x: float, heading: float
    ) -> None:
        self.sheet, self.left_x, self.right_x, self.heading = sheet, left_x, right_x, heading
        self.briefing = briefing
        self.lines, self.names = briefing.queues[:rows], clean_names(sheet.words, briefing)
        words, whole = sheet.words, briefing.completeness.whole
        self.has_own_goals = words.have_own_goals(briefing)
        self.title = words.say_as("on the wall", "Queues, missed first") if whole else words.say("Queues")
        for has_trend, bar_length, smaller_by, dropped in _CANDIDATES:
            columns = self._columns(has_trend, smaller_by)
            self.columns, self.bar_length = columns[: len(columns) - dropped], bar_length
            self.places = self._places()
            if self.name_room - self._mark_overhang >= self._wanted_room(_MOST_NAME if bar_length else _LEAST_NAME):
                break

    @property
    def bar_x(self) -> float:
        return self.places[0][1] - self.places[0][0].width - _COLUMN_GAP - self.bar_length

    @property
    def name_room(self) -> float:
        return self.bar_x - _COLUMN_GAP / 2 - self.left_x - 16

    def _wanted_room(self, limit: float) -> float:
        """Return the room that names need in small type, each at most ``limit`` points and its medium."""
        smallest, words = Style(styles.WALL_NAME.face, SMALLEST), self.sheet.words
        return max(
            (
                min(width(words.clean(line.name)[:_MOST_NAME], smallest), limit)
                + width(words.in_medium("", line.medium), smallest)
                for line in self.lines
            ),
            default=0,
        )

    @property
    def _mark_overhang(self) -> float:
        """The room of a name that the mark of a queue with few contacts takes, 0 where no queue has it."""
        mark = self.sheet.words.say("few contacts") if any(line.is_thin for line in self.lines) else ""
        return max(width(mark, styles.WALL_CAPTION) - self.bar_length, 0)

    def _columns(self, has_trend: bool, smaller_by: float) -> list[_Column]:
        words, say, say_as = self.sheet.words, self.sheet.words.say, self.sheet.words.say_as
        strong, cell = (Style(style.face, style.size - smaller_by) for style in (styles.WALL_STRONG, styles.WALL_CELL))
        changes = [line.change for line in self.lines if line.change]

        def figures(header: str, text: Callable[[QueueLine], str]) -> _Column:
            return _Column(header, tuple(map(text, self.lines)), cell)

        columns = [
            _Column(say_as("on the wall", "Service level"), tuple(map(self._level, self.lines)), strong, 0, "level")
        ]
        if self.has_own_goals:
            columns.append(figures(say("Goal"), lambda line: words.goal(line.service_level)))
        if changes:
            header = say_as("on the wall", "vs {day}", day=words.weekday(changes[0].days[0]))
            columns.append(_Column(header, tuple(map(self._points, self.lines)), cell, 11, "change"))
        if has_trend:
            columns.append(_Column(say("Trend"), (), cell, 46, "trend"))
        return [
            *columns,
            figures(say_as("on the wall", "Not in time"), self._late),
            figures(say_as("on the wall", "Abandoned"), words.abandonment_of_queue),
            figures(say("Handle"), lambda line: words.average_time(line.counts.average_handle_ms)),
            figures(say("Answer"), lambda line: words.average_time(line.counts.average_answer_ms)),
        ]

    def _places(self) -> list[tuple[_Column, float]]:
        """Return the columns from left to right, each with its right edge."""
        places, x = [], self.right_x
        for column in reversed(self.columns):
            places.append((column, x))
            x -= column.width + _COLUMN_GAP
        return places[::-1]

    def _level(self, line: QueueLine) -> str:
        reading, words = line.service_level, self.sheet.words
        return words.value(reading) if reading.ratio else words.status(Status.NO_DATA)

    def _late(self, line: QueueLine) -> str:
        words, counts = self.sheet.words, line.counts
        counted = counted_of(line.service_level)
        if counts.late is None or not counted:
            return words.count(counts.offered)
        return words.say("{number} of {all}", number=words.count(counts.late), all=words.count(counted))

    def _points(self, line: QueueLine) -> str:
        return self.sheet.words.bare_points(line.change.points) if line.change else ""

    def head(self) -> None:
        first, right_x = self.places[0]
        with self.sheet.tagged("H2"):
            room = right_x - max(width(first.header, styles.WALL_CAPTION), first.width) - 8 - self.left_x
            style, title = smaller(self.title, styles.WALL_SECTION, room), self.title
            if width(title, style) > room:
                title = self.sheet.words.say("Queues")
                style = smaller(title, styles.WALL_SECTION, room)
            self.sheet.text(self.left_x, self.heading, title, style, palette.INK, limit=room)
        with self.sheet.tagged("P"):
            for column, x in self.places:
                self.sheet.text(x, self.heading, column.header, styles.WALL_CAPTION, palette.MUTED, align="right")

    def row(self, number: int) -> None:
        sheet, line, y = self.sheet, self.lines[number], self.heading + BELOW_HEADING + ROW * number
        sheet.rule(self.left_x, y, self.right_x - self.left_x, palette.RULE)
        with icons.item(sheet, self.left_x, y + 2.4, 10.5, line.service_level.status):
            baseline = y + _BASELINE
            mark = sheet.words.say("few contacts") if line.is_thin else ""
            room = self.name_room - (self._mark_overhang if mark else 0)
            name, style = fitted_name(sheet.words, line, self.names, styles.WALL_NAME, room, SMALLEST)
            sheet.text(self.left_x + 16, baseline, name, style, palette.INK)
            if mark:  # instead of a bar, which would look as if the figure proved something
                end_x = self.bar_x + self.bar_length
                sheet.text(end_x, baseline, mark, styles.WALL_CAPTION, palette.MUTED, align="right")
            elif self.bar_length:
                bar(sheet, self.bar_x, y + 5, self.bar_length, 5, line)
            for column, x in self.places:
                if column.kind == "trend":
                    self._trend(x - 46, y, line)
                else:
                    self._figure(column, x, baseline, number)

    def _figure(self, column: _Column, x: float, y: float, number: int) -> None:
        text, line = column.texts[number], self.lines[number]
        colour = palette.INK if column.kind == "level" else palette.INK_2
        change = self.sheet.words.change_of_queue(self.briefing, line) if column.kind == "change" else None
        if change:
            spoken = change.sign + text
            used_width = self.sheet.text(x, y, text, column.style, colour, align="right", spoken=spoken)
            arrow_x = min(x - used_width - 9, x - 27)
            icons.arrow(self.sheet, arrow_x, y - 0.6, 6, change.direction, palette.TONE[change.tone])
        elif text:
            self.sheet.text(x, y, text, column.style, colour, align="right")

    def _trend(self, x: float, y: float, line: QueueLine) -> None:
        if sum(value is not None for value in line.trend) > 1:
            dot = palette.BAD if line.service_level.status is Status.MISSED else palette.LINE
            box = Box(x, y + 3.5, 44, 8.6)
            sparkline.draw(self.sheet, box, line.trend, None, dot, thickness=1.1, dot_radius=1.9)


def _line_below(sheet: Sheet, x: float, list_end: float, text: str) -> None:
    with sheet.tagged("P"):
        sheet.text(x, list_end + 11, text, styles.WALL_CAPTION, palette.MUTED, limit=270)
