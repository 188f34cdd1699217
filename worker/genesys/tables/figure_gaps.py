"""What columns of figures lack, as gaps that the reader of a briefing sees, or as a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worker.domain.metrics import Metric
from worker.domain.rows import Gap
from worker.genesys.tables.figures import STATE_SCALE, Figures


def refuse_ambiguity_alone(figures: Figures) -> None:
    """Refuse a file that has no figures but ambiguous ones: it tells nothing of the day."""
    columns = [column.id for column in figures.table.columns.values() if column.is_figure]
    has_value = any(figures.value(row, column) is not None for column in columns for row in figures.rows)
    if figures.ambiguous and not has_value:
        column_id = next(iter(figures.ambiguous))
        raise figures.table.refuse(None, ambiguity(figures, column_id), STATE_SCALE)


def ambiguity(figures: Figures, column_id: str) -> str:
    """Return a clause that says why a column's scale is not decided."""
    return (
        f"{figures.ambiguous[column_id]} in the column {column_id} could be a fraction or a percentage, "
        "and nothing in the file decides it"
    )


def ambiguous_gaps(figures: Figures, metrics: Mapping[str, Metric], way_out: str = STATE_SCALE) -> Iterator[Gap]:
    """Yield a gap for each column of percentages whose scale nothing decides."""
    for column in figures.ambiguous:
        metric = metrics.get(column)
        yield Gap(
            "unavailable",
            f"{figures.table.label}: {ambiguity(figures, column)}. So its figures are not known. {way_out}",
            metric.value if metric else None,
        )


def impossible_gaps(figures: Figures, metrics: Mapping[str, Metric]) -> Iterator[Gap]:
    """Yield a gap for each column with a percentage that cannot be true."""
    for column, places in figures.impossible.items():
        metric = metrics.get(column)
        largest = figures.table.columns[column].largest_fraction * 100
        cell = f"{figures.table.label}, {places[0]} in the column {column}"
        yield Gap(
            "unavailable",
            f"{cell} is more than {largest:.0f} %, so it is not known.",
            metric.value if metric else None,
        )


def no_figure_gaps(figures: Figures, metrics: Mapping[str, Metric]) -> Iterator[Gap]:
    """Yield a gap for each column with a cell that says that it has no figure."""
    for column, place in figures.without_figure.items():
        metric = metrics.get(column)
        is_count = figures.table.columns[column].kind == "count"
        yield Gap(
            "partial" if metric and is_count else "unavailable",
            f"{figures.table.label}, {place}: the column {column} has no figure, so its figures are not known.",
            metric.value if metric else None,
        )
