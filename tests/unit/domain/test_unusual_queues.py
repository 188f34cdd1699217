"""Queues are looked at together: one that is far off is named, and a quiet page names none."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.checker.deliver import compose
from tests.queue_days import Cause, Centre, case_of
from worker.domain.briefing.content import Briefing
from worker.domain.briefing.usual_content import Measure, Place
from worker.domain.rows import QueueInterval, Rows

CASE = case_of(Centre(1500), 7, Cause())
QUEUE = CASE.rows.queues[0].id


def changed(rows: Rows, **changes: float) -> Rows:
    """The rows with the counts of one queue multiplied."""
    return replace(rows, intervals=tuple(multiplied(row, changes) for row in rows.intervals))


def multiplied(row: QueueInterval, changes: Mapping[str, float]) -> QueueInterval:
    if row.queue_id != QUEUE:
        return row
    return replace(row, **{name: round((getattr(row, name) or 0) * factor) for name, factor in changes.items()})


def briefing_with(**changes: float) -> Briefing:
    return compose(replace(CASE, rows=changed(CASE.rows, **changes)))


def test_a_quiet_day_names_no_queue() -> None:
    assert compose(CASE).unusual_queues == ()


@pytest.mark.parametrize(("factor", "place"), [(1.6, Place.UNUSUALLY_HIGH), (0.5, Place.UNUSUALLY_LOW)])
def test_a_queue_whose_handle_time_is_far_off_is_named(factor: float, place: Place) -> None:
    briefing = briefing_with(handle_ms=factor)
    (queue,) = briefing.unusual_queues
    assert (queue.queue_id, queue.measure, queue.usual.place) == (QUEUE, Measure.HANDLE_TIME, place)
    assert not queue.usual.low <= queue.value <= queue.usual.high
    assert "queue_unusual" in [insight.kind for insight in briefing.insights]


def test_a_queue_with_far_more_late_answers_is_named() -> None:
    rows = replace(
        CASE.rows,
        intervals=tuple(
            replace(row, answered_late=row.answered) if row.queue_id == QUEUE else row for row in CASE.rows.intervals
        ),
    )
    queues = compose(replace(CASE, rows=rows)).unusual_queues
    assert [(queue.queue_id, queue.measure) for queue in queues] == [(QUEUE, Measure.SERVICE_LEVEL)]
    assert queues[0].contacts == sum(row.offered or 0 for row in rows.intervals if row.queue_id == QUEUE)


def test_queues_of_fewer_than_five_contacts_a_day_are_not_looked_at() -> None:
    few = {QUEUE: 0.004}
    history = {
        day: replace(rows, intervals=tuple(thinned(row, few) for row in rows.intervals))
        for day, rows in CASE.history.items()
    }
    assert compose(replace(CASE, history=history)).unusual_queues == ()


def thinned(row: QueueInterval, shares: Mapping[str, float]) -> QueueInterval:
    share = shares.get(row.queue_id, 1)
    return replace(row, offered=round((row.offered or 0) * share))


def test_a_group_that_wants_no_usual_ranges_gets_no_unusual_queues() -> None:
    insights = CASE.group.insights.model_copy(update={"usual_range": False})
    case = replace(CASE, group=CASE.group.model_copy(update={"insights": insights}))
    assert compose(replace(case, rows=changed(case.rows, handle_ms=2.0))).unusual_queues == ()


def test_the_order_of_the_history_does_not_matter() -> None:
    days = list(CASE.history.items())
    random.Random(3).shuffle(days)
    rows = changed(CASE.rows, handle_ms=1.6)
    assert (
        compose(replace(CASE, rows=rows, history=dict(days))).unusual_queues
        == compose(replace(CASE, rows=rows)).unusual_queues
    )


def test_a_queue_that_is_new_has_no_range() -> None:
    first_day = CASE.day - timedelta(days=4)
    history = {day: rows if day > first_day else without_queue(rows) for day, rows in CASE.history.items()}
    queues = compose(replace(CASE, rows=changed(CASE.rows, handle_ms=2.0), history=history)).unusual_queues
    assert QUEUE not in [queue.queue_id for queue in queues]


def without_queue(rows: Rows) -> Rows:
    return replace(rows, intervals=tuple(row for row in rows.intervals if row.queue_id != QUEUE))


@pytest.mark.parametrize("has_rows", [True, False])
def test_a_queue_without_a_contact_is_named(has_rows: bool) -> None:
    empty = {"offered": 0, "answered": 0, "answered_late": 0, "abandoned": 0, "handled": 0, "handle_ms": 0}
    rows = changed(CASE.rows, **dict.fromkeys((*empty, "answer_ms"), 0)) if has_rows else without_queue(CASE.rows)
    queues = compose(replace(CASE, rows=rows)).unusual_queues
    assert [(queue.queue_id, queue.measure, queue.value) for queue in queues][:1] == [(QUEUE, Measure.OFFERED, 0)]


def test_a_queue_that_is_closed_on_this_weekday_or_left_the_group_is_not_named() -> None:
    rows = without_queue(CASE.rows)
    closed = {
        day: without_queue(day_rows) for day, day_rows in CASE.history.items() if day.weekday() == CASE.day.weekday()
    }
    without_contacts = replace(CASE, rows=rows, history={**CASE.history, **closed})
    assert QUEUE not in [queue.queue_id for queue in compose(without_contacts).unusual_queues]
    rows_without_name = replace(rows, queues=tuple(queue for queue in rows.queues if queue.id != QUEUE))
    assert QUEUE not in [queue.queue_id for queue in compose(replace(CASE, rows=rows_without_name)).unusual_queues]
