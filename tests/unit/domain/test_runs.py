"""Run ids and steps."""

from __future__ import annotations

from datetime import date

import pytest

from worker.domain.runs import STEPS, RunId, Step, steps_from


@pytest.mark.parametrize(
    ("text", "run_id"),
    [
        ("support-emea:2026-11-20", RunId("support-emea", date(2026, 11, 20))),
        ("a_1:2026-02-28.r12", RunId("a_1", date(2026, 2, 28), 12)),
    ],
)
def test_a_run_id_is_read_and_written_alike(text: str, run_id: RunId) -> None:
    assert RunId.parse(text) == run_id
    assert str(run_id) == text


@pytest.mark.parametrize(
    "text", ["", "support", "support:2026-13-01", "Sup:2026-11-20", "s:2026-11-20.r0", "s:2026-11-20\n"]
)
def test_anything_else_is_no_run_id(text: str) -> None:
    with pytest.raises(ValueError, match=r"run id|month|day"):
        RunId.parse(text)


def test_a_recovered_run_does_its_step_and_all_after_it() -> None:
    assert steps_from(Step.POLL) == (Step.POLL, Step.RENDER, Step.DELIVER)
    assert steps_from(Step.HOLIDAY_CHECK) == STEPS
