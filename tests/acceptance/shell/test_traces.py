"""A worker records the trace of a run, if a setting asks for it."""

from __future__ import annotations

import json
from typing import Any

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from worker.domain.runs import STEPS, RunState


def spans(installation: Installation) -> list[dict[str, Any]]:
    """Return the spans that the worker has printed."""
    lines = [json.loads(line) for line in installation.log("worker").splitlines() if line.startswith('{"name"')]
    return sorted(lines, key=lambda span: span["start_time"])


def test_a_run_is_one_trace_with_a_span_for_each_step(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Planted Queue", agents=["Planted Agidius"])}})
    installation.write_groups({"support": group("Planted Title", "Planted Queue")})
    installation.record_past("support")
    installation.configure(TRACES="console")
    installation.start_worker()
    run = installation.brief("support", DAY)
    assert run.state == RunState.DELIVERED
    recorded = spans(installation)
    assert list(dict.fromkeys(span["name"] for span in recorded)) == list(STEPS)
    assert len({span["context"]["trace_id"] for span in recorded}) == 1
    assert {span["attributes"]["standup.run"] for span in recorded} == {f"support:{DAY}"}
    assert {span["attributes"]["standup.group"] for span in recorded} == {"support"}
    assert "Planted" not in json.dumps(recorded)
