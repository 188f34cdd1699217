"""Which rows of the full tables are on which page.

A table's last page never holds only a row or two, and a table that fits below the one before shares its page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from renderers.pdf.tables.forms import Form
from renderers.pdf.tables.grid import Grid, lay_out
from renderers.pdf.tables.rows import Rows, cell_text, longest_texts
from renderers.pdf.tables.sections import Section
from renderers.words import Words

_NEARER_TO_TABLE = 16
"""A title is this much nearer to the table above than to the edge of a page."""
_MOST_COMPARED = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A table on its pages, of which ``page`` (from 0) is the first. ``spans`` are its rows, half-open, by page."""

    section: Section
    rows: Rows
    spans: tuple[tuple[int, int], ...]
    page: int = 0

    @property
    def form(self) -> Form:
        """The form of its pages."""
        return self.rows.form

    @property
    def last_page(self) -> int:
        """The page with its last row."""
        return self.page + len(self.spans) - 1

    @property
    def end(self) -> float:
        """Where the table ends on its last page."""
        first, last = self.spans[-1]
        if first == last:
            return self.form.summary_at + 18 * (self.form.summary_lines - 1)
        return self.form.top + self.rows.grid.row * (last - first)

    def placed_after(self, previous: Part) -> Part:
        """Return the part below the previous one where the whole of it has room there, else on the next page."""
        distance = previous.end - _NEARER_TO_TABLE
        if len(self.spans) == 1 and distance + self.end <= self.form.foot:
            return replace(self, rows=self.rows.lowered(distance), page=previous.last_page)
        return replace(self, page=previous.last_page + 1)


def arranged(words: Words, form: Form, sections: Sequence[Section]) -> list[Part]:
    """Return the parts of these sections on as few pages as they need."""
    parts: list[Part] = []
    for section in sections:
        part = _part(words, form, section)
        parts.append(part.placed_after(parts[-1]) if parts else part)
    return parts


def _part(words: Words, form: Form, section: Section) -> Part:
    columns = section.visible_columns(form)
    grid = lay_out(words, form, columns, longest_texts(words, columns, section.rows))
    spans = _spans(grid, len(section.rows))
    grid = grid.holding(max(last - first for first, last in spans))
    return Part(section, Rows(grid, section.status, _names(words, section)), spans)


def _names(words: Words, section: Section) -> frozenset[str]:
    """Return the names of the rows. Those of a very long table are too many to compare each with all others."""
    rows = section.rows if len(section.rows) <= _MOST_COMPARED else ()
    return frozenset(cell_text(words, section.columns[0], row) for row in rows)


def _spans(grid: Grid, total: int) -> tuple[tuple[int, int], ...]:
    """Share the rows evenly among as few pages as hold them."""
    pages = max(1, -(-total // grid.most_rows))
    rows, longer_pages = divmod(total, pages)
    edges = [number * rows + min(number, longer_pages) for number in range(pages + 1)]
    return tuple(pairwise(edges))
