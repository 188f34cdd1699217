"""From the file of an order's export to times by agent.

A time that did not happen is an empty cell. If a time is not known, none is: an occupancy without it would be wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from worker.domain.calendar.business_day import elapsed
from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, gap
from worker.genesys.source import Order
from worker.genesys.tables.figure_gaps import no_figure_gaps
from worker.genesys.tables.figures import Figures
from worker.genesys.tables.file_gaps import file_gaps
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.placing import start_of
from worker.genesys.tables.table import Row, Table

_STATUSES: Mapping[str, str] = {
    "INTERACTING": "interactingMs",
    "COMMUNICATING": "communicatingMs",
    "IDLE": "idleMs",
}
_METRICS = dict.fromkeys(_STATUSES.values(), Metric.OCCUPANCY)

QUERIES_INSTEAD = 'Set source = "queries" for the group, and report this.'
"""The way out for a file of the platform that is not as its views are."""

_SHORTEST_DAY_MS = 86_400
"""A group in which no agent has more is likely to be in seconds: a day has 86,400 of them."""

_ROUNDING = 1.01


class AgentTimes(NamedTuple):
    """Milliseconds by routing status and user, and what the file lacks."""

    by_user: dict[str, dict[str, int]]
    gaps: tuple[Gap, ...] = ()


def agent_times(table: Table, order: Order, user_ids: Collection[str]) -> AgentTimes:
    """Return the users' times. A user who never logged in is absent, rows of one with different starts are added.

    `MalformedAnswer` for an agent who occurs twice for the same time, and for rows without a start that are no sums.
    """
    rows = [row for row in table.rows() if row.text("agentId") in user_ids]
    if not rows:
        refuse_respelled_ids(table, "agentId", user_ids)
    figures = Figures(table, rows)
    figures.without_figure.update(_columns_without_figure(figures))
    if figures.without_figure:
        return AgentTimes({}, tuple(no_figure_gaps(figures, _METRICS)))
    by_user = _added(figures, order, rows)
    impossible = tuple(_impossible_gaps(figures, order, by_user))
    gaps = tuple(file_gaps(figures, rows))
    return AgentTimes({} if impossible else by_user, (*impossible, *gaps))


def refuse_respelled_ids(table: Table, column: str, ids: Collection[str]) -> None:
    """Refuse a file that has only ids in other capitals: their figures would be missing."""
    folded_ids = {known_id.casefold() for known_id in ids}
    for row in table.rows():
        if row.text(column).casefold() in folded_ids:
            kind = "queue" if column == "queueId" else "agent"
            raise table.refuse(
                row,
                f"the {kind} id {shorten(row.text(column))!r} is in other capitals than the platform's",
                QUERIES_INSTEAD,
            )


def _columns_without_figure(figures: Figures) -> Iterator[tuple[str, str]]:
    for column in _STATUSES.values():
        if place := figures.place_without_figure(column, figures.rows):
            yield column, place


def _added(figures: Figures, order: Order, rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Return the sums of each user's rows."""
    by_user: dict[str, dict[str, int]] = {}
    starts: set[tuple[str, object]] = set()
    undated: list[tuple[Row, dict[str, int]]] = []
    for row in rows:
        start, times = start_of(figures.table, row, order.window), _times(figures, row)
        if start is None:
            undated.append((row, times))
            continue
        user_id = row.text("agentId")
        if (user_id, start) in starts:
            raise figures.table.refuse(row, f"the agent {_name(row)!r} occurs twice for the same time", QUERIES_INSTEAD)
        starts.add((user_id, start))
        sums = by_user.setdefault(user_id, dict.fromkeys(_STATUSES, 0))
        by_user[user_id] = {status: sums[status] + times[status] for status in _STATUSES}
    for row, times in undated:
        if any(times.values()) and times != by_user.get(row.text("agentId")):
            raise figures.table.refuse(
                row, f"the agent {_name(row)!r} has a row without a time, which is not a sum", QUERIES_INSTEAD
            )
    return by_user


def _times(figures: Figures, row: Row) -> dict[str, int]:
    return {status: round(figures.value(row, column) or 0) for status, column in _STATUSES.items()}


def _name(row: Row) -> str:
    return shorten(row.text("agentName") or row.text("agentId"))


def _impossible_gaps(figures: Figures, order: Order, by_user: Mapping[str, Mapping[str, int]]) -> Iterator[Gap]:
    """Yield a gap if an agent has more time than the day has, or if no agent has as much as a day has in seconds."""
    totals = {user_id: sum(times.values()) for user_id, times in by_user.items()}
    busiest = max(totals, key=totals.__getitem__, default="")
    longest = totals.get(busiest, 0)
    if not longest:
        return
    is_unit_stated = any(figures.states_unit(column) for column in _STATUSES.values())
    if longest > elapsed(order.window).total_seconds() * 1000 * _ROUNDING:
        yield _time_gap(figures, busiest, GapText.AVERAGE_IMPOSSIBLE)
    elif longest < _SHORTEST_DAY_MS and not is_unit_stated:
        yield _time_gap(figures, busiest, GapText.TIMES_TOO_SHORT)


def _time_gap(figures: Figures, user_id: str, text: GapText) -> Gap:
    row = next(row for row in figures.rows if row.text("agentId") == user_id)
    column = max(_STATUSES.values(), key=lambda column_id: figures.value(row, column_id) or 0.0)
    return gap(
        "unavailable",
        text,
        Metric.OCCUPANCY.value,
        file=figures.table.label,
        place=row.place,
        cell=shorten(row.raw(column)),
        column=column,
    )
