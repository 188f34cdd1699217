"""What blank cells of counts mean: zero if the counts of the file prove it, else the figure is not known. Pure.

The day of each queue and medium decides for its own cells. A figure of which a part is not known is not known as a
whole: an undecided cell makes the sums of its queue and of the group unknown. docs/decisions/blank-cells.md says what
is proof.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, Window, gap
from worker.genesys.balance import Movement, blanks_hide_contacts
from worker.genesys.tables.figures import Figure, Figures, Outcome
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.numbers import is_blank, is_error_value
from worker.genesys.tables.placed_row import PlacedRow
from worker.genesys.tables.table import Row

COUNTS = ("offered", "answered", "abandoned", "answeredInServiceLevel", "handled")

_METRICS: Mapping[str, Metric] = {
    "offered": Metric.ABANDONMENT,
    "abandoned": Metric.ABANDONMENT,
    "answered": Metric.SERVICE_LEVEL,
    "answeredInServiceLevel": Metric.SERVICE_LEVEL,
}
_ADDED_UP = frozenset((*COUNTS, "interactingSeconds", "communicatingSeconds", "idleSeconds", "scheduledSeconds"))
"""Columns without a division, in which an error value does not mean that there was nothing to divide."""

_NAMED_QUEUES = 4

_Counts = dict[str, int | None]
_Cells = Mapping[str, Mapping[str, Figure]]
"""The figures of counts by place of the row and by column."""

_QueueMedium = tuple[str, str]


@dataclass
class BlankCounts:
    """The counts of all rows, with blank cells decided.

    ``unknown`` are the rows with an undecided cell by column, the first of each queue and medium. ``zero_queues`` are
    the queues and media whose blank cells are zeros.
    """

    figures: Figures
    rows: Sequence[PlacedRow]
    window: Window
    by_place: dict[str, _Counts] = field(default_factory=dict)
    unknown: dict[str, dict[_QueueMedium, PlacedRow]] = field(default_factory=dict)
    zero_queues: frozenset[_QueueMedium] = frozenset()

    def __post_init__(self) -> None:
        table = self.figures.table
        columns = [column for column in COUNTS if table.has_column(column)]
        cells = {
            placed.row.place: {column: self.figures.figure(placed.row, column) for column in columns}
            for placed in self.rows
        }
        self.zero_queues = self._zero_queues(cells)
        for placed in self.rows:
            figures = cells[placed.row.place]
            counts = self._counts(figures, _proven_zeros(figures), self.blank_is_zero(placed))
            self.by_place[placed.row.place] = counts
            for column, count in counts.items():
                if count is None:
                    self.unknown.setdefault(column, {}).setdefault(_queue_medium(placed), placed)
        if any(_is_silent(counts) for counts in self.by_place.values()):
            self._lose_unknown_columns()

    def blank_is_zero(self, placed: PlacedRow) -> bool:
        """Return whether the blank cells of the row's queue and medium are zeros."""
        return _queue_medium(placed) in self.zero_queues

    def count(self, placed: PlacedRow, column: str) -> int | None:
        """Return a count, or None if it is not known. Then no sum with it is known."""
        return self.by_place[placed.row.place].get(column)

    def is_known(self, placed: PlacedRow, *columns: str) -> bool:
        """Return whether the columns are known in all rows of the row's queue and medium."""
        return not any(_queue_medium(placed) in self.unknown.get(column, {}) for column in columns)

    def gaps(self) -> Iterator[Gap]:
        """Yield a gap for each column that is not known because of a cell, and for a service level without it."""
        for column, queues in self.unknown.items():
            metric = _METRICS.get(column)
            yield unknown_queue_gap(
                self.figures, column, list(queues.values()), metric, "partial" if metric else "unavailable"
            )
        yield from self._service_level_gaps()

    def _service_level_gaps(self) -> Iterator[Gap]:
        """Yield a gap if the service level has to be calculated, and only the abandoned contacts are missing for it."""
        table = self.figures.table
        is_calculated = table.has_column("answeredInServiceLevel") and not table.has_column("serviceLevel")
        has_own_gap = not self.unknown.keys().isdisjoint(("answered", "answeredInServiceLevel"))
        if is_calculated and "abandoned" in self.unknown and not has_own_gap:
            yield gap("partial", GapText.ABANDONED_UNKNOWN, Metric.SERVICE_LEVEL.value, file=table.label)

    def _lose_unknown_columns(self) -> None:
        """Make the unknown columns unknown in all rows, because one row does not show that it may have contacts."""
        for column, queues in self.unknown.items():
            for placed in self.rows:
                queues.setdefault(_queue_medium(placed), placed)
                self.by_place[placed.row.place][column] = None

    def _zero_queues(self, cells: _Cells) -> frozenset[_QueueMedium]:
        """Return all queues if the definition states it, else those whose blank cells the file proves to be zeros.

        The file writes nothing but blanks for zero if no column with blank cells has a zero, and if a row with contacts
        has a blank cell in a queue whose day adds up. A queue whose day does not add up is left out.
        """
        by_queue: defaultdict[_QueueMedium, list[PlacedRow]] = defaultdict(list)
        for placed in self.rows:
            by_queue[_queue_medium(placed)].append(placed)
        if self.figures.statements.blank:
            return frozenset(by_queue if self.figures.statements.blank == "zero" else ())
        if _writes_zeros(cells):
            return frozenset()
        movements = {key: [_movement(row, cells[row.row.place]) for row in rows] for key, rows in by_queue.items()}
        balanced = {key: rows for key, rows in movements.items() if self._adds_up(rows)}
        has_evidence = any(row.is_evidence for rows in balanced.values() for row in rows if row)
        return frozenset(balanced if has_evidence else ())

    def _adds_up(self, movements: Sequence[Movement | None]) -> bool:
        known_movements = [row for row in movements if row is not None]
        return len(known_movements) == len(movements) and not blanks_hide_contacts(known_movements, self.window)

    def _counts(self, figures: Mapping[str, Figure], proven: set[str], blank_is_zero: bool) -> _Counts:
        return {column: self._count(figure, column in proven, blank_is_zero) for column, figure in figures.items()}

    def _count(self, figure: Figure, is_proven: bool, blank_is_zero: bool) -> int | None:
        if figure.value is not None:
            return round(figure.value)
        stated_unknown = self.figures.statements.blank == "unknown" and figure.outcome is Outcome.BLANK
        is_zero = is_proven or (blank_is_zero and figure.outcome is Outcome.BLANK)
        return 0 if is_zero and not stated_unknown else None


def unknown_queue_gap(
    figures: Figures,
    column: str,
    rows: Sequence[PlacedRow],
    metric: Metric | None,
    kind: Literal["partial", "unavailable"] = "unavailable",
) -> Gap:
    """Return the gap for a column that is not known in some queues. ``rows`` are those with the cells, one for each."""
    row = rows[0].row
    queues = list(dict.fromkeys(f"'{shorten(placed.row.text('queueName'))}'" for placed in rows))
    named_queues = ", ".join((*queues[:_NAMED_QUEUES], *(["…"] if queues[_NAMED_QUEUES:] else [])))
    values = {"file": figures.table.label, "place": row.place, "column": column, "queues": named_queues}
    name = metric.value if metric else None
    if is_blank(row.raw(column)):
        return gap(kind, GapText.QUEUE_COUNT_BLANK, name, **values)
    return gap(kind, GapText.QUEUE_COUNT_NO_FIGURE, name, **values, cell=shorten(row.raw(column)))


def _is_silent(counts: _Counts) -> bool:
    """Return whether a row lacks a count and shows no contacts: sums would pass over it as a row without any."""
    inbound = [counts.get(column) for column in ("offered", "answered", "abandoned")]
    return None in counts.values() and not any(inbound)


def _queue_medium(placed: PlacedRow) -> _QueueMedium:
    return placed.queue_id, placed.medium


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
    """Return whether no figure of a row is there: nothing happened, or the row is a title.

    A count or an agent's time that could not be calculated is lost, which is not nothing.
    """
    if any(column in _ADDED_UP and is_error_value(row.raw(column)) for column in columns):
        return False
    return all(figures.figure(row, column).outcome in (Outcome.BLANK, Outcome.NO_FIGURE) for column in columns)


def _writes_zeros(cells: _Cells) -> bool:
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
    is_answered_zero = offered is not None and (offered == abandoned or (offered == 0 and not abandoned))
    rules = {
        "abandoned": offered is not None and (offered == answered or (offered == 0 and not answered)),
        "answered": is_answered_zero,
        "offered": answered == 0 and abandoned == 0,
        "answeredInServiceLevel": answered == 0 or (answered is None and is_answered_zero),
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
