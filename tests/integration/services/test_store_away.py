"""The store of rows and documents is full, or away for a moment."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest
import tomli_w
from redis import Redis

from tasks import step
from tests.integration.services.conftest import OUTGOING, RUN, Desk, Post
from worker.domain.groups import Deliver, Group
from worker.domain.runs import NextStep, RetryLater, Run, Step, StepOutcome
from worker.groupfiles.reloading import Groups
from worker.services import packing
from worker.services.delivering import Delivering
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import MESSAGE, ROWS, Artifacts, of_run
from worker.state.files.delivery_journal import DeliveryJournal
from worker.state.runs import Runs

ADDRESS = "one@example.com"


@pytest.mark.parametrize("post", [{ADDRESS: "451 4.7.1 greylisted"}], indirect=True)
def test_rounds_of_busy_receivers_are_no_failures_of_the_step(
    post: Post, deliveries: Deliveries, redis: Redis, tmp_path: Path
) -> None:
    runs, place = Runs(redis), tmp_path / "store"
    artifacts, desk = Artifacts(str(place)), Desk(deliveries, smtp=post.smtp)
    artifacts.put(of_run(RUN, MESSAGE), packing.encode(OUTGOING))
    for document in OUTGOING.documents:
        artifacts.put(of_run(RUN, document.name), document.content)
    runs.claim(RUN, "beat")
    delivering = Delivering(
        runs,
        deliveries,
        artifacts,
        DeliveryJournal(artifacts),
        lambda _: desk.channels(),
        lambda: desk.now,
        timedelta(hours=1),
    )

    def work(group: Group, run: Run) -> StepOutcome:
        return delivering.deliver(group.model_copy(update={"deliver": Deliver(email=(ADDRESS,))}), run)

    def deliver() -> StepOutcome:
        run = runs.get(RUN)
        assert run
        outcome = step.do_work(Groups(group_file(tmp_path)), work, run, 90)
        if isinstance(outcome, RetryLater):
            runs.set(RUN, **outcome.changes)
        return outcome

    for _ in range(4):
        outcome = deliver()
        assert isinstance(outcome, RetryLater)
        assert outcome.event == "some receivers are busy"
        desk.wait(outcome.seconds)
    place.rename(tmp_path / "elsewhere")
    place.write_text("a file where the folder was")
    assert deliver().event == "attempt 1 failed: store_unavailable"


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
