"""From the file of an order's export to rows by queue and half-hour.

What did not happen is an empty cell, so in a row that has any value an empty count is 0, and an empty time to answer is
0 too: contacts can be answered at once. No contact is handled in no time, so an empty handle time of contacts is not
known. `blanks` has what other cells say against an empty one. A column that the file does not have stays unknown, and
so does one with a cell such as ``NaN``, in all rows. Averages become sums if the count behind them is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from worker.domain.gap_texts import GapPart, GapText
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, QueueInterval, gap
from worker.genesys.exports.agents import QUERIES_INSTEAD, refuse_respelled_ids
from worker.genesys.exports.blanks import disproved_blanks, doubtful_blank_gaps
from worker.genesys.exports.levels import LevelCounts, RowSums, level_counts
from worker.genesys.source import Order
from worker.genesys.tables.averages import impossible_average_gap, longest_average_seconds, short_average_gap
from worker.genesys.tables.columns import Scale, Statements
from worker.genesys.tables.figure_gaps import ambiguous_gaps, impossible_gaps, no_figure_gaps
from worker.genesys.tables.figures import Figures
from worker.genesys.tables.file_gaps import file_gaps
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.numbers import has_percent_sign, is_blank, rounding
from worker.genesys.tables.placed_row import PlacedRow
from worker.genesys.tables.placing import place_rows
from worker.genesys.tables.table import Row, Table

_JOINED = ";"
"""Between the ids in a row that adds several queues up."""

_METRICS: Mapping[str, Metric] = {
    "serviceLevel": Metric.SERVICE_LEVEL,
    "answered": Metric.SERVICE_LEVEL,
    "abandoned": Metric.ABANDONMENT,
    "offered": Metric.ABANDONMENT,
}
_LEVEL_COLUMNS = frozenset({"serviceLevel", "answered", "abandoned", "shortAbandoned", "flowedOut", "late", "inTime"})

_COUNTS = ("offered", "answered", "abandoned", "shortAbandoned", "flowedOut", "handled")


class QueueRows(NamedTuple):
    """Half-hours of queues, and what the file lacks."""

    intervals: list[QueueInterval]
    gaps: tuple[Gap, ...]


def queue_intervals(table: Table, order: Order, queue_ids: Collection[str]) -> QueueRows:
    """Return half-hours of the queues. Rows that add up queues or media are left out, because they would count twice.

    `MalformedAnswer` if the file has only such rows.
    """

    def queue_id_of(row: Row) -> str | None:
        queue_id = row.text("queueId")
        return queue_id if queue_id in queue_ids else None

    placement = place_rows(table, order, queue_id_of, needs_start=True)
    counts = Figures(table, [placed.row for placed in placement.rows], only_counts=True)
    placed_rows = [placed for placed in placement.rows if _has_count(counts, placed.row)]
    if not placed_rows:
        _refuse_sums_alone(table)
    if not placement.rows:
        refuse_respelled_ids(table, "queueId", queue_ids)
    levels = _levels(table, placed_rows)
    pairs = zip(placed_rows, levels.counts, strict=True)
    figures = levels.figures
    too_long = _too_long_averages(figures, placed_rows, order)
    too_short = _too_short_averages(figures, placed_rows)
    gaps = (
        *file_gaps(figures, [placed.row for placed in placed_rows], placement.summed_columns),
        *placement.gaps,
        *impossible_gaps(figures, _METRICS),
        *no_figure_gaps(figures, _METRICS),
        *doubtful_blank_gaps(figures, placed_rows, order),
        *ambiguous_gaps(figures, _METRICS, GapPart.EXACT_COUNTS),
        *(impossible_average_gap(figures, row, column) for column, row in too_long.items()),
        *(short_average_gap(figures, row, column) for column, row in too_short.items()),
    )
    figures.without_figure.update({column: row.place for column, row in (too_long | too_short).items()})
    return QueueRows([_interval(levels, placed, counts) for placed, counts in pairs], gaps)


def _has_count(figures: Figures, row: Row) -> bool:
    return any(figures.value(row, column) is not None for column in _COUNTS)


def _refuse_sums_alone(table: Table) -> None:
    for row in table.rows():
        if _JOINED in row.text("queueId"):
            raise table.refuse(row, "the file adds the queues up instead of having rows for each", QUERIES_INSTEAD)


def _too_long_averages(figures: Figures, placed_rows: Sequence[PlacedRow], order: Order) -> dict[str, Row]:
    """Return the columns of average times with one that is longer than contacts can take, and its row."""
    return {
        column: placed.row
        for column in ("averageAnswerMs", "averageHandleMs")
        for placed in placed_rows
        if (figures.value(placed.row, column) or 0.0) > longest_average_seconds(placed.medium, order) * 1000
    }


def _too_short_averages(figures: Figures, placed_rows: Sequence[PlacedRow]) -> dict[str, Row]:
    """Return the columns of average times, with a row, if the average contact was handled in less than a second."""
    columns = ("averageHandleMs", "averageAnswerMs")
    handled = [
        (placed.row, average, _count(figures, placed.row, "handled") or 1)
        for placed in placed_rows
        if (average := figures.value(placed.row, "averageHandleMs"))
    ]
    contacts = sum(count for *_, count in handled)
    if not handled or sum(average * count for _, average, count in handled) >= 1000 * contacts:
        return {}
    return {column: handled[0][0] for column in columns if figures.table.has_column(column)}


class _Levels(NamedTuple):
    figures: Figures
    counts: Sequence[LevelCounts | None]
    is_derived: bool


def _interval(levels: _Levels, placed: PlacedRow, counts: LevelCounts | None) -> QueueInterval:
    figures, row = levels.figures, placed.row
    answered, handled = _count(figures, row, "answered"), _count(figures, row, "handled")
    fraction = None if "serviceLevel" in figures.without_figure else figures.value(row, "serviceLevel")
    return QueueInterval(
        queue_id=placed.queue_id,
        media_type=placed.medium,
        start=placed.start,
        offered=_count(figures, row, "offered"),
        answered=answered,
        answered_late=_late(figures, row, counts, answered),
        abandoned=_count(figures, row, "abandoned"),
        short_abandoned=_count(figures, row, "shortAbandoned"),
        flowed_out=_count(figures, row, "flowedOut"),
        service_level_numerator=counts[0] if counts else None,
        service_level_denominator=counts[1] if counts else None,
        handled=handled,
        handle_ms=_total_ms(figures, row, "averageHandleMs", handled),
        answer_ms=_total_ms(figures, row, "averageAnswerMs", answered),
        stated={} if levels.is_derived or fraction is None else {Metric.SERVICE_LEVEL.value: fraction},
    )


def _late(figures: Figures, row: Row, counts: LevelCounts | None, answered: int | None) -> int | None:
    """Return None if contacts ended but no service level is known: then late contacts are not known either."""
    if counts is not None and answered is not None:
        return answered - counts[0]
    return None if answered or _count(figures, row, "abandoned") else 0


def _count(figures: Figures, row: Row, column: str) -> int | None:
    """An empty cell is 0. A column that the file does not have, or with a cell without a figure, is unknown."""
    if not figures.table.has_column(column) or column in figures.without_figure:
        return None
    return round(figures.value(row, column) or 0)


def _levels(table: Table, placed_rows: Sequence[PlacedRow]) -> _Levels:
    """Return numerators and denominators by row, if percentages and counts tell them."""
    rows = [placed.row for placed in placed_rows]
    figures = level_figures(table, rows)
    figures.without_figure.update(disproved_blanks(figures))
    figures.without_figure.update(_columns_without_figure(figures))
    has_level = table.has_column("serviceLevel") and any(figures.value(row, "serviceLevel") is not None for row in rows)
    is_known = has_level and not _LEVEL_COLUMNS & figures.without_figure.keys()
    counts = _counts_at(figures, placed_rows) if is_known else None
    if counts is None and is_known:
        figures.ambiguous.update(_ambiguous_levels(figures))
    return _Levels(figures, counts or [None] * len(rows), is_derived=counts is not None)


def _ambiguous_levels(figures: Figures) -> Iterator[tuple[str, str]]:
    """Yield the column of service levels if they are at most 1, and would be whole contacts as percentages too."""
    levels = [(row, figures.value(row, "serviceLevel") or 0.0, row.raw("serviceLevel")) for row in figures.rows]
    largest = max(levels, key=lambda level: level[1])
    is_stated = figures.scales.get("serviceLevel") == "percent" or any(has_percent_sign(text) for *_, text in levels)
    if is_stated or not largest[1]:
        return
    for row, value, text in levels:
        contacts = sum(_count(figures, row, count) or 0 for count in ("answered", "abandoned", "flowedOut"))
        if value and (value + rounding(text)) / 100 * contacts < 1:
            return
    yield "serviceLevel", f"{shorten(largest[2])!r} ({largest[0].place})"


def _columns_without_figure(figures: Figures) -> Iterator[tuple[str, str]]:
    """Yield columns with a cell without a figure. A level or an average without contacts is no lost figure."""
    weights = {"serviceLevel": ("answered", "abandoned"), "averageAnswerMs": ("answered",)}
    for column in figures.table.columns.values():
        if column.is_figure and figures.table.has_column(column.id):
            names = weights.get(column.id, ("handled",) if column.id == "averageHandleMs" else ())
            rows = [row for row in figures.rows if not names or any(figures.value(row, name) for name in names)]
            place = figures.place_without_figure(column.id, rows) or _place_without_handle_time(column.id, rows)
            if place:
                yield column.id, place


def _place_without_handle_time(column: str, rows: Sequence[Row]) -> str:
    """Return the place of the first of the rows, all with contacts, whose handle time is empty."""
    is_handle_time = column == "averageHandleMs"
    return next((row.place for row in rows if is_handle_time and is_blank(row.raw(column))), "")


def level_figures(table: Table, rows: Sequence[Row]) -> Figures:
    """Return the figures of the rows, with the scale of service levels.

    Percentages of at most 1 are fractions, as public integrations show. One above 1 makes all of them 0–100.
    """
    figures = _figures_at(table, rows, "fraction")
    if figures.impossible:
        figures = _figures_at(table, rows, "percent")
        Figures(table, rows, scale_advice=GapPart.EXACT_COUNTS)  # refuses a column that mixes both scales
    return figures


def _figures_at(table: Table, rows: Sequence[Row], scale: Scale) -> Figures:
    figures = Figures(table, rows, Statements(scale=scale), check_scales=False)
    for row in rows:
        figures.value(row, "serviceLevel")
    return figures


def _counts_at(figures: Figures, placed_rows: Sequence[PlacedRow]) -> list[LevelCounts | None] | None:
    with_level = {
        (placed.queue_id, placed.medium)
        for placed in placed_rows
        if figures.value(placed.row, "serviceLevel") is not None
    }
    sums = [_row_sums(figures, placed.row, (placed.queue_id, placed.medium) in with_level) for placed in placed_rows]
    return level_counts(sums, figures.step("serviceLevel"))


def _row_sums(figures: Figures, row: Row, has_level: bool) -> RowSums:
    answered, late = _count(figures, row, "answered") or 0, _count(figures, row, "late")
    return RowSums(
        answered,
        _count(figures, row, "abandoned") or 0,
        _count(figures, row, "shortAbandoned") or 0,
        _count(figures, row, "flowedOut") or 0,
        figures.value(row, "serviceLevel"),
        answered - late if late is not None else _count(figures, row, "inTime"),
        has_level,
    )


def _total_ms(figures: Figures, row: Row, column: str, contacts: int | None) -> int | None:
    if contacts == 0:
        return 0
    if contacts is None or not figures.table.has_column(column) or column in figures.without_figure:
        return None
    return round((figures.value(row, column) or 0.0) * contacts)


def unfinished(table: Table, title: str) -> Iterator[Gap]:
    """Yield a gap if the source says that figures of some rows may still change."""
    if any(row.text("intervalComplete").casefold() == "false" for row in table.rows()):
        yield gap("late_data", GapText.ROWS_UNFINISHED, export=title)
