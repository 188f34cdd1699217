"""The model agrees with published figures, and its parts sum to the change."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.domain.staffing import erlang_a, erlang_c
from worker.domain.staffing.day_model import Waiting, share_in_time
from worker.domain.staffing.explanation import DayInputs, Factor, blocks_of, explain
from worker.domain.staffing.risks import required

WAITING = Waiting(380, 20)

REFERENCE = DayInputs([[20, 8], [40, 16], [40, 16], [24, 10]], [100, 38], [118, 46], [17_700, 13_800], 28.0)


def test_erlang_c_agrees_with_a_published_example() -> None:
    # 360 calls in half an hour, 240 s each, 55 agents, 15 s: the example of Mitan Ltd's "Erlang C" page
    assert erlang_c.service_level(55, 360 / 1800, 240, 15) == pytest.approx(0.846, abs=0.0005)


def test_agents_that_cannot_keep_up_answer_none_in_time_where_all_wait() -> None:
    assert erlang_c.service_level(8, 0.1, 100, 20) == 0.0


def test_callers_who_hang_up_as_fast_as_they_are_served_make_a_poisson_queue() -> None:
    # if callers hang up at the rate at which agents serve, the number present is Poisson and its mean is the load
    load, agents = 9.0, 12
    fewer = sum(math.exp(-load) * load**number / math.factorial(number) for number in range(agents))
    assert erlang_a.half_hour(agents, load / 180, 180, 180, 20).waits == pytest.approx(1 - fewer, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 400), st.floats(0.001, 3), st.floats(20, 900), st.floats(5, 3000), st.floats(1, 120))
def test_one_more_agent_makes_nothing_worse(
    agents: int, rate: float, handle: float, staying: float, threshold: float
) -> None:
    result = erlang_a.half_hour(agents, rate, handle, staying, threshold)
    shares = (result.in_time, result.abandoned, result.waits, result.occupancy)
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
    assert result.in_time <= 1 - result.abandoned + 1e-9
    one_more = erlang_a.half_hour(agents + 1, rate, handle, staying, threshold)
    assert one_more.in_time >= result.in_time - 1e-7
    assert one_more.abandoned <= result.abandoned + 1e-7


def test_half_an_agent_is_half_way_between_two_whole_numbers() -> None:
    levels = [share_in_time(agents, 50, 183, WAITING) for agents in (7, 7.5, 8)]
    assert levels[1] == pytest.approx((levels[0] + levels[2]) / 2)


def test_required_agents_are_the_fewest_that_reach_the_goal() -> None:
    agents = required(120, 240, WAITING, 0.8)
    assert share_in_time(agents - 1, 120, 240, WAITING) < 0.8 <= share_in_time(agents, 120, 240, WAITING)


counts = st.integers(1, 60)
halves = st.lists(st.tuples(counts, counts), min_size=4, max_size=4)


@settings(deadline=None, max_examples=15)
@given(halves, st.floats(0.2, 1), st.floats(100, 400), st.one_of(st.none(), st.floats(5, 60)))
def test_the_parts_sum_to_the_change(
    offered: list[tuple[int, int]], in_time: float, handle: float, agents: float | None
) -> None:
    by_queue = [sum(queue) for queue in zip(*offered, strict=True)]
    today = DayInputs(
        offered, [count * in_time for count in by_queue], by_queue, [count * handle for count in by_queue], agents
    )
    result = explain(REFERENCE, today, [5, 9, 9, 5], WAITING)
    assert sum(result.parts.values()) + result.unexplained == pytest.approx(result.change, abs=1e-12)
    assert (Factor.STAFFING in result.parts) == (agents is not None)


def test_without_the_agents_time_the_other_factors_still_explain() -> None:
    today = DayInputs([[30, 12], [60, 24], [60, 24], [36, 15]], [80, 30], [160, 60], [24_000, 18_000])
    result = explain(REFERENCE, today, [5, 9, 9, 5], WAITING)
    assert result.parts[Factor.VOLUME] < -0.1
    assert Factor.STAFFING not in result.parts


def test_a_day_is_cut_into_blocks_of_about_equal_contacts() -> None:
    assert blocks_of([50] * 12) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert blocks_of([10] * 10) == [0] * 10
    assert max(blocks_of([500] * 20)) == 5
