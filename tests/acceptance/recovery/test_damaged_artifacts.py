"""Rows that a machine without power has stored in part: the command in the alert fetches them again."""

from __future__ import annotations

import os

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.waiting import wait_until
from worker.celery import RENDERING_QUEUE, WAITING_QUEUE
from worker.domain.runs import RunId, RunState, Step
from worker.state.files.artifacts import ROWS, of_run


def test_a_run_with_torn_rows_is_delivered_by_the_command_in_its_alert(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Q1")}})
    installation.write_groups({"support": group("Support", "Q1")})
    installation.record_past("support")
    installation.start_worker("waiting", options=("-Q", WAITING_QUEUE))
    run_id = RunId.parse(installation.begin_run("support", DAY))
    wait_until(lambda: (run := installation.runs.get(run_id)) and run.step == Step.RENDER, "the rows are stored")
    rows = installation.artifacts.place(of_run(run_id, ROWS))
    os.truncate(rows, os.path.getsize(rows) // 2)
    installation.start_worker("rendering", options=("-Q", RENDERING_QUEUE))
    run = installation.wait_for_run(str(run_id))
    assert (run.state, run.code) == (RunState.FAILED, "artifact_damaged")
    [alert] = installation.wait_for_alerts(1)
    command = f"standup run support --date {DAY}"
    assert command in str(alert)
    installation.standup(*command.split()[1:])
    assert installation.wait_for_run(str(run_id)).state == RunState.DELIVERED
    assert len(installation.mails_to("support@example.com")) == 1
