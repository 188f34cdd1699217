"""Each attempt at a step is a span, and all spans of a run are one trace, also of several processes."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest

from worker.domain.runs import RunId, Step
from worker.errors import SettingsError
from worker.traces import exporter
from worker.traces.runs import Traces

RUN = RunId("support-emea", date(2026, 11, 20))
OTHER = RunId("sales", date(2026, 11, 20))


def recorded(capfd: pytest.CaptureFixture[str], *attempts: tuple[RunId, Step, str]) -> list[dict[str, object]]:
    """Return the spans that the console exporter prints for these attempts, each recorded by a process of its own."""
    for run_id, step, outcome in attempts:
        exporter.tracer.cache_clear()
        with Traces("console").step(run_id, step) as report:
            report(outcome)
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def test_a_step_is_a_span_with_run_group_and_outcome(capfd: pytest.CaptureFixture[str]) -> None:
    (span,) = recorded(capfd, (RUN, Step.POLL, "not ready yet"))
    assert span["name"] == "poll"
    assert span["attributes"] == {
        "standup.run": "support-emea:2026-11-20",
        "standup.group": "support-emea",
        "standup.step": "poll",
        "standup.outcome": "not ready yet",
    }
    assert span["status"] == {"status_code": "UNSET"}


def test_the_steps_of_a_run_are_one_trace_and_those_of_another_are_not(capfd: pytest.CaptureFixture[str]) -> None:
    attempts = [(RUN, Step.EXPORT, "export started"), (RUN, Step.POLL, "rows fetched"), (OTHER, Step.EXPORT, "")]
    first, second, unrelated = (span["context"] for span in recorded(capfd, *attempts))
    assert first["trace_id"] == second["trace_id"] != unrelated["trace_id"]
    assert first["span_id"] != second["span_id"]


def test_a_failed_step_has_the_status_error(capfd: pytest.CaptureFixture[str]) -> None:
    (span,) = recorded(capfd, (RUN, Step.EXPORT, "failed: permission_missing"))
    assert span["status"] == {"status_code": "ERROR", "description": "permission_missing"}


def test_without_the_setting_nothing_is_recorded_or_imported() -> None:
    program = (
        "import sys, datetime; from worker.traces.runs import Traces; from worker.domain.runs import RunId, Step\n"
        "with Traces(None).step(RunId('a', datetime.date(2026, 11, 20)), Step.POLL) as report: report('rows fetched')\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter.tracer.cache_clear()
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match=r"standup-briefings\[traces\]"):
        Traces("otlp")
