"""The group's agents: members with times or a schedule, and no others."""

from __future__ import annotations

from worker.domain.rows import AgentDay
from worker.genesys.adherence.figures import AgentAdherence
from worker.genesys.queries.agents import agent_days

TIMES = {"INTERACTING": 10, "COMMUNICATING": 0, "IDLE": 5}
SCHEDULE = AgentAdherence(28800, 60, 1, 0)


def test_a_member_with_times_or_a_schedule_is_a_row_and_no_one_else() -> None:
    days = agent_days(
        {"worked": ["A"], "absent": ["A"], "both": ["A", "B"], "elsewhere": ["A"]},
        {"worked": "Zoë", "both": "ada", "absent": ""},
        {"worked": TIMES, "both": TIMES, "stranger": TIMES},
        {"absent": SCHEDULE, "both": SCHEDULE, "stranger": SCHEDULE},
    )
    assert days == (
        AgentDay("absent", "absent", ("A",), None, None, None, 28800, 60, 1, 0),
        AgentDay("both", "ada", ("A", "B"), 10, 0, 5, 28800, 60, 1, 0),
        AgentDay("worked", "Zoë", ("A",), 10, 0, 5, None, None, None, None),
    )
