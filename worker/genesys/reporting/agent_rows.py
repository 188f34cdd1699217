"""Rows by agent from the file of a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from worker.domain.calendar.business_day import elapsed
from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, Gap, gap
from worker.errors import MalformedAnswer
from worker.genesys.reporting.blanks import says_nothing, unknown_gap
from worker.genesys.source import Order
from worker.genesys.tables.averages import undecided_unit_gap
from worker.genesys.tables.columns import Statements
from worker.genesys.tables.figures import Figures
from worker.genesys.tables.file_gaps import file_gaps
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.numbers import Manner, is_error_value, parse
from worker.genesys.tables.placing import has_no_half_hour, start_of
from worker.genesys.tables.table import Row, Table
from worker.genesys.tables.totals import (
    AGENT_TOTALS,
    Sums,
    agreeing_columns,
    has_total_word,
    is_average,
    is_named_statistic,
    is_sum,
)

_TIMES = ("interactingSeconds", "communicatingSeconds", "idleSeconds")
_FIGURES = (*_TIMES, "scheduledSeconds", "exceptionSeconds", "exceptionCount")
_GIVE_HALF_HOURS = "Leave rows of sums out of the report, or give each row its half-hour."
_SHORTEST_DAY_SECONDS = 1000.0
"""A group in which no agent is at work for longer writes its times in another unit: 8 hours are 480 minutes."""

_SHORTEST_STATED_SECONDS = 1.0
"""A shorter time is a fraction of a day, as in a spreadsheet, even if the header states another unit."""

_LEAST_COLUMNS = 2
"""A row is a sum by its figures alone if so many columns agree. With one column it could be chance."""


@dataclass(frozen=True, slots=True)
class AgentRows:
    """What a file says of agents."""

    agents: tuple[AgentDay, ...]
    gaps: tuple[Gap, ...]


def agent_rows(table: Table, order: Order, statements: Statements) -> AgentRows:
    """Return agents by name, half-hours added up. Without half-hours, two rows of one name are two people of that name.

    ``queueName`` may list the agent's queues, with semicolons between. A row for each queue is refused, because an
    agent's time has no queue and would count several times.
    """
    all_rows = list(table.rows())
    statistics = [row for row in all_rows if is_named_statistic(row.text("agentName"))]
    rows = [row for row in all_rows if not is_named_statistic(row.text("agentName"))]
    figures = Figures(table, rows, statements)
    rows = [row for row in rows if not says_nothing(figures, row, [*_FIGURES, "adherence"])]
    rows = _without_sums(figures, rows)
    _refuse_other_statistics(figures, rows, statistics)
    unnamed = [row for row in rows if not row.text("agentName")]
    unknown = dict(_unknown_columns(figures, rows))
    named_rows = [row for row in rows if row.text("agentName")]
    gaps = [*file_gaps(figures, named_rows), *_short_row_gaps(table)]
    gaps += [unknown_gap(figures, column, place, _metric_of(column)) for column, place in unknown.items()]
    undecided = dict(_undecided_units(figures, named_rows))
    gaps += [undecided_unit_gap(figures, row, column, _metric_of(column)) for column, row in undecided.items()]
    unknown |= {column: row.place for column, row in undecided.items()}
    if unnamed:
        place = unnamed[0].place
        gaps.append(gap("partial", GapText.AGENT_NAMELESS, file=table.label, place=place, rows=len(unnamed)))
    return AgentRows(tuple(_days(figures, order, named_rows, unknown)), tuple(gaps))


def _days(figures: Figures, order: Order, rows: Sequence[Row], unknown: Mapping[str, str]) -> Iterator[AgentDay]:
    table = figures.table
    days: dict[str, AgentDay] = {}
    for row in rows:
        start = start_of(table, row, order.window)
        day = _agent_day(figures, row, unknown)
        _check_length(table, row, day, elapsed(order.window))
        previous = days.get(day.name)
        if previous and previous.queues != day.queues:
            raise table.refuse(row, f"the agent {shorten(day.name)!r} has a row for each queue", "Leave queueName out.")
        if previous and start is None and replace(day, user_id=previous.user_id) == previous and _has_any_time(day):
            problem = f"the agent {shorten(day.name)!r} occurs twice with the same figures"
            raise table.refuse(row, problem, "Have the report give one row for each agent.")
        if start is not None and previous:
            days[day.name] = _added(previous, day)
            _check_length(table, row, days[day.name], elapsed(order.window))
        else:
            days[_free_key(days, day.name)] = day
    for key, day in days.items():
        yield replace(day, user_id=key)


def _short_row_gaps(table: Table) -> Iterator[Gap]:
    """Yield a gap for each line after the last row that may be a row of an agent, cut off or without its last cells."""
    for row in table.short_rows:
        name = row.text("agentName")
        numbers_beside = any(parse(text, "seconds", Manner.POINT) for text in row.cells.values())
        if name and numbers_beside and not name.endswith(":"):
            yield gap("doubtful", GapText.ROW_WITHOUT_CELLS, file=table.label, place=row.place, name=shorten(name))


def _has_any_time(day: AgentDay) -> bool:
    return any((day.interacting_ms, day.communicating_ms, day.idle_ms, day.scheduled_seconds))


def _without_sums(figures: Figures, rows: Sequence[Row]) -> list[Row]:
    """Leave out rows that are the sum of all other rows, or of those since the last sum.

    `MalformedAnswer` for a row with a name such as ``Total`` that is no sum.
    """
    columns = [column for column in _FIGURES if figures.table.has_column(column)]
    amounts = {row.place: {column: figures.value(row, column) or 0.0 for column in columns} for row in rows}
    agents: list[Row] = []
    block, all_agents = Sums(columns), Sums(columns)
    for row in rows:
        is_day_total = has_no_half_hour(row) and figures.table.has_column("intervalStart")
        if any(_adds_up(row, amounts[row.place], sums) for sums in (block, all_agents)):
            block = Sums(columns)
            continue
        if is_day_total and all_agents.count:
            raise figures.table.refuse(
                row, "the row has no half-hour and is not the sum of the other rows", _GIVE_HALF_HOURS
            )
        agents.append(row)
        block.add(amounts[row.place])
        all_agents.add(amounts[row.place])
    agents = [row for row in agents if not _is_extreme(row, agents, amounts)]
    total = Sums(columns)
    for row in agents:
        total.add(amounts[row.place])
    return [row for row in agents if not _is_total(figures, row, amounts[row.place], total)]


def _is_extreme(row: Row, rows: Sequence[Row], amounts: Mapping[str, Mapping[str, float]]) -> bool:
    """Return whether a row has the least or largest of the others in each column. Its name alone proves nothing."""
    extreme = {"min": min, "max": max}.get(row.text("agentName").casefold().rstrip(":."))
    siblings = [amounts[sibling.place] for sibling in rows if sibling is not row]
    if extreme is None or len(siblings) < _LEAST_COLUMNS:
        return False
    return all(
        amount == extreme(values[column] for values in siblings) for column, amount in amounts[row.place].items()
    )


def _is_total(figures: Figures, row: Row, amounts: Mapping[str, float], total: Sums) -> bool:
    """Return whether a row that is not the last one is the sum of all others."""
    remainder = total.difference_from(amounts)
    if _adds_up(row, amounts, remainder):
        return True
    if row.text("agentName").casefold().rstrip(":.") in AGENT_TOTALS:
        raise _no_agent(figures, row)
    return False


def _refuse_other_statistics(figures: Figures, agents: Sequence[Row], statistics: Sequence[Row]) -> None:
    """Refuse rows with the name of a statistic that are not the average of all agents, as far as it can be read.

    An average of counts is seldom a whole number, so such a row has no say in how columns are written.
    """
    if not statistics:
        return
    columns = [column for column in _FIGURES if figures.table.has_column(column)]
    total = Sums(columns)
    for row in agents:
        total.add({column: figures.value(row, column) or 0.0 for column in columns})
    for row in statistics:
        amounts = {column: _readable(figures, row, column) for column in columns}
        readable = {column: amount for column, amount in amounts.items() if amount is not None}
        says_more = any(readable.values()) and not is_average(readable, total) if total.count else bool(readable)
        if says_more:
            raise _no_agent(figures, row)


def _readable(figures: Figures, row: Row, column: str) -> float | None:
    try:
        return figures.value(row, column)
    except MalformedAnswer:
        return None


def _no_agent(figures: Figures, row: Row) -> MalformedAnswer:
    return figures.table.refuse(
        row,
        f"{shorten(row.text('agentName'))!r} is no agent, and neither the sum nor the average of the other rows",
        "Leave rows of sums and averages out of the report.",
    )


def _adds_up(row: Row, amounts: Mapping[str, float], other_sums: Sums) -> bool:
    if not other_sums.count or not is_sum(amounts, [other_sums.amounts], rows=other_sums.count):
        return False
    name = row.text("agentName")
    if not name or name.casefold() in AGENT_TOTALS or has_total_word(name):
        return True
    return other_sums.count > 1 and agreeing_columns(amounts, [other_sums.amounts]) >= _LEAST_COLUMNS


def _unknown_columns(figures: Figures, rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Yield the columns of which a cell that belongs to an agent's time is not known, with the first such place."""
    is_unknown = _is_lost if figures.statements.blank == "zero" else _is_unknown
    for column in _FIGURES[:-1]:
        if figures.table.has_column(column):
            place = next((row.place for row in rows if is_unknown(figures, row, column)), None)
            if place:
                yield column, place


def _undecided_units(figures: Figures, rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """Yield columns, with a row, whose times are so short for every agent that they may be minutes or hours."""
    for columns in (_TIMES, ("scheduledSeconds", "exceptionSeconds")):
        present = [column for column in columns if figures.table.has_column(column)]
        seconds: defaultdict[str, float] = defaultdict(float)
        for row in rows:
            seconds[row.text("agentName")] += sum(figures.value(row, column) or 0.0 for column in present)
        longest = max(seconds.values(), default=0.0)
        is_stated = any(figures.states_unit(column) for column in present)
        if 0 < longest < (_SHORTEST_STATED_SECONDS if is_stated else _SHORTEST_DAY_SECONDS):
            yield from ((column, rows[0]) for column in present)


def _is_unknown(figures: Figures, row: Row, column: str) -> bool:
    """An agent without any time, or without a schedule, was absent. With a part of it, the rest is not known."""
    if figures.value(row, column) is not None:
        return False
    if _is_lost(figures, row, column):
        return True
    if column in _TIMES:
        return any(figures.value(row, time) is not None for time in _TIMES if figures.table.has_column(time))
    if column == "exceptionSeconds":
        return bool(figures.value(row, "scheduledSeconds")) and figures.value(row, "exceptionCount") != 0
    return bool(figures.value(row, "exceptionSeconds"))


def _is_lost(_figures: Figures, row: Row, column: str) -> bool:
    """Return whether a time could not be calculated. Its cell is not blank but has an error value."""
    return is_error_value(row.raw(column))


def _metric_of(column: str) -> Metric:
    return Metric.OCCUPANCY if column in _TIMES else Metric.ADHERENCE


def _free_key(days: Mapping[str, AgentDay], name: str) -> str:
    key, number = name, 1
    while key in days:
        number += 1
        key = f"{name} #{number}"
    return key


def _agent_day(figures: Figures, row: Row, unknown: Mapping[str, str]) -> AgentDay:
    name = row.text("agentName")

    def amount(column: str, factor: int = 1) -> int | None:
        if column in unknown or not figures.table.has_column(column):
            return None
        value = figures.value(row, column)
        if value is None and _is_unknown(figures, row, column):
            value = 0.0  # stated by the definition, or an exception time without exceptions
        elif value is None and column == "exceptionSeconds" and figures.value(row, "scheduledSeconds"):
            value = 0.0
        return None if value is None else round(value * factor)

    return AgentDay(
        user_id=name,
        name=name,
        queues=tuple(queue.strip() for queue in row.text("queueName").split(";") if queue.strip()),
        interacting_ms=amount("interactingSeconds", 1000),
        communicating_ms=amount("communicatingSeconds", 1000),
        idle_ms=amount("idleSeconds", 1000),
        scheduled_seconds=amount("scheduledSeconds"),
        exception_seconds=amount("exceptionSeconds"),
        exceptions=amount("exceptionCount"),
    )


def _check_length(table: Table, row: Row, day: AgentDay, length: timedelta) -> None:
    """Refuse more time than the window has: then the column is in another unit."""
    at_work = sum(time or 0 for time in (day.interacting_ms, day.communicating_ms, day.idle_ms)) / 1000
    seconds = [at_work, day.scheduled_seconds or 0, day.exception_seconds or 0]
    if max(seconds) > length.total_seconds() * 1.01:
        raise table.refuse(
            row,
            f"{max(seconds):.0f} s of {shorten(day.name)!r} are more than the window has, so they may be milliseconds",
            'State "durations": "milliseconds" in the report definition, or have the report give seconds or h:mm:ss.',
        )


def _added(first: AgentDay, second: AgentDay) -> AgentDay:
    return replace(
        first,
        interacting_ms=_sum(first.interacting_ms, second.interacting_ms),
        communicating_ms=_sum(first.communicating_ms, second.communicating_ms),
        idle_ms=_sum(first.idle_ms, second.idle_ms),
        scheduled_seconds=_sum(first.scheduled_seconds, second.scheduled_seconds),
        exception_seconds=_sum(first.exception_seconds, second.exception_seconds),
        exceptions=_sum(first.exceptions, second.exceptions),
    )


def _sum(first: int | None, second: int | None) -> int | None:
    return second if first is None else first + (second or 0)
