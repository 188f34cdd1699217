"""The view of agents becomes times by routing status."""

from __future__ import annotations

from tests.unit.genesys.exports.conftest import ORDER, agents
from worker.genesys.exports.rows import agent_times

HEADER = "Interval Start,Interval End,Interval Complete,Filters,Agent Id,Agent Name,Logged In,On Queue,Idle,"
HEADER += "Off Queue,Interacting,Communicating\n"


def test_an_empty_time_of_an_agent_who_was_present_is_zero() -> None:
    text = HEADER + "11/16/26 12:00 AM,,TRUE,,u1,Ana,30000000,20000000,5000000,1,15000000,\n"
    assert agent_times(agents(text), ORDER, {"u1"}).by_user == {
        "u1": {"INTERACTING": 15_000_000, "COMMUNICATING": 0, "IDLE": 5_000_000}
    }


def test_several_rows_of_one_agent_are_added_and_other_agents_left_out() -> None:
    row = "11/16/26 {},,TRUE,,{},Ana,1,1,100,1,200,30\n"
    text = HEADER + row.format("12:00 AM", "u1") + row.format("12:00 PM", "u1") + row.format("12:00 AM", "u2")
    assert agent_times(agents(text), ORDER, {"u1"}).by_user == {
        "u1": {"INTERACTING": 400, "COMMUNICATING": 60, "IDLE": 200}
    }


def test_a_file_without_communicating_is_known_as_such() -> None:
    text = HEADER.replace(",Communicating", "") + "11/16/26 12:00 AM,,TRUE,,u1,Ana,1,1,100,1,200\n"
    assert not agents(text).has_column("communicatingMs")


def test_a_time_without_a_figure_makes_the_occupancy_unknown() -> None:
    text = HEADER + "11/16/26 12:00 AM,,TRUE,,u1,Ana,30000000,20000000,NaN,1,15000000,\n"
    times = agent_times(agents(text), ORDER, {"u1"})
    assert (times.by_user, [gap.metric for gap in times.gaps]) == ({}, ["occupancy"])
