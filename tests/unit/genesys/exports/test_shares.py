"""Several groups share an export. What it lacks for one of them is no gap of the others."""

from __future__ import annotations

import io

from tests.unit.genesys.exports.conftest import ORDER, QUEUE_HEADER, line
from worker.genesys.exports.job_status import ExportEntity
from worker.genesys.exports.shares import ExportShare, agent_shares, queue_shares

ENTITY = ExportEntity.model_validate({"id": "e1", "name": "standup", "status": "COMPLETED"})
QUEUES = [("support", ["q1"]), ("billing", ["q2"])]
AGENTS = [("support", ["u1"]), ("billing", ["u2"])]


def of_queues(*lines: str) -> dict[str, ExportShare]:
    content = f"{QUEUE_HEADER}Offer,Answer,Abandon\n{''.join(lines)}"
    shares = queue_shares(ENTITY, io.BytesIO(content.encode()), ORDER, QUEUES)
    return {name: ExportShare.model_validate(share) for name, share in shares.items()}


def of_agents(*lines: str) -> dict[str, ExportShare]:
    header = "Interval Start,Agent Id,Agent Name,Interacting,Communicating,Idle\n"
    shares = agent_shares(ENTITY, io.BytesIO((header + "".join(lines)).encode()), ORDER, AGENTS)
    return {name: ExportShare.model_validate(share) for name, share in shares.items()}


def test_a_count_without_a_figure_is_a_gap_of_its_own_group_alone() -> None:
    shares = of_queues(line("11/16/26 09:00 AM", "q1", "3,3,"), line("11/16/26 09:00 AM", "q2", "NaN,4,"))
    assert [row.offered for row in shares["support"].intervals] == [3]
    assert [row.offered for row in shares["billing"].intervals] == [None]
    assert [len(share.gaps) for share in shares.values()] == [0, 1]


def test_an_unknown_medium_is_a_gap_of_its_own_group_alone() -> None:
    shares = of_queues(
        line("11/16/26 09:00 AM", "q1", "3,3,"),
        line("11/16/26 09:00 AM", "q2", "4,4,"),
        line("11/16/26 09:00 AM", "q2", "9,9,", media="Web chat"),
    )
    assert [len(share.gaps) for share in shares.values()] == [0, 1]


def test_a_time_without_a_figure_is_a_gap_of_its_own_group_alone() -> None:
    shares = of_agents("2026-11-16T00:00,u1,Ana,3600000,0,60000\n", "2026-11-16T00:00,u2,Bo,NaN,0,60000\n")
    assert shares["support"].times == {"u1": {"INTERACTING": 3_600_000, "COMMUNICATING": 0, "IDLE": 60_000}}
    assert (shares["support"].gaps, shares["billing"].times) == ((), {})
    assert len(shares["billing"].gaps) == 1


def test_groups_without_gaps_get_their_own_rows() -> None:
    shares = of_queues(line("11/16/26 09:00 AM", "q1", "3,3,"), line("11/16/26 09:00 AM", "q2", "4,4,"))
    assert {name: [row.offered for row in share.intervals] for name, share in shares.items()} == {
        "support": [3],
        "billing": [4],
    }
