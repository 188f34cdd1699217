"""A step that reaches its time limit ends its run, also if the code between handled the error as one of its own."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis

from tasks import step
from tests.integration.services.conftest import RUN
from tests.integration.services.test_store_away import group_file
from worker import step_time
from worker.domain.groups import Group
from worker.domain.runs import Finished, NextStep, Run, RunState, Step
from worker.errors import StandupError
from worker.groupfiles.reloading import Groups
from worker.state.runs import Runs


def ask_too_late(_: Group, __: Run) -> NextStep:
    step_time.check("it asked for a calendar")
    return NextStep(Step.DELIVER, "documents made")


def ask_too_late_and_ignore_it(group: Group, run: Run) -> NextStep:
    with suppress(StandupError):
        ask_too_late(group, run)
    return NextStep(Step.DELIVER, "documents made without holidays")


@pytest.mark.parametrize("work", [ask_too_late, ask_too_late_and_ignore_it])
def test_a_step_over_its_limit_fails_with_what_it_was_doing(work: step.Work, redis: Redis, tmp_path: Path) -> None:
    runs = Runs(redis)
    runs.claim(RUN, "beat")
    run = runs.get(RUN)
    assert run
    outcome = step.do_work(Groups(group_file(tmp_path)), work, run, seconds=-1)
    assert isinstance(outcome, Finished)
    assert (outcome.state, outcome.changes["code"]) == (RunState.FAILED, "step_too_long")
    assert "while it asked for a calendar" in outcome.detail
