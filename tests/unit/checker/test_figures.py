"""The checker's own sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from tests.checker.figures import agent_adherence, day_sums, sums
from worker.domain.rows import AgentDay, Queue, QueueInterval, Rows

NINE = datetime(2026, 10, 21, 9, tzinfo=UTC)
HALF = QueueInterval(
    "b", "voice", NINE, offered=10, answered=8, answered_late=3, abandoned=2, handled=8, handle_ms=800, answer_ms=400
)


def test_service_level_is_answered_in_time_of_answered_and_abandoned() -> None:
    assert sums([HALF, HALF]).service_level == Fraction(10, 20)


def test_stated_numerator_and_denominator_win() -> None:
    row = replace(HALF, service_level_numerator=6, service_level_denominator=9)
    assert sums([row]).service_level == Fraction(6, 9)


def test_an_abandoned_contact_is_not_a_late_answer() -> None:
    assert sums([HALF]).not_in_time == 5
    assert sums([HALF]).late_answers == 3


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    total = sums([HALF, replace(HALF, abandoned=None)])
    assert total.abandoned is None
    assert total.abandonment is None
    assert total.service_level is None
    assert total.offered == 20


def test_a_row_without_inbound_contacts_leaves_the_sums_alone() -> None:
    outbound = QueueInterval("o", "voice", NINE, handled=4, handle_ms=400)
    assert sums([HALF, outbound]).offered == 10
    assert sums([HALF, outbound]).average_handle_ms == Fraction(1200, 12)


def test_half_hours_run_from_the_first_to_the_last_busy_one() -> None:
    last = replace(HALF, start=NINE + timedelta(hours=1))
    empty = replace(HALF, start=NINE + timedelta(hours=2), offered=0, answered=0, abandoned=0, handled=0)
    half_hours = day_sums(Rows((Queue("b", "Billing"),), (HALF, last, empty))).half_hours
    assert list(half_hours) == [NINE, NINE + timedelta(minutes=30), NINE + timedelta(hours=1)]
    assert half_hours[NINE + timedelta(minutes=30)].service_level is None


def test_adherence_is_at_least_zero_and_needs_a_schedule() -> None:
    agent = AgentDay("u", "Ada", scheduled_seconds=3_600, exception_seconds=7_200)
    assert agent_adherence(agent) == 0
    assert agent_adherence(replace(agent, scheduled_seconds=None)) is None
    assert agent_adherence(replace(agent, exception_seconds=None)) is None
