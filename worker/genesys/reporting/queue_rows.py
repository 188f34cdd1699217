"""Rows by queue from the file of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from worker.domain.metrics import Metric
from worker.domain.rows import Gap, Queue, QueueInterval
from worker.genesys.reporting import plausibility
from worker.genesys.reporting.blanks import COUNTS, BlankCounts, says_nothing, unknown_queue_gap
from worker.genesys.source import Order
from worker.genesys.tables import averages
from worker.genesys.tables.columns import Statements
from worker.genesys.tables.figure_gaps import ambiguous_gaps, impossible_gaps, refuse_ambiguity_alone
from worker.genesys.tables.figures import Figures, Outcome
from worker.genesys.tables.file_gaps import file_gaps
from worker.genesys.tables.names import NameIndex
from worker.genesys.tables.placed_row import PlacedRow
from worker.genesys.tables.placing import place_rows
from worker.genesys.tables.scale import NOT_COUNTED, CountedShare
from worker.genesys.tables.table import Row, Table

_AVERAGES = {"averageHandleSeconds": "handled", "averageAnswerSeconds": "answered"}
"""Averages, with the count that weighs them."""

_RATES = {
    "serviceLevel": Metric.SERVICE_LEVEL,
    "abandonmentRate": Metric.ABANDONMENT,
    "occupancy": Metric.OCCUPANCY,
}
_FIGURES = (*COUNTS, *_AVERAGES, *_RATES)


@dataclass(frozen=True, slots=True)
class QueueRows:
    """What a file says of the order's queues, and the names that it has beside them."""

    intervals: tuple[QueueInterval, ...]
    gaps: tuple[Gap, ...]
    unknown_names: frozenset[str]


def queue_rows(table: Table, order: Order, queues: Iterable[Queue], statements: Statements) -> QueueRows:
    """Return the rows of the order's queues and media."""
    names = NameIndex({queue.name: queue.id for queue in queues})
    placement = place_rows(table, order, lambda row: names.find(row.raw("queueName")))
    figures = Figures(table, [placed.row for placed in placement.rows], statements, counts_beside)
    refuse_ambiguity_alone(figures)
    placed_rows = [placed for placed in placement.rows if not says_nothing(figures, placed.row, _FIGURES)]
    reader = _QueueReader(figures, placed_rows, order)
    intervals = tuple(reader.interval(placed) for placed in placed_rows)
    gaps = (
        *file_gaps(figures, [placed.row for placed in placed_rows], placement.summed_columns),
        *placement.gaps,
        *reader.gaps(),
        *_figure_gaps(figures, list(zip(placed_rows, intervals, strict=True)), order),
    )
    return QueueRows(intervals, gaps, placement.unknown_names)


def _figure_gaps(figures: Figures, rows: Sequence[tuple[PlacedRow, QueueInterval]], order: Order) -> Iterator[Gap]:
    yield from plausibility.more_answered_gaps(figures.table.label, rows, order.window, order.media)
    yield from plausibility.rate_without_figure_gaps(figures, rows, _RATES)
    yield from ambiguous_gaps(figures, _RATES)
    yield from impossible_gaps(figures, _RATES)


def counts_beside(column: str, figures: Figures, row: Row) -> CountedShare:
    """Return what the counts of a row say of one of its percentages."""
    offered, answered, abandoned = (figures.value(row, count) for count in ("offered", "answered", "abandoned"))
    if column == "abandonmentRate":
        return _counted_share(abandoned, offered, ("abandoned", "offered"), offered)
    if column == "serviceLevel":
        ended = None if answered is None else answered + (abandoned or 0)
        contacts = None if ended is None else max(ended, offered or 0)
        in_time = figures.value(row, "answeredInServiceLevel")
        return _counted_share(in_time, ended, ("answered in time", "answered and abandoned"), contacts)
    return NOT_COUNTED


def _counted_share(
    part: float | None, whole: float | None, names: tuple[str, str], contacts: float | None
) -> CountedShare:
    if part is None or not whole:
        return CountedShare(contacts=contacts)
    return CountedShare(part / whole, f"{part:.0f} {names[0]} of {whole:.0f} {names[1]} in the same row", contacts)


class _QueueReader:
    """Reads the rows of one file, and remembers the averages that are not known."""

    def __init__(self, figures: Figures, placed_rows: Sequence[PlacedRow], order: Order) -> None:
        self._figures = figures
        self._rows = placed_rows
        self._counts = BlankCounts(figures, placed_rows, order.window)
        self._impossible_averages = {
            column: placed.row
            for column in _AVERAGES
            for placed in reversed(placed_rows)
            if (figures.value(placed.row, column) or 0.0) > averages.longest_average_seconds(placed.medium, order)
        }
        self._undecided_units = dict(self._find_undecided_units())
        self._unknown_averages = {
            column: unknown_rows
            for column, weight in _AVERAGES.items()
            if (unknown_rows := self._rows_without_average(column, weight))
        }

    def interval(self, placed: PlacedRow) -> QueueInterval:
        """Return one row."""
        row = placed.row
        offered, answered, abandoned, in_time, handled = (self._counts.count(placed, column) for column in _COUNT_ORDER)
        if in_time is not None and answered is not None and in_time > answered:
            problem = f"{in_time} contacts were answered in time, and only {answered} were answered"
            raise self._figures.table.refuse(row, problem, "Check the report at its source.")
        is_counted = None not in (in_time, answered, abandoned) and self._counts.is_known(placed, *_LEVEL_COUNTS)
        known_metrics = {Metric.SERVICE_LEVEL: is_counted, Metric.ABANDONMENT: None not in (offered, abandoned)}
        return QueueInterval(
            queue_id=placed.queue_id,
            media_type=placed.medium,
            start=placed.start,
            offered=offered,
            answered=answered,
            answered_late=answered - in_time if answered is not None and in_time is not None else None,
            abandoned=abandoned,
            service_level_numerator=in_time if is_counted else None,
            service_level_denominator=(answered or 0) + (abandoned or 0) if is_counted else None,
            handled=handled,
            handle_ms=self._total_ms(placed, "averageHandleSeconds", handled),
            answer_ms=self._total_ms(placed, "averageAnswerSeconds", answered),
            stated={
                metric.value: value
                for column, metric in _RATES.items()
                if not known_metrics.get(metric) and (value := self._figures.value(row, column)) is not None
            },
        )

    def gaps(self) -> Iterator[Gap]:
        """Yield gaps for counts and averages that are not known."""
        yield from self._counts.gaps()
        for column, rows in self._unknown_averages.items():
            yield unknown_queue_gap(self._figures, column, list(rows.values()), None)
        for column, row in self._impossible_averages.items():
            yield averages.impossible_average_gap(self._figures, row, column)
        for column, row in self._undecided_units.items():
            yield averages.undecided_unit_gap(self._figures, row, column)

    def _total_ms(self, placed: PlacedRow, column: str, contacts: int | None) -> int | None:
        if contacts == 0:
            return 0
        is_unknown = column in self._impossible_averages or column in self._undecided_units
        is_unknown = is_unknown or placed.queue_id in self._unknown_averages.get(column, {})
        if contacts is None or is_unknown or not self._figures.table.has_column(column):
            return None
        average = self._figures.value(placed.row, column) or 0.0
        return round(average * contacts * 1000)

    def _find_undecided_units(self) -> Iterator[tuple[str, Row]]:
        """Yield columns that may be in another unit than seconds, with the row of the largest average.

        A file has one unit, so one such column makes all undecided. A usual handle time says that it is seconds.
        """
        largest_rows = {
            column: max((placed.row for placed in self._rows), key=lambda row: self._amount(row, column))
            for column in _AVERAGES
            if self._rows
        }
        for column, row in largest_rows.items():
            if averages.is_too_short(column, self._amount(row, column)):
                yield column, row
        sums = {
            column: average
            for column, weight in _AVERAGES.items()
            if (average := self._average_of_day(column, weight)) and not self._figures.states_unit(column)
        }
        is_long = {column: averages.is_unit_undecided(column, average) for column, average in sums.items()}
        if any(is_long.values()) and is_long.get("averageHandleSeconds", True):
            for column in sums.keys() - self._impossible_averages.keys():
                yield column, largest_rows[column]

    def _average_of_day(self, column: str, weight: str) -> float | None:
        """Return the average of all contacts, or of all rows if their contacts are not known."""
        values = [
            (self._amount(placed.row, column), self._counts.count(placed, weight))
            for placed in self._rows
            if self._amount(placed.row, column)
        ]
        contacts = sum(count or 1 for _, count in values)
        return sum(value * (count or 1) for value, count in values) / contacts if values else None

    def _amount(self, row: Row, column: str) -> float:
        return self._figures.value(row, column) or 0.0

    def _rows_without_average(self, column: str, weight: str) -> dict[str, PlacedRow]:
        """Return the first row of each queue with an average that is not known."""
        if not self._figures.table.has_column(column):
            return {}
        unknown_rows = [placed for placed in self._rows if self._is_unknown_average(placed, column, weight)]
        return {placed.queue_id: placed for placed in reversed(unknown_rows)}

    def _is_unknown_average(self, placed: PlacedRow, column: str, weight: str) -> bool:
        """A blank time to answer is 0 if blank means zero in this file: contacts can be answered at once.

        No contact is handled in no time, so a blank handle time is 0 only if the definition states it.
        """
        figure = self._figures.figure(placed.row, column)
        if figure.value is not None or not self._counts.count(placed, weight):
            return False
        is_stated = self._figures.statements.blank == "zero"
        is_zero = is_stated or (column != "averageHandleSeconds" and self._counts.blank_is_zero(placed))
        return figure.outcome is Outcome.NO_FIGURE or not is_zero


_LEVEL_COUNTS = ("answered", "answeredInServiceLevel", "abandoned")
_COUNT_ORDER = ("offered", "answered", "abandoned", "answeredInServiceLevel", "handled")
