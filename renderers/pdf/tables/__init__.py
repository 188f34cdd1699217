"""The full tables after the briefing's pages: all queues, all half-hours, all agents, on as many pages as they need.

grid  where a table's columns are on its pages
rows  draw the header and the rows

A screen reader gets each as one table whose header is read once. What repeats on every page is decoration.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.file.book import Book
from renderers.pdf.phone import layout
from renderers.pdf.tables.grid import Form, form_for, lay_out
from renderers.pdf.tables.rows import Rows, longest_texts
from renderers.pdf.text.typesetting import wrap
from renderers.tables import agents, half_hours, queues
from renderers.tables.column import Column
from renderers.words import Words
from worker.domain.briefing.content import Briefing
from worker.domain.groups import Pages, Table
from worker.domain.metrics import Status


@dataclass(frozen=True, slots=True)
class _Section:
    """A table with its title and summary. ``status`` returns the status of a row."""

    title: str
    summary: str
    columns: Sequence[Column[Any]]
    rows: Sequence[Any]
    status: Callable[[Any], Status]

    def visible_columns(self, form: Form) -> list[Column[Any]]:
        """Return the columns that the form has room for, without those that are empty in every row."""
        first, *figures = [column for column in self.columns if column.narrow or not form.stacked]
        return [first, *(column for column in figures if any(column.value(row) is not None for row in self.rows))]


def draw(book: Book, briefing: Briefing, tables: Sequence[Table], pages: Pages) -> None:
    """Draw the tables in this order, each a section with an entry in the outline."""
    for table in tables:
        _SectionPages(book, briefing, form_for(pages), _SECTIONS[table](book.words, briefing)).draw()


class _SectionPages:
    """The pages of one section."""

    def __init__(self, book: Book, briefing: Briefing, form: Form, section: _Section) -> None:
        self.book, self.briefing, self.form, self.section = book, briefing, form, section
        columns = section.visible_columns(form)
        longest = longest_texts(book.words, columns, section.rows)
        self.rows = Rows(lay_out(book.words, form, columns, longest), section.status)
        self.rows_a_page = self.rows.grid.rows_a_page
        self.pages = max(1, math.ceil(len(section.rows) / self.rows_a_page))

    def draw(self) -> None:
        with self.book.grouped("Sect"):
            sheet = self._first()
            if not self.section.rows:
                self._end(sheet, 0)
                return
            with self.book.grouped("Table"):
                for number in range(self.pages):
                    sheet = sheet if number == 0 else self._next_page(number)
                    self._fill(sheet, number)
                    self._end(sheet, number)

    def _first(self) -> Sheet:
        """Begin the first page, which the outline leads to and whose title is read."""
        sheet = Sheet(self.book, self.form.width, self.form.height)
        self.book.bookmark(self.section.title)
        with sheet.tagged("H1"):
            self._title(sheet)
        with sheet.tagged("P"):
            self._lines(sheet, self.section.summary)
        return sheet

    def _next_page(self, number: int) -> Sheet:
        sheet = Sheet(self.book, self.form.width, self.form.height)
        self._title(sheet)
        first, last = self._span(number)
        self._lines(sheet, sheet.words.row_span(first + 1, last, len(self.section.rows)))
        return sheet

    def _title(self, sheet: Sheet) -> None:
        form = self.form
        sheet.text(form.margin, form.title_at, self.section.title, form.title, palette.INK, limit=form.content)

    def _lines(self, sheet: Sheet, text: str) -> None:
        form = self.form
        lines = wrap(text, form.summary, form.content, 2 if form.stacked else 1)
        sheet.lines(form.margin, form.summary_at, lines, form.summary, palette.INK_2, 18, form.content)

    def _fill(self, sheet: Sheet, number: int) -> None:
        (first, last), form, height = self._span(number), self.form, self.rows.grid.row
        places = [form.top + height * index for index in range(last - first)]
        sheet.boxes([(form.margin, y - 0.3, form.content, 0.6) for y in places], palette.RULE)
        self.rows.head(sheet, read=number == 0)
        for y, row in zip(places, self.section.rows[first:last], strict=True):
            self.rows.row(sheet, y, row)

    def _span(self, number: int) -> tuple[int, int]:
        """Return the page's rows as a half-open range."""
        first = number * self.rows_a_page
        return first, min(first + self.rows_a_page, len(self.section.rows))

    def _end(self, sheet: Sheet, number: int) -> None:
        """Write the foot with group, day and page number, and end the page."""
        form, y = self.form, self.form.foot + 17
        sheet.rule(form.margin, form.foot, form.content, palette.RULE)
        text = layout.group_and_day(sheet.words, self.briefing, form.foot_style, form.content - 80)
        sheet.text(form.margin, y, text, form.foot_style, palette.MUTED)
        sheet.text(form.right_x, y, f"{number + 1} / {self.pages}", form.foot_style, palette.INK_2, align="right")
        sheet.end()


def _of_queues(words: Words, briefing: Briefing) -> _Section:
    columns = queues.columns_of(words, briefing)
    title, summary = words.say("All queues"), words.queues_summary(briefing)
    return _Section(title, summary, columns, briefing.queues, lambda line: line.service_level.status)


def _of_half_hours(words: Words, briefing: Briefing) -> _Section:
    sentence, rows = words.half_hours_summary(briefing), half_hours.lines_of_all_media(briefing)
    title = words.say("All half-hours")
    summary = words.by_medium(f"{sentence.head} {sentence.detail}".strip(), briefing.medium)
    columns = half_hours.columns(
        words,
        offset_matters=half_hours.changes_offset(rows),
        has_media=bool(briefing.media),
        has_thin=half_hours.has_thin(rows),
    )
    return _Section(title, summary, columns, rows, lambda line: line.status)


def _of_agents(words: Words, briefing: Briefing) -> _Section:
    summary = words.agents_summary(briefing)
    return _Section(
        words.say("All agents"), summary, agents.columns(words), briefing.agents, lambda line: line.adherence.status
    )


_SECTIONS: dict[Table, Callable[[Words, Briefing], _Section]] = {
    "queues": _of_queues,
    "half_hours": _of_half_hours,
    "agents": _of_agents,
}
