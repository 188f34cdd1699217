"""A sheet while it is filled: its cells, and how it looks and prints.

openpyxl keeps an object for each cell and passes all of them through a general writer. That took three quarters of the
time of a workbook: docs/decisions/workbook-writer.md.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

DEFAULT_WIDTH = 13.0
"""The width of a column that no sheet sets, in characters."""


@dataclass(frozen=True, slots=True)
class Table:
    """A range with filters. ``headers`` are the texts of its first row."""

    name: str
    range: str
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnchoredChart:
    """A chart's part, its size, the row of its corner, and its description for readers who cannot see it."""

    part: str
    size_cm: tuple[int, int]
    row: int
    description: str


@dataclass(slots=True)
class Sheet:
    """A sheet's cells as XML by row, in the order of their columns, and its other contents. All numbers start at 1.

    ``frozen``: how many columns and rows do not scroll. ``rules``: conditional formats as XML by range.
    ``repeated_row``: the row that each printed page starts with.
    """

    title: str
    cells: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, int] = field(default_factory=dict)
    frozen: tuple[int, int] = (0, 0)
    rules: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    tables: list[Table] = field(default_factory=list)
    chart: AnchoredChart | None = None
    repeated_row: int | None = None
    footer: str = ""
    one_page: bool = False

    @property
    def last_row(self) -> int:
        """Return the number of the last row with a cell."""
        return max(self.cells, default=1)

    def width(self, column: int) -> float:
        """Return the width of a column in characters."""
        return self.widths.get(column, DEFAULT_WIDTH)

    def add_rule(self, area: str, kind: str, content: str, attributes: str = "") -> None:
        """Add a conditional format of the type ``kind``. Earlier ones of the sheet come first."""
        priority = sum(map(len, self.rules.values())) + 1
        self.rules[area].append(f'<cfRule type="{kind}" priority="{priority}"{attributes}>{content}</cfRule>')


def reference(row: int, column: int) -> str:
    """Return a cell's name, e.g. ``B7``."""
    return f"{get_column_letter(column)}{row}"
