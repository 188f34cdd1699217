"""A document that ends or occupies its process fails its own run, and no other one."""

from __future__ import annotations

from tests.acceptance.installation import DAY, Installation
from tests.acceptance.recovery.test_recovery import prepare
from worker.domain.runs import RunState, Step

POISONS = {"endless": "step_too_long", "greedy": "out_of_memory", "crashing": "render_process_died"}
HEALTHY = ("healthy-1", "healthy-2", "healthy-3")


def test_a_poisonous_document_fails_its_own_run_and_no_other(installation: Installation) -> None:
    prepare(installation, *POISONS, *HEALTHY)
    installation.configure(RENDERING__PROCESSES="2", RENDERING__MEMORY_MB="512")
    worker = installation.start_worker(app="tests.acceptance.poisonous_worker")
    installation.start_beat()
    poisoned, healthy = (installation.wait_for_runs(_ids(*keys)) for keys in (POISONS, HEALTHY))
    assert {run.id.group: run.code for run in poisoned} == POISONS
    assert {(run.state, run.step) for run in poisoned} == {(RunState.FAILED, Step.RENDER)}
    assert [run.state for run in healthy] == [RunState.DELIVERED] * len(HEALTHY)
    assert len(installation.mails()) == 2 * len(HEALTHY)
    assert worker.process is not None
    assert worker.process.poll() is None
    causes = str(installation.wait_for_alerts(len(POISONS)))
    assert "SIGSEGV" in causes
    assert "more than 512 MB" in causes
    assert "did not end within" in causes


def _ids(*keys: str) -> list[str]:
    return [f"{key}:{DAY}" for key in keys]
