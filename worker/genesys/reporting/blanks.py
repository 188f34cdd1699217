"""What blank cells of counts mean: zero if the counts beside them say so, else the figure is not known. Pure.

A figure of which a part is not known is not known as a whole. So a column with one undecided cell is unknown in all
rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from worker.domain.metrics import Metric
from worker.domain.rows import Gap
from worker.genesys.tables.figures import Figure, Figures, Outcome
from worker.genesys.tables.table import Row

COUNTS = ("offered", "answered", "abandoned", "answeredInServiceLevel", "handled")

_METRICS: Mapping[str, Metric] = {
    "offered": Metric.ABANDONMENT,
    "abandoned": Metric.ABANDONMENT,
    "answered": Metric.SERVICE_LEVEL,
    "answeredInServiceLevel": Metric.SERVICE_LEVEL,
}

_WAY_OUT = 'If a blank cell means none, state "blank": "zero" in the report definition.'

_Counts = dict[str, int | None]


@dataclass
class BlankCounts:
    """The counts of all rows, with blank cells decided. ``unknown`` are undecided columns with their first place."""

    figures: Figures
    rows: Sequence[Row]
    by_place: dict[str, _Counts] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    blank_is_zero: bool = False

    def __post_init__(self) -> None:
        table = self.figures.table
        columns = [column for column in COUNTS if table.has_column(column)]
        cells = {row.place: {column: self.figures.figure(row, column) for column in columns} for row in self.rows}
        proven = {place: _proven_zeros(figures) for place, figures in cells.items()}
        self.blank_is_zero = self._blank_is_zero(cells, proven)
        self.by_place = {place: self._counts(figures, proven[place]) for place, figures in cells.items()}
        for place, counts in self.by_place.items():
            for column, count in counts.items():
                if count is None:
                    self.unknown.setdefault(column, place)

    def count(self, row: Row, column: str) -> int | None:
        """Return a count, or None if it, or any other cell of its column, is not known."""
        return None if column in self.unknown else self.by_place[row.place].get(column)

    def gaps(self) -> Iterator[Gap]:
        """Yield a gap for each column that is not known because of a cell."""
        for column, place in self.unknown.items():
            yield unknown_gap(self.figures, column, place, _METRICS.get(column))

    def _blank_is_zero(self, cells: Mapping[str, Mapping[str, Figure]], proven: Mapping[str, set[str]]) -> bool:
        """Return what the definition states, else whether the file writes nothing but blanks for zero.

        That is so if the counts prove it for one blank cell at least, and no column with blank cells has a zero.
        """
        if self.figures.statements.blank:
            return self.figures.statements.blank == "zero"
        blank_columns = {
            column
            for figures in cells.values()
            for column, figure in figures.items()
            if figure.outcome is Outcome.BLANK
        }
        zeros = any(figures[column].value == 0 for figures in cells.values() for column in blank_columns)
        evidence = any(
            figures[column].outcome is Outcome.BLANK for place, figures in cells.items() for column in proven[place]
        )
        return evidence and not zeros and not any(_disproves_zero(figures) for figures in cells.values())

    def _counts(self, figures: Mapping[str, Figure], proven: set[str]) -> _Counts:
        return {column: self._count(figure, column in proven) for column, figure in figures.items()}

    def _count(self, figure: Figure, is_proven: bool) -> int | None:
        if figure.value is not None:
            return round(figure.value)
        stated_unknown = self.figures.statements.blank == "unknown" and figure.outcome is Outcome.BLANK
        is_zero = is_proven or (self.blank_is_zero and figure.outcome is Outcome.BLANK)
        return 0 if is_zero and not stated_unknown else None


def unknown_gap(figures: Figures, column: str, place: str, metric: Metric | None) -> Gap:
    """Return the gap for a column of which a cell is not known."""
    table = figures.table
    return Gap(
        "unavailable",
        f"{table.label}, {place}: the column {column} has no figure, and nothing beside it says that this means none. "
        f"So its figures are not known. {_WAY_OUT}",
        metric.value if metric else None,
    )


def says_nothing(figures: Figures, row: Row, columns: Sequence[str]) -> bool:
    """Return whether no figure of a row is there: nothing happened, or the row is a title."""
    return all(figures.figure(row, column).value is None for column in columns)


def _proven_zeros(figures: Mapping[str, Figure]) -> set[str]:
    """Return the columns without a value in a row whose other counts leave room for zero only."""
    values = {column: figure.value for column, figure in figures.items()}
    offered, answered, abandoned = (values.get(column) for column in ("offered", "answered", "abandoned"))
    rules = {
        "abandoned": offered is not None and (offered == answered or (offered == 0 and not answered)),
        "answered": offered is not None and (offered == abandoned or (offered == 0 and not abandoned)),
        "offered": answered == 0 and abandoned == 0,
        "answeredInServiceLevel": answered == 0 or (answered is None and offered is not None and offered == abandoned),
        "handled": offered == 0 and not answered,
    }
    return {column for column, value in values.items() if value is None and rules[column]}


def _disproves_zero(figures: Mapping[str, Figure]) -> bool:
    """Return whether a row has a blank cell where its other counts leave a remainder."""
    values = {column: figure.value for column, figure in figures.items()}
    offered, answered, abandoned = (values.get(column) for column in ("offered", "answered", "abandoned"))
    if offered is None:
        return False
    for value, column, partner in ((answered, "answered", abandoned), (abandoned, "abandoned", answered)):
        is_blank = column in figures and figures[column].outcome is Outcome.BLANK
        if value is None and is_blank and partner is not None and partner < offered:
            return True
    return False
