"""Alert rules and dashboard name only metrics and labels that the system has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from worker.http.prometheus import SystemMetrics
from worker.state.counters import Field

DEPLOY = Path(__file__).parents[3] / "deploy"
METRIC = re.compile(r"\bstandup_\w+")
COUNTS: dict[Field, float] = {
    ("standup_api_requests", "main", "200"): 1,
    ("standup_quota_waits", "main"): 1,
    ("standup_quota_wait_milliseconds", "main"): 1,
    ("standup_runs", "delivered", ""): 1,
    ("standup_deliveries", "email", "sent"): 1,
    ("standup_notices", "woken"): 1,
    ("standup_time_to_delivery_seconds", "1"): 1,
    ("standup_requests_per_briefing", "queries", "1"): 1,
}


def exposed_metrics() -> set[str]:
    """Return the names of all samples that Prometheus would read."""
    counters = SimpleNamespace(read=lambda: COUNTS)
    runs = SimpleNamespace(open_count=lambda: 0, oldest_open_at=lambda: None)
    mornings = SimpleNamespace(day_counts=lambda *_: SimpleNamespace(requests=1, briefings=1))
    heartbeat = SimpleNamespace(last=lambda: None)
    parts = cast(Any, (counters, runs, mornings, heartbeat, ("main",), lambda: datetime(2026, 11, 28, tzinfo=UTC)))
    return {sample.name for metric in SystemMetrics(*parts).collect() for sample in metric.samples}


def expressions() -> Iterator[str]:
    """Yield the files' expressions."""
    yield (DEPLOY / "prometheus" / "rules.yml").read_text("utf-8")
    dashboard = json.loads((DEPLOY / "grafana" / "standup.json").read_text("utf-8"))
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_rules_and_dashboard_read_only_metrics_that_exist() -> None:
    names = {name for expression in expressions() for name in METRIC.findall(expression)}
    assert len(names) > 8
    assert names - exposed_metrics() == set()


def test_panels_have_their_own_places_and_titles() -> None:
    panels = json.loads((DEPLOY / "grafana" / "standup.json").read_text("utf-8"))["panels"]
    places = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) < 24
    assert len({panel["title"] for panel in panels}) == len(panels)


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda path: path.stem)
def test_units_start_our_programs_as_the_readme_does(unit: Path) -> None:
    text = unit.read_text("utf-8")
    assert re.search(r"^ExecStart=/opt/standup/bin/(celery -A (worker|beat_schedule)|standup) ", text, re.MULTILINE)
    assert "PartOf=standup.target" in text
    assert "NoNewPrivileges=yes" in text
