"""Finds an order's rows in a table: their queue, medium and half-hour, without rows that add up others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from worker.domain.calendar.business_day import elapsed
from worker.domain.gap_texts import GapText
from worker.domain.rows import Gap, Window, gap
from worker.genesys.source import Order
from worker.genesys.tables import instants, numbers
from worker.genesys.tables.figures import Figures
from worker.genesys.tables.file_gaps import open_cell_gap
from worker.genesys.tables.limits import EXPORT_AGAIN, shorten
from worker.genesys.tables.media import MediaRows, medium_of
from worker.genesys.tables.placed_row import Place, PlacedRow
from worker.genesys.tables.table import Row, Table
from worker.genesys.tables.totals import Amounts, agreeing_columns, has_total_word, is_sum

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_LENGTH = timedelta(hours=24)
_GIVE_HALF_HOURS = "Leave rows of sums out of the report, or give each row its half-hour."
_MOST_ROWS = 500_000
_MOST_NAMES = 10_000
_NAMES = ("queueName", "queueId")

ADDITIVE = ("offered", "answered", "abandoned", "handled", "answeredInServiceLevel", "shortAbandoned", "flowedOut")
"""Columns by whose sums a row of totals is recognised."""


@dataclass(frozen=True, slots=True)
class Placement:
    """The order's rows, what the file has beside them, and the names of queues that the order does not know.

    ``summed_columns`` are those of rows of sums, which prove the cells that they add up.
    """

    rows: tuple[PlacedRow, ...]
    gaps: tuple[Gap, ...]
    unknown_names: frozenset[str]
    summed_columns: frozenset[str] = frozenset()


def place_rows(
    table: Table, order: Order, queue_id_of: Callable[[Row], str | None], *, needs_start: bool = False
) -> Placement:
    """Return the rows of the order's queues and media.

    `MalformedAnswer` if a half-hour is outside the window or occurs twice, and for rows that neither add up others nor
    have a medium of their own: sums would be wrong.
    """
    placed, names, unnamed = _own_rows(table, order, queue_id_of, needs_start=needs_start)
    amounts = _amounts(table, placed)
    gaps = list(_half_hours_of_two_readings(table, placed, order.window))
    # in UTC: a local time that the clock shows twice is never equal to one of another zone (PEP 495)
    half_hour_rows = _without_day_totals(table, placed, amounts, order.window.start.astimezone(UTC))
    summed_queues = {place[0] for place in placed.keys() - half_hour_rows.keys()}
    open_queues = {place[0] for place, placed_row in placed.items() if placed_row.row.open_column}
    if needs_start:
        half_hour_rows = _with_start(table, half_hour_rows, amounts)
    rows: list[PlacedRow] = []
    for queue_rows in _by_queue(half_hour_rows).values():
        media = MediaRows(table, order, queue_rows, amounts)
        rows += media.rows()
        gaps += media.gaps()
    summed_columns = frozenset(ADDITIVE) if open_queues & summed_queues else frozenset()
    return Placement(tuple(rows), (*gaps, *unnamed.gaps(table)), frozenset(names), summed_columns)


def has_no_half_hour(row: Row) -> bool:
    """Return whether a row has no half-hour, or a word for sums such as ``Total`` in its place."""
    return has_total_word(row.text("intervalStart"))


def start_of(table: Table, row: Row, window: Window) -> datetime | None:
    """Return when the row's half-hour begins, None if the file does not say. Refuses one outside the window."""
    if has_no_half_hour(row):
        return None
    start = table.instant(row, "intervalStart") if table.has_column("intervalStart") else None
    if not isinstance(start, datetime):
        return None
    if not window.start <= start < window.end:
        raise table.refuse(
            row,
            f"{shorten(row.raw('intervalStart'))!r} is not in the window {window.start.isoformat()} to "
            f"{window.end.isoformat()}, so these figures are of another day or in another zone",
            "Check the dates and the time zone of the report.",
        )
    return start


def _is_skipped_hour(table: Table, row: Row, start: datetime | None, window: Window) -> bool:
    """Return whether clocks jump over the half-hour of a row, which then has nothing to count. Refuses one that has."""
    text = row.raw("intervalStart")
    if start is None or elapsed(window) >= _DAY_LENGTH or not instants.is_skipped(text, table.zone):
        return False
    if any(numbers.parse(row.raw(column), "count", numbers.Manner.POINT) for column in ADDITIVE):
        raise table.refuse(
            row,
            f"clocks in {table.zone.key} jump over {shorten(text)!r}, so the times of the file are in another zone",
            "Have the report give times in the group's zone, or with their offset.",
        )
    return True


def _half_hour(row: Row, start: datetime | None) -> datetime | None:
    """Return the start, None for a date without a time: the row is about the day, and not about its first half-hour."""
    return None if _DAY.fullmatch(row.raw("intervalStart").strip()) else start


def _own_rows(
    table: Table, order: Order, queue_id_of: Callable[[Row], str | None], *, needs_start: bool
) -> tuple[dict[Place, PlacedRow], set[str], _Unnamed]:
    placed: dict[Place, PlacedRow] = {}
    repeated: list[tuple[Place, Place]] = []
    unnamed = _Unnamed()
    names: set[str] = set()
    for row in table.rows():
        queue_id = queue_id_of(row)
        unnamed.add(row)
        if queue_id is None:
            unnamed.open_row = row if row.open_column in _NAMES else None
            if len(names) < _MOST_NAMES:
                names.add(row.text("queueName"))
            continue
        start = start_of(table, row, order.window)
        if _is_skipped_hour(table, row, start, order.window):
            continue
        start = start if needs_start else _half_hour(row, start)
        medium = row.text("mediaType")
        place = (queue_id, medium_of(medium), start)
        if place in placed and start is not None:
            start = instants.second_reading(row.raw("intervalStart"), table.zone)
            repeated.append((place, (queue_id, medium_of(medium), start)))
            place = repeated[-1][1]
        if place in placed:
            raise table.refuse(
                row,
                f"the queue {shorten(row.text('queueName'))!r} occurs twice for the same time, first in "
                f"{placed[place].row.place}",
                "Have the report give one row for each queue, medium and half-hour.",
            )
        if len(placed) >= _MOST_ROWS:
            raise table.refuse(
                row,
                f"the file has more than {_MOST_ROWS} rows of the group",
                "Have the report give half-hours of one day.",
            )
        placed[place] = PlacedRow(row, queue_id, medium, start)
    _refuse_short_rows(table, queue_id_of)
    _swap_if_newest_first(placed, repeated)
    return placed, names - {""}, unnamed


def _refuse_short_rows(table: Table, queue_id_of: Callable[[Row], str | None]) -> None:
    """Refuse a last line with too few cells that is no footer, because it begins with one of the order's queues."""
    for row in table.short_rows:
        if queue_id_of(row) is not None:
            raise table.refuse(row, "fewer cells than the header has; the file may be cut off", EXPORT_AGAIN)


def _half_hours_of_two_readings(table: Table, placed: Mapping[Place, PlacedRow], window: Window) -> Iterator[Gap]:
    """Yield a gap for the first row of a half-hour that the clock shows twice, if the file has no second row for it."""
    if elapsed(window) <= _DAY_LENGTH:
        return
    for (queue_id, medium, start), placed_row in placed.items():
        text = placed_row.row.raw("intervalStart")
        second_start = instants.second_reading(text, table.zone) if start is not None else None
        if second_start != start and (queue_id, medium, second_start) not in placed:
            yield gap(
                "unavailable",
                GapText.HALF_HOUR_OF_TWO_READINGS,
                file=table.label,
                place=placed_row.row.place,
                cell=shorten(text),
            )
            return


def _swap_if_newest_first(placed: dict[Place, PlacedRow], repeated: Iterable[tuple[Place, Place]]) -> None:
    """Exchange the rows of an hour that the clock shows twice if the file has the newest half-hour first."""
    for first_place, second_place in repeated:
        starts = [place[2] for place in placed if place[:2] == first_place[:2] and place[2] is not None]
        if starts[0] > starts[-1]:
            first, second = placed[first_place], placed[second_place]
            placed[first_place], placed[second_place] = (
                replace(second, start=first.start),
                replace(first, start=second.start),
            )


@dataclass
class _Unnamed:
    """Contacts of rows without a queue's name, such as those below a merged cell, and of all others."""

    rows: int = 0
    contacts: float = 0.0
    named_contacts: float = 0.0
    open_row: Row | None = None

    def add(self, row: Row) -> None:
        """Count a row of any queue. What is no plain number is left out."""
        contacts = numbers.parse(row.raw("offered"), "count", numbers.Manner.POINT) or 0.0
        if row.text("queueName") or row.text("queueId"):
            self.named_contacts += contacts
        else:
            self.rows += 1
            self.contacts += contacts

    def gaps(self, table: Table) -> Iterator[Gap]:
        """Yield a gap, unless the rows add up all others: once, or for each medium too.

        Yield one too if the file ends in the name of a queue, which may be the beginning of another name.
        """
        if self.open_row:
            yield open_cell_gap(table, self.open_row)
        sums = {self.named_contacts * times for times in (1, 2)}
        if self.contacts and self.contacts not in sums:
            yield gap(
                "partial",
                GapText.QUEUE_NAMELESS,
                file=table.label,
                rows=self.rows,
                contacts=f"{self.contacts:.0f}",
            )


def _amounts(table: Table, placed: Mapping[Place, PlacedRow]) -> Mapping[Place, Amounts]:
    figures = Figures(table, [placed_row.row for placed_row in placed.values()], only_counts=True)
    columns = [column for column in ADDITIVE if table.has_column(column)]
    return {
        place: {column: figures.value(placed_row.row, column) or 0.0 for column in columns}
        for place, placed_row in placed.items()
    }


def _without_day_totals(
    table: Table, placed: Mapping[Place, PlacedRow], amounts: Mapping[Place, Amounts], midnight: datetime
) -> dict[Place, PlacedRow]:
    """Leave out rows that add up the half-hours of their queue and medium: without a half-hour, or from midnight."""
    half_hours: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in placed:
        if place[2] is not None:
            half_hours[place[:2]].append(place)
    remaining = dict(placed)
    for place, placed_row in placed.items():
        parts = [amounts[part] for part in half_hours.get(place[:2], []) if part != place]
        if place[2] not in (None, midnight) or not parts or not any(amounts[place].values()):
            continue
        if is_sum(amounts[place], parts) and (place[2] is None or _is_no_chance(amounts[place], parts)):
            del remaining[place]
        elif place[2] is None:
            name = shorten(placed_row.row.text("queueName"))
            raise table.refuse(placed_row.row, f"the queue {name!r} has a row without a half-hour", _GIVE_HALF_HOURS)
    return remaining


def _with_start(
    table: Table, placed: Mapping[Place, PlacedRow], amounts: Mapping[Place, Amounts]
) -> dict[Place, PlacedRow]:
    """Leave out rows without a start: empty ones, and the sums of all rows of their queue. Refuses others."""
    for place, placed_row in placed.items():
        parts = [amounts[part] for part in placed if part[0] == place[0] and part[2] is not None]
        if place[2] is None and any(amounts[place].values()) and not is_sum(amounts[place], parts):
            name = shorten(placed_row.row.text("queueName") or place[0])
            raise table.refuse(placed_row.row, f"the queue {name!r} has a row without a half-hour", _GIVE_HALF_HOURS)
    return {place: placed_row for place, placed_row in placed.items() if place[2] is not None}


def _is_no_chance(row: Amounts, parts: Sequence[Amounts]) -> bool:
    """Return whether a half-hour that adds up the others is the whole day: several counts of several rows agree."""
    return len(parts) > 1 and agreeing_columns(row, parts) > 1


def _by_queue(placed: Mapping[Place, PlacedRow]) -> Mapping[str, dict[Place, PlacedRow]]:
    queues: defaultdict[str, dict[Place, PlacedRow]] = defaultdict(dict)
    for place, placed_row in placed.items():
        queues[place[0]][place] = placed_row
    return queues
