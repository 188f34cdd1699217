"""What columns of figures lack, as gaps that the reader of a briefing sees, or as a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worker.domain.gap_texts import GapPart, GapText
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, gap
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


def ambiguous_gaps(
    figures: Figures, metrics: Mapping[str, Metric], advice: GapPart = GapPart.STATE_SCALE
) -> Iterator[Gap]:
    """Yield a gap for each column of percentages whose scale nothing decides."""
    for column in figures.ambiguous:
        metric = metrics.get(column)
        yield gap(
            "unavailable",
            GapText.SCALE_UNDECIDED,
            metric.value if metric else None,
            file=figures.table.label,
            place=figures.ambiguous[column],
            column=column,
            advice=advice.value,
        )


def impossible_gaps(figures: Figures, metrics: Mapping[str, Metric]) -> Iterator[Gap]:
    """Yield a gap for each column with a percentage that cannot be true."""
    for column, places in figures.impossible.items():
        metric = metrics.get(column)
        largest = figures.table.columns[column].largest_fraction * 100
        yield gap(
            "unavailable",
            GapText.RATE_IMPOSSIBLE,
            metric.value if metric else None,
            file=figures.table.label,
            place=places[0],
            column=column,
            limit=f"{largest:.0f}",
        )


def no_figure_gaps(figures: Figures, metrics: Mapping[str, Metric]) -> Iterator[Gap]:
    """Yield a gap for each column with a cell that says that it has no figure."""
    for column, place in figures.without_figure.items():
        metric = metrics.get(column)
        is_count = figures.table.columns[column].kind == "count"
        yield gap(
            "partial" if metric and is_count else "unavailable",
            GapText.COLUMN_NO_FIGURE,
            metric.value if metric else None,
            file=figures.table.label,
            place=place,
            column=column,
        )
