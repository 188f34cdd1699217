"""The full tables after the briefing's pages: all queues, all half-hours, all agents, on as many pages as they need.

sections  what each table has: title, summary, columns, rows
forms     the pages that tables are drawn on
grid      where a table's columns are on its pages
parts     which rows are on which page, and which tables share one
rows      draw the header and the rows

A screen reader gets each as one table whose header is read once. What repeats on every page is decoration.
"""

from __future__ import annotations

from collections.abc import Sequence

from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.file.book import Book
from renderers.pdf.phone import layout
from renderers.pdf.tables.forms import Form, form_for
from renderers.pdf.tables.parts import Part, arranged
from renderers.pdf.tables.sections import section
from renderers.pdf.text.typesetting import wrap
from worker import step_time
from worker.domain.briefing.content import Briefing
from worker.domain.groups import Pages, Table


def draw(book: Book, briefing: Briefing, tables: Sequence[Table], pages: Pages) -> None:
    """Draw the tables in this order, each a section with an entry in the outline."""
    form = form_for(pages)
    parts = arranged(book.words, form, [section(book.words, briefing, table) for table in tables])
    if parts:
        _TablePages(book, briefing, form, parts).draw()


class _TablePages:
    """The pages of all tables, numbered from one."""

    def __init__(self, book: Book, briefing: Briefing, form: Form, parts: Sequence[Part]) -> None:
        self.book, self.briefing, self.form, self.parts = book, briefing, form, parts
        self.number = 0
        self.sheet = self._new_sheet()

    def draw(self) -> None:
        for part in self.parts:
            with self.book.grouped("Sect"):
                self._part(part)
        self._end_sheet()

    def _part(self, part: Part) -> None:
        self._go_to(part.page)
        self._head(part)
        if not part.section.rows:
            return
        with self.book.grouped("Table"):
            for index in range(len(part.spans)):
                self._go_to(part.page + index)
                if index:
                    self._head_again(part, index)
                self._fill(part, index)

    def _go_to(self, number: int) -> None:
        """Begin the page unless it is the current one."""
        if number != self.number:
            self._end_sheet()
            self.number, self.sheet = number, self._new_sheet()

    def _new_sheet(self) -> Sheet:
        return Sheet(self.book, self.form.width, self.form.height)

    def _head(self, part: Part) -> None:
        """Write title and summary, which are read, and to which the outline leads."""
        self.book.bookmark(part.section.title)
        with self.sheet.tagged("H1"):
            self._title(part)
        with self.sheet.tagged("P"):
            self._lines(part, part.section.summary)

    def _head_again(self, part: Part, index: int) -> None:
        first, last = part.spans[index]
        self._title(part)
        self._lines(part, self.sheet.words.row_span(first + 1, last, len(part.section.rows)))

    def _title(self, part: Part) -> None:
        form = part.form
        self.sheet.text(form.margin, form.title_at, part.section.title, form.title, palette.INK, limit=form.content)

    def _lines(self, part: Part, text: str) -> None:
        form = part.form
        lines = wrap(text, form.summary, form.content, form.summary_lines)
        self.sheet.lines(form.margin, form.summary_at, lines, form.summary, palette.INK_2, 18, form.content)

    def _fill(self, part: Part, index: int) -> None:
        step_time.check("it drew the PDF's tables")
        (first, last), form, height = part.spans[index], part.form, part.rows.grid.row
        places = [form.top + height * number for number in range(last - first)]
        self.sheet.boxes([(form.margin, y - 0.3, form.content, 0.6) for y in places], palette.RULE)
        part.rows.head(self.sheet, read=index == 0)
        for y, row in zip(places, part.section.rows[first:last], strict=True):
            part.rows.row(self.sheet, y, row)

    def _end_sheet(self) -> None:
        """Write the foot with group, day and page number, and end the page."""
        form, sheet, y = self.form, self.sheet, self.form.foot + 17
        sheet.rule(form.margin, form.foot, form.content, palette.RULE)
        text = layout.group_and_day(sheet.words, self.briefing, form.foot_style, form.content - 80)
        sheet.text(form.margin, y, text, form.foot_style, palette.MUTED)
        number = f"{self.number + 1} / {self.parts[-1].last_page + 1}"
        sheet.text(form.right_x, y, number, form.foot_style, palette.INK_2, align="right")
        sheet.end()
