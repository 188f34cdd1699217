"""The store of rows and documents is full, or away for a moment."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import tomli_w
from redis import Redis

from tasks import step
from tests.integration.services.conftest import RUN
from worker.domain.groups import Group
from worker.domain.runs import NextStep, RetryLater, Run, Step
from worker.groupfiles.reloading import Groups
from worker.state.files.artifacts import ROWS, Artifacts, of_run
from worker.state.runs import Runs


def test_a_step_waits_while_the_store_accepts_no_writes(redis: Redis, tmp_path: Path) -> None:
    place = tmp_path / "store"
    place.write_text("a file where the folder was")
    runs, artifacts, groups = Runs(redis), Artifacts(str(place)), Groups(group_file(tmp_path))
    runs.claim(RUN, "beat")
    run = runs.get(RUN)
    assert run

    def store_rows(group: Group, run: Run) -> NextStep:
        artifacts.put(of_run(run.id, ROWS), b"{}")
        return NextStep(Step.RENDER, "stored")

    outcome = step.do_work(groups, store_rows, run, 90)
    assert isinstance(outcome, RetryLater)
    assert outcome.changes == {"attempts": 1}
    assert outcome.seconds >= 20
    assert "Is STANDUP_ARTIFACTS there" in outcome.detail
    place.unlink()
    assert isinstance(step.do_work(groups, store_rows, run, 90), NextStep)


def group_file(folder: Path) -> Path:
    """A group file with the group of the run."""
    group = {"title": "Support", "zone": "UTC", "standup_at": time(8), "catch_up_until": time(9), "queues": ["Q"]}
    path = folder / "groups.toml"
    path.write_text(tomli_w.dumps({"groups": {RUN.group: group | {"deliver": {"email": []}}}}))
    return path
