"""The list of runs has one line per run, in every state and in a narrow terminal too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from worker.cli.runs import listing
from worker.domain.runs import Run, RunId, RunState, Step

BEGUN = datetime(2026, 11, 28, 5, 0, tzinfo=UTC)


def run(group: str, state: RunState, code: str = "", step: Step = Step.DELIVER) -> Run:
    return Run(
        id=RunId(group, date(2026, 11, 27)),
        state=state,
        step=step,
        asked_by="beat",
        created_at=BEGUN,
        finished_at=None if state == RunState.OPEN else BEGUN + timedelta(seconds=34),
        briefed_day=date(2026, 11, 27),
        requests=12,
        code=code,
    )


RUNS = [
    run("support-emea", RunState.DELIVERED),
    run("support-americas-west", RunState.PARTLY_DELIVERED, "delivery_refused"),
    run("sales", RunState.FAILED, "calendar_unavailable"),
    run("billing", RunState.OPEN, step=Step.HOLIDAY_CHECK),
]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_each_run_has_one_line_that_fits(width: int) -> None:
    lines = listing(RUNS, width).plain.splitlines()
    assert all(len(line) <= width for line in lines[:5])
    assert [line[:5] for line in lines[1:5]] == ["suppo", "suppo", "sales", "billi"]
    assert len(lines) == len(("heading", *RUNS, "", "advice"))


def test_a_failed_run_does_not_change_the_lines_of_the_others() -> None:
    delivered = listing(RUNS[:1], 120).plain.splitlines()
    mixed = listing(RUNS, 120).plain.splitlines()
    assert delivered[1].split() == mixed[1].split()
    assert "delivered" in mixed[1]
    assert "partly delivery_refused" in mixed[2]
    assert "failed calendar_unavailable" in mixed[3]
    assert "open holiday_check" in mixed[4]


def test_columns_without_room_are_left_out_from_the_right() -> None:
    headings = [listing(RUNS, width).plain.splitlines()[0].split() for width in (120, 85, 75, 70)]
    assert headings[0] == ["Run", "State", "Begun", "(UTC)", "Took", "Requests"]
    assert headings[1:] == [headings[0][:5], headings[0][:4], headings[0][:2]]


def test_an_id_is_cut_only_if_nothing_else_can_be_left_out() -> None:
    long_id = run("a-group-with-a-really-long-key", RunState.DELIVERED)
    assert "a-group-with-a-really-long-key:2026-11-27" in listing([long_id], 60).plain
    assert "…" in listing([long_id], 40).plain


def test_a_failure_points_to_the_command_that_explains_it() -> None:
    advice = listing(RUNS, 80).plain.splitlines()[-1]
    assert advice == "Why, and what to do: standup explain support-americas-west:2026-11-27"
    assert "standup explain" not in listing(RUNS[:1], 80).plain
