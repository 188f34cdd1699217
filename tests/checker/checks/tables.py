"""The cells of the PDF's tables, written as text, each against the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from fractions import Fraction
from typing import Any

from tests.checker.checks.common import (
    NOTHING,
    Checks,
    Evidence,
    Wrong,
    count_of,
    is_half_hour_thin,
    is_thin,
    owner_of,
    percent_of,
    points_of,
    queue_names,
    queues_named,
)
from tests.checker.checks.day import COUNTS, figure_is
from tests.checker.checks.lists import agents_named, queue_status
from tests.checker.checks.metrics import goal_is, value_is
from tests.checker.checks.talk import minutes_of
from tests.checker.figures import Sums, agent_adherence, agent_occupancy
from tests.checker.rounding import half_up
from tests.checker.statements import Statement
from worker.domain.rows import AgentDay


def rows_of(statement: Statement, evidence: Evidence) -> list[Any]:
    """The queues, half-hours or agents that a row's name may stand for, as sums or agents."""
    table, name = statement.context["table"], statement.context["name"]
    if table == "table day":
        return [evidence.truth.sums.group]
    if table == "table agents":
        return list(agents_named(evidence, name))
    if table == "table queues":
        return list(queues_named(evidence, name))
    return half_hours_named(evidence, name)


def half_hours_named(evidence: Evidence, name: str) -> list[Sums]:
    """The half-hours that begin at a local time, perhaps with its offset: "01:30 -04:00"."""
    clock, _, offset = name.partition(" ")
    zone, half_hours = evidence.truth.case.group.tz, []
    for start, half in evidence.truth.sums.half_hours.items():
        local = start.astimezone(UTC).astimezone(zone)
        if f"{local:%H:%M}" == clock and offset in ("", local.isoformat(timespec="minutes")[16:]):
            half_hours.append(half)
    return half_hours


def _cell(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    check = _COLUMNS.get(statement.context["column"])
    rows = rows_of(statement, evidence)
    if check is None:
        yield Wrong("unknown statement", f"a check of column {statement.context['column']}")
    elif not rows:
        yield Wrong("wrong name", "no such row")
    else:
        yield from min((list(check(statement, evidence, row)) for row in rows), key=len)


def _count(statement: Statement, evidence: Evidence, row: Sums) -> Iterator[Wrong]:
    yield from figure_is(
        evidence.language, statement.text, statement.context["column"], getattr(row, statement.context["column"])
    )


def _ratio(statement: Statement, evidence: Evidence, exact: Fraction | None) -> Iterator[Wrong]:
    if statement.text in ("–", *evidence.language.statuses):
        yield from () if exact is None else [Wrong("known figure not shown", str(float(exact)))]
    elif "%" not in statement.text and len(counts := re.split(" of | von ", statement.text)) == 2:  # of few contacts
        part, total = (evidence.language.number(text).value for text in counts)
        if exact is None or Fraction(part) != exact * Fraction(total):
            yield Wrong("wrong counts", str(exact))
    else:
        yield from percent_of(evidence.language.number(statement.text), exact)


def _level(statement: Statement, evidence: Evidence, row: Sums) -> Iterator[Wrong]:
    yield from _ratio(statement, evidence, row.service_level)
    if row.service_level is not None and "%" in statement.text:
        truth, queue = owner_of(row, evidence)
        number = evidence.language.number(statement.text)
        checked = value_is(evidence._replace(truth=truth), "service_level", number, row.service_level, queue)
        yield from list(checked)[1:]


def _abandonment(statement: Statement, evidence: Evidence, row: Sums) -> Iterator[Wrong]:
    yield from _ratio(statement, evidence, row.abandonment)


def _adherence(statement: Statement, evidence: Evidence, row: AgentDay) -> Iterator[Wrong]:
    yield from _ratio(statement, evidence, agent_adherence(row))


def _occupancy(statement: Statement, evidence: Evidence, row: Any) -> Iterator[Wrong]:
    if isinstance(row, AgentDay):
        yield from _ratio(statement, evidence, agent_occupancy(row))


def _status(statement: Statement, evidence: Evidence, row: Any) -> Iterator[Wrong]:
    is_agent = isinstance(row, AgentDay)
    metric, exact = ("adherence", agent_adherence(row)) if is_agent else ("service_level", row.service_level)
    right = evidence.truth.status(metric, exact) if is_agent else queue_status(row, evidence)
    if evidence.language.statuses.get(statement.text) != right:
        yield Wrong("wrong status", right)


def _goal(statement: Statement, evidence: Evidence, row: Any) -> Iterator[Wrong]:
    """A page writes ≥ before the goal, the workbook has the number alone."""
    text = statement.text if statement.text.startswith("≥") else f"≥ {statement.text}"
    if isinstance(row, AgentDay):
        yield from goal_is(evidence, "adherence", text)
    else:
        truth, queue = owner_of(row, evidence)
        yield from goal_is(evidence._replace(truth=truth), "service_level", text, queue)


def _change(statement: Statement, evidence: Evidence, _: Any) -> Iterator[Wrong]:
    if statement.text == "–":
        return
    previous = evidence.truth.history.get(evidence.truth.previous) if evidence.truth.previous else None
    points, wrongs = evidence.language.number(statement.text), []
    for queue in queue_names(evidence, statement.context["name"]):
        for now in evidence.truth.sums.queue_lines(queue.id):
            for earlier in previous.queue_lines(queue.id) if previous else [NOTHING]:
                wrongs.append(list(points_of(points, now.service_level, earlier.service_level)))
    yield from min(wrongs, key=len, default=[])


def _off_schedule(statement: Statement, evidence: Evidence, row: AgentDay) -> Iterator[Wrong]:
    if statement.text == "–":
        return
    minutes = half_up(Fraction(row.exception_seconds or 0, 60))
    if ":" in statement.text:  # a cell of the workbook holds whole minutes too
        yield from figure_is(evidence.language, statement.text, "off_schedule", Fraction(minutes * 60_000))
    elif minutes_of(statement.text, evidence) != minutes:
        yield Wrong("wrong duration", f"{row.exception_seconds} s")


def _late_logins(statement: Statement, evidence: Evidence, row: AgentDay) -> Iterator[Wrong]:
    if statement.text != "–":
        yield from count_of(evidence.language.number(statement.text), row.late_logins)


def _offset(statement: Statement, evidence: Evidence, _: Any) -> Iterator[Wrong]:
    if not half_hours_named(evidence, statement.context["name"]):
        yield Wrong("wrong instant", "no such half-hour")


def _few_contacts(statement: Statement, evidence: Evidence, row: Sums) -> Iterator[Wrong]:
    has_mark = is_thin(row, evidence)
    if statement.context["table"] == "table half-hours":
        has_mark = is_half_hour_thin(row, evidence) and row.service_level is not None
    if (statement.text != "–") != has_mark:
        yield Wrong("not a thin queue", str(row.offered))


def _late_of_offered(statement: Statement, evidence: Evidence, row: Sums) -> Iterator[Wrong]:
    """On the wall the column has both numbers: 304 of 1,017."""
    first, separator, second = statement.text.partition(" of " if " of " in statement.text else " von ")
    if separator:
        yield from count_of(evidence.language.number(first), row.not_in_time)
        yield from count_of(evidence.language.number(second), row.counted, "wrong denominator")
    elif statement.text != "–":
        label = "offered" if "(wall), queues" in statement.place else "not_in_time"
        yield from figure_is(evidence.language, first, label, getattr(row, label))
    elif row.not_in_time is not None:
        yield Wrong("known figure not shown", str(row.not_in_time))


def _not_checked(_: Statement, __: Evidence, ___: Any) -> Iterator[Wrong]:
    yield from ()


_COLUMNS: Mapping[str, Callable[[Statement, Evidence, Any], Iterator[Wrong]]] = {
    **dict.fromkeys((*COUNTS, "average_handle_ms", "average_answer_ms"), _count),
    "not_in_time": _late_of_offered,
    "service_level": _level,
    "abandonment": _abandonment,
    "adherence": _adherence,
    "occupancy": _occupancy,
    "status": _status,
    "goal": _goal,
    "change": _change,
    "off_schedule": _off_schedule,
    "late_logins": _late_logins,
    "offset": _offset,
    "medium": _not_checked,
    "few_contacts": _few_contacts,
    "queues": _not_checked,
}


def _trend(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The metric on each of the last business days, this one last."""
    metric, texts = statement.values["metric"], statement.values["days"]
    days = evidence.truth.last_days(len(texts) - 1)
    ratios = [evidence.truth.history[day].ratio(metric) if day in evidence.truth.history else None for day in days]
    ratios.append(evidence.truth.sums.ratio(metric) if evidence.truth.whole else None)
    for text, ratio in zip(texts, ratios, strict=True):
        if text:
            yield from percent_of(evidence.language.number(text), ratio)
        elif ratio is not None:
            yield Wrong("known figure not shown", str(float(ratio)))


CHECKS: Checks = {("cell", "cell"): _cell, ("book_trend", "trend"): _trend}
