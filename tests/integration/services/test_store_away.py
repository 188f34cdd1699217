"""The store of rows and documents is full, or away for a moment."""

from __future__ import annotations

from pathlib import Path

from tasks import step
from tests.integration.services.conftest import RUN
from worker.domain.runs import Later, Onward, Run, Step
from worker.settings import Settings
from worker.state.artifacts import of_run
from worker.wiring import Parts


def keep(parts: Parts, run: Run) -> Onward:
    """What the steps do with their rows and documents."""
    parts.artifacts.put(of_run(run.id, "rows.json"), b"{}")
    return Onward(Step.RENDER, "kept")


def test_a_step_waits_for_a_store_that_takes_nothing(redis_url: str, tmp_path: Path) -> None:
    place = tmp_path / "store"
    place.write_text("a file where the folder was")
    parts = Parts(Settings(redis_url=redis_url, artifacts=str(place)))
    parts.runs.claim(RUN, "beat")
    how = step._do(parts, keep, RUN)
    assert isinstance(how, Later)
    assert how.changes == {"attempts": 1}
    assert how.seconds >= 20
    assert "Is STANDUP_ARTIFACTS there" in how.detail
    place.unlink()
    assert isinstance(step._do(parts, keep, RUN), Onward)
