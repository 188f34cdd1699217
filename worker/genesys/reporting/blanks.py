"""What blank cells of counts mean: zero if the counts of the file prove it, else the figure is not known. Pure.

A figure of which a part is not known is not known as a whole. So a column with one undecided cell is unknown in all
rows. docs/decisions/blank-cells.md says what is proof.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, Window, gap
from worker.genesys.reporting.balance import Movement, blanks_hide_contacts
from worker.genesys.tables.figures import Figure, Figures, Outcome
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.numbers import is_blank
from worker.genesys.tables.placing import PlacedRow
from worker.genesys.tables.table import Row

COUNTS = ("offered", "answered", "abandoned", "answeredInServiceLevel", "handled")

_METRICS: Mapping[str, Metric] = {
    "offered": Metric.ABANDONMENT,
    "abandoned": Metric.ABANDONMENT,
    "answered": Metric.SERVICE_LEVEL,
    "answeredInServiceLevel": Metric.SERVICE_LEVEL,
}

_Counts = dict[str, int | None]


@dataclass
class BlankCounts:
    """The counts of all rows, with blank cells decided. ``unknown`` are undecided columns with their first place."""

    figures: Figures
    rows: Sequence[PlacedRow]
    window: Window
    by_place: dict[str, _Counts] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    blank_is_zero: bool = False

    def __post_init__(self) -> None:
        table = self.figures.table
        columns = [column for column in COUNTS if table.has_column(column)]
        cells = {
            placed.row.place: {column: self.figures.figure(placed.row, column) for column in columns}
            for placed in self.rows
        }
        proven = {place: _proven_zeros(figures) for place, figures in cells.items()}
        self.blank_is_zero = self._blank_is_zero(cells)
        self.by_place = {place: self._counts(figures, proven[place]) for place, figures in cells.items()}
        for place, counts in self.by_place.items():
            for column, count in counts.items():
                if count is None:
                    self.unknown.setdefault(column, place)

    def count(self, row: Row, column: str) -> int | None:
        """Return a count, or None if it, or any other cell of its column, is not known."""
        return None if column in self.unknown else self.by_place[row.place].get(column)

    def gaps(self) -> Iterator[Gap]:
        """Yield a gap for each column that is not known because of a cell, and for a service level without it."""
        for column, place in self.unknown.items():
            metric = _METRICS.get(column)
            yield unknown_gap(self.figures, column, place, metric, "partial" if metric else "unavailable")
        yield from self._service_level_gaps()

    def _service_level_gaps(self) -> Iterator[Gap]:
        """Yield a gap if the service level has to be calculated, and only the abandoned contacts are missing for it."""
        table = self.figures.table
        is_calculated = table.has_column("answeredInServiceLevel") and not table.has_column("serviceLevel")
        has_own_gap = not self.unknown.keys().isdisjoint(("answered", "answeredInServiceLevel"))
        if is_calculated and "abandoned" in self.unknown and not has_own_gap:
            yield gap("partial", GapText.ABANDONED_UNKNOWN, Metric.SERVICE_LEVEL.value, file=table.label)

    def _blank_is_zero(self, cells: Mapping[str, Mapping[str, Figure]]) -> bool:
        """Return what the definition states, else whether the file writes nothing but blanks for zero.

        That is so if a row with contacts has a blank cell, no column with blank cells has a zero, and the contacts of
        the day add up.
        """
        if self.figures.statements.blank:
            return self.figures.statements.blank == "zero"
        movements = self._movements(cells)
        if not movements or not any(row.is_evidence for rows in movements for row in rows):
            return False
        return not _writes_zeros(cells) and not any(blanks_hide_contacts(rows, self.window) for rows in movements)

    def _movements(self, cells: Mapping[str, Mapping[str, Figure]]) -> Collection[Sequence[Movement]]:
        """Return the contacts of each queue and medium. Empty if those of one row cannot be added up."""
        movements: defaultdict[tuple[str, str], list[Movement]] = defaultdict(list)
        for placed in self.rows:
            movement = _movement(placed, cells[placed.row.place])
            if movement is None:
                return ()
            movements[placed.queue_id, placed.medium].append(movement)
        return movements.values()

    def _counts(self, figures: Mapping[str, Figure], proven: set[str]) -> _Counts:
        return {column: self._count(figure, column in proven) for column, figure in figures.items()}

    def _count(self, figure: Figure, is_proven: bool) -> int | None:
        if figure.value is not None:
            return round(figure.value)
        stated_unknown = self.figures.statements.blank == "unknown" and figure.outcome is Outcome.BLANK
        is_zero = is_proven or (self.blank_is_zero and figure.outcome is Outcome.BLANK)
        return 0 if is_zero and not stated_unknown else None


def unknown_gap(
    figures: Figures,
    column: str,
    place: str,
    metric: Metric | None,
    kind: Literal["partial", "unavailable"] = "unavailable",
) -> Gap:
    """Return the gap for a column of which a cell is not known."""
    label = figures.table.label
    text = next((row.raw(column) for row in figures.rows if row.place == place), "")
    name = metric.value if metric else None
    if is_blank(text):
        return gap(kind, GapText.COUNT_BLANK, name, file=label, place=place, column=column)
    return gap(kind, GapText.COUNT_NO_FIGURE, name, file=label, place=place, column=column, cell=shorten(text))


def says_nothing(figures: Figures, row: Row, columns: Sequence[str]) -> bool:
    """Return whether no figure of a row is there: nothing happened, or the row is a title."""
    return all(figures.figure(row, column).outcome in (Outcome.BLANK, Outcome.NO_FIGURE) for column in columns)


def _writes_zeros(cells: Mapping[str, Mapping[str, Figure]]) -> bool:
    """Return whether a column with blank cells has a zero in another row."""
    columns = [
        {figures[column].outcome if figures[column].value != 0 else 0 for figures in cells.values()}
        for column in next(iter(cells.values()), {})
    ]
    return any({0, Outcome.BLANK} <= outcomes for outcomes in columns)


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


def _movement(placed: PlacedRow, figures: Mapping[str, Figure]) -> Movement | None:
    """Return the row's contacts, None if the file lacks one of the counts, or a cell says that it has no figure."""
    if not all(_is_count_or_blank(figures.get(column)) for column in ("offered", "answered", "abandoned")):
        return None
    offered, answered, abandoned = figures["offered"], figures["answered"], figures["abandoned"]
    return Movement(
        placed.start,
        offered.value or 0.0,
        (answered.value or 0.0) + (abandoned.value or 0.0),
        has_blank_offer=offered.outcome is Outcome.BLANK,
        has_blank_end=Outcome.BLANK in (answered.outcome, abandoned.outcome),
    )


def _is_count_or_blank(figure: Figure | None) -> bool:
    return figure is not None and figure.outcome is not Outcome.NO_FIGURE
