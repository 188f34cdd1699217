"""The view of agents becomes times by routing status."""

from __future__ import annotations

import pytest

from tests.unit.genesys.exports.conftest import ORDER, agents
from worker.errors import MalformedAnswer
from worker.genesys.exports.agents import agent_times

HEADER = "Interval Start,Interval End,Interval Complete,Filters,Agent Id,Agent Name,Logged In,On Queue,Idle,"
HEADER += "Off Queue,Interacting,Communicating\n"


def test_an_empty_time_of_an_agent_who_was_present_is_zero() -> None:
    text = HEADER + "11/16/26 12:00 AM,,TRUE,,u1,Ana,30000000,20000000,5000000,1,15000000,\n"
    assert agent_times(agents(text), ORDER, {"u1"}).by_user == {
        "u1": {"INTERACTING": 15_000_000, "COMMUNICATING": 0, "IDLE": 5_000_000}
    }


def test_several_rows_of_one_agent_are_added_and_other_agents_left_out() -> None:
    row = "11/16/26 {},,TRUE,,{},Ana,1,1,100000,1,200000,30000\n"
    text = HEADER + row.format("12:00 AM", "u1") + row.format("12:00 PM", "u1") + row.format("12:00 AM", "u2")
    assert agent_times(agents(text), ORDER, {"u1"}).by_user == {
        "u1": {"INTERACTING": 400_000, "COMMUNICATING": 60_000, "IDLE": 200_000}
    }


def test_a_file_without_communicating_is_known_as_such() -> None:
    text = HEADER.replace(",Communicating", "") + "11/16/26 12:00 AM,,TRUE,,u1,Ana,1,1,100,1,200\n"
    assert not agents(text).has_column("communicatingMs")


def test_a_time_without_a_figure_makes_the_occupancy_unknown() -> None:
    text = HEADER + "11/16/26 12:00 AM,,TRUE,,u1,Ana,30000000,20000000,NaN,1,15000000,\n"
    times = agent_times(agents(text), ORDER, {"u1"})
    assert (times.by_user, [gap.metric for gap in times.gaps]) == ({}, ["occupancy"])


def occupancy_gaps(text: str) -> list[tuple[str, str | None]]:
    return [(gap.text, gap.metric) for gap in agent_times(agents(text), ORDER, {"u1", "u2"}).gaps]


@pytest.mark.parametrize(
    ("times", "text"),
    [("3000,1,9000,30", "TIMES_TOO_SHORT"), ("60000000,1,60000000,", "AVERAGE_IMPOSSIBLE")],
)
def test_times_in_another_unit_are_not_known(times: str, text: str) -> None:
    content = HEADER + f"11/16/26 12:00 AM,,TRUE,,u1,Ana,1,1,{times}\n"
    assert occupancy_gaps(content) == [(text, "occupancy")]
    assert agent_times(agents(content), ORDER, {"u1"}).by_user == {}


def test_short_times_are_read_if_their_unit_is_stated() -> None:
    text = HEADER + "11/16/26 12:00 AM,,TRUE,,u1,Ana,1,1,0:00:20,1,0:00:40,\n"
    assert agent_times(agents(text), ORDER, {"u1"}).by_user["u1"]["IDLE"] == 20_000


def test_an_agent_twice_for_the_same_time_is_refused() -> None:
    row = "11/16/26 12:00 AM,,TRUE,,u1,Ana,1,1,100000,1,200000,30000\n"
    with pytest.raises(MalformedAnswer, match=r"line 3: the agent 'Ana' occurs twice for the same time"):
        agent_times(agents(HEADER + row + row), ORDER, {"u1"})


def test_a_row_without_a_time_is_left_out_as_a_sum_or_refused() -> None:
    row = "{},,TRUE,,u1,Ana,1,1,100000,1,200000,30000\n"
    text = HEADER + row.format("11/16/26 12:00 AM") + row.format("")
    assert agent_times(agents(text), ORDER, {"u1"}).by_user["u1"]["IDLE"] == 100_000
    with pytest.raises(MalformedAnswer, match="the agent 'Ana' has a row without a time, which is not a sum"):
        agent_times(agents(HEADER + row.format("")), ORDER, {"u1"})


def test_ids_of_agents_in_other_capitals_are_refused() -> None:
    text = HEADER + "11/16/26 12:00 AM,,TRUE,,U1,Ana,1,1,100000,1,200000,30000\n"
    with pytest.raises(MalformedAnswer, match="the agent id 'U1' is in other capitals than the platform's"):
        agent_times(agents(text), ORDER, {"u1"})


def test_a_last_time_without_a_line_break_is_in_doubt() -> None:
    text = HEADER + "11/16/26 12:00 AM,,TRUE,,u1,Ana,1,1,100000,1,200000,30"
    assert occupancy_gaps(text) == [("FILE_ENDS_IN_CELL", None)]
