"""What the cells beside a blank count of an export say against zero. Pure.

The platform leaves a cell empty for what did not happen, so a blank count is 0. It cannot be 0 if an average or a
percentage of these contacts is beside it: then the column is not known. If the contacts of a queue do not add up over
the day, a blank cell may hide some, and the briefing says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from worker.domain.gap_texts import GapText
from worker.domain.rows import Gap, gap
from worker.genesys.balance import Movement, blanks_hide_contacts
from worker.genesys.source import Order
from worker.genesys.tables.averages import may_wait_for_days
from worker.genesys.tables.figures import Figures
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.numbers import is_blank
from worker.genesys.tables.placed_row import PlacedRow
from worker.genesys.tables.table import Row

_COUNT_OF: Mapping[str, str] = {
    "averageAnswerMs": "answered",
    "serviceLevel": "answered",
    "averageHandleMs": "handled",
}
"""Figures above 0, with the count that cannot be 0 then."""

_ENDED = ("answered", "abandoned", "flowedOut")
_MOVED = ("offered", "answered", "abandoned")


def disproved_blanks(figures: Figures) -> Iterator[tuple[str, str]]:
    """Yield columns with a blank count that cannot be 0, with the place of the first."""
    for figure, count in _COUNT_OF.items():
        if figures.table.has_column(figure) and figures.table.has_column(count):
            rows = (row for row in figures.rows if is_blank(row.raw(count)) and figures.value(row, figure))
            if row := next(rows, None):
                yield count, row.place


def doubtful_blank_gaps(figures: Figures, placed_rows: Sequence[PlacedRow], order: Order) -> Iterator[Gap]:
    """Yield a gap for each queue and medium whose contacts do not add up where a blank cell could hide some.

    Emails and messages wait for days, so theirs add up on no day.
    """
    if not figures.without_figure.keys().isdisjoint(_MOVED):
        return
    by_queue: defaultdict[tuple[str, str], list[PlacedRow]] = defaultdict(list)
    for placed in placed_rows:
        if not may_wait_for_days(placed.medium, order.media):
            by_queue[placed.queue_id, placed.medium].append(placed)
    for rows in by_queue.values():
        if blanks_hide_contacts([_movement(figures, placed) for placed in rows], order.window):
            row, column = _first_blank(rows)
            yield gap(
                "doubtful",
                GapText.BLANKS_IN_DOUBT,
                file=figures.table.label,
                place=row.place,
                column=column,
                queue=shorten(row.text("queueName") or rows[0].queue_id),
            )


def _movement(figures: Figures, placed: PlacedRow) -> Movement:
    row = placed.row
    return Movement(
        placed.start,
        figures.value(row, "offered") or 0.0,
        sum(figures.value(row, column) or 0.0 for column in _ENDED),
        has_blank_offer=is_blank(row.raw("offered")),
        has_blank_end=is_blank(row.raw("answered")) or is_blank(row.raw("abandoned")),
    )


def _first_blank(rows: Sequence[PlacedRow]) -> tuple[Row, str]:
    return next((placed.row, column) for placed in rows for column in _MOVED if is_blank(placed.row.raw(column)))
