"""docs/runbook.md explains every state and every code that an operator can meet, and every metric that is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import tasks
import worker
from worker import errors
from worker.domain.runs import RunState
from worker.http.known_labels import FAILURE_CODES

ROOT = Path(__file__).parents[3]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()


def first_cells() -> set[str]:
    """Every word in backticks in the first column of a table."""
    cells = re.findall(r"^\| ([^|]+) \|", RUNBOOK, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


def all_errors(kind: type[errors.StandupError] = errors.StandupError) -> Iterator[type[errors.StandupError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from all_errors(narrower)


@pytest.fixture(scope="module")
def error_codes() -> set[str]:
    """The codes of all errors, wherever they are defined."""
    for package in (worker, tasks):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and ".demo" not in module.name:
                import_module(module.name)
    return {kind.code for kind in all_errors()}


def test_every_code_of_an_error_is_explained(error_codes: set[str]) -> None:
    assert error_codes - first_cells() == set()


def test_every_code_written_in_the_source_is_explained() -> None:
    sources = [path.read_text() for room in ("tasks", "worker") for path in (ROOT / room).rglob("*.py")]
    codes_in_source = {code for text in sources for code in re.findall(r'"code": "([a-z_]+)"', text)}
    assert codes_in_source
    assert codes_in_source | {"late", "not_begun", "unexpected", "paused"} <= first_cells()


def test_every_code_of_an_alert_is_explained() -> None:
    sources = [path.read_text() for path in (ROOT / "worker" / "alerts").glob("*.py")]
    codes_in_alerts = {code for text in sources for code in re.findall(r'\bcode="([a-z_]+)"', text)}
    assert {"recovered", "many_alerts", "group_file"} <= codes_in_alerts
    outages = {f"{role}_{code}" for role in ("redis", "broker") for code in ("away", "refused", "no_writes", "back")}
    assert codes_in_alerts | outages <= first_cells()


def test_every_code_of_an_error_that_can_end_a_run_is_counted_from_zero_on(error_codes: set[str]) -> None:
    """Prometheus sees no increase in a counter that begins with 1."""
    base_classes = {"error", "transient", "permanent"}
    waits = {"not_yet", "quota_wait", "being_fetched", "calculating"}
    refusals_in_the_shell = {"no_such_day", "day_not_over", "not_sent_again"}
    codes_without_an_error = {"incomplete", "step_never_ended", "unexpected"}
    ends = error_codes - base_classes - waits - refusals_in_the_shell
    assert set(FAILURE_CODES) == ends | codes_without_an_error


def test_every_state_is_explained() -> None:
    assert {state.value for state in RunState} <= first_cells()


def test_every_metric_is_explained_and_no_other() -> None:
    exported_metrics = set(re.findall(r'"(standup_[a-z_]+)"', (ROOT / "worker" / "http" / "prometheus.py").read_text()))
    exported_metrics |= set(re.findall(r'"(standup_[a-z_]+)"', (ROOT / "worker" / "state" / "counters.py").read_text()))
    exported_metrics = {name.replace("milliseconds", "seconds") for name in exported_metrics}
    metrics_in_runbook = {
        word.partition("{")[0].removesuffix("_total") for word in first_cells() if word.startswith("standup_")
    }
    assert metrics_in_runbook == exported_metrics
