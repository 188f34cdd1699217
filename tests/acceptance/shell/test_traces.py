"""A worker records the trace of a run, if a setting asks for it."""

from __future__ import annotations

import json
from typing import Any

from tests.acceptance.installation import CLIENT_SECRET, DAY, Installation, group, sandbox_group
from tests.collector import Collector, tree
from tests.redis_server import free_port
from tests.waiting import HANG_SECONDS, wait_until
from worker.domain.runs import STEPS, RunState


def steps(installation: Installation) -> list[dict[str, Any]]:
    """Return the spans of steps that the worker has printed."""
    spans = [json.loads(line) for line in installation.log("worker").splitlines() if line.startswith('{"name"')]
    return sorted((span for span in spans if "standup.step" in span["attributes"]), key=lambda span: span["start_time"])


def test_a_run_is_one_trace_with_a_span_for_each_step(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Planted Queue", agents=["Planted Agidius"])}})
    installation.write_groups({"support": group("Planted Title", "Planted Queue")})
    installation.record_past("support")
    installation.configure(TRACES="console")
    installation.start_worker()
    run = installation.brief("support", DAY)
    assert run.state == RunState.DELIVERED
    recorded = steps(installation)
    assert list(dict.fromkeys(span["name"] for span in recorded)) == list(STEPS)
    assert len({span["context"]["trace_id"] for span in recorded}) == 1
    assert {span["attributes"]["standup.run"] for span in recorded} == {f"support:{DAY}"}
    assert {span["attributes"]["standup.group"] for span in recorded} == {"support"}
    assert "Planted" not in json.dumps(recorded)


def test_a_collector_gets_one_tree_for_a_run(installation: Installation) -> None:
    collector = Collector()
    installation.environment |= collector.environment
    installation.start_sandbox({"groups": {"support": sandbox_group("Planted Queue", agents=["Planted Agidius"])}})
    installation.write_groups({"support": group("Planted Title", "Planted Queue")})
    installation.record_past("support")
    installation.configure(TRACES="otlp")
    installation.start_worker()
    assert installation.brief("support", DAY).state == RunState.DELIVERED
    wait_until(lambda: [span for span in collector.spans() if span.name == "run"], "the root has arrived")
    collector.stop()
    paths = tree(collector.spans())
    assert paths[""] == ["run"]
    assert list(dict.fromkeys(paths["run"])) == list(STEPS)
    assert paths["run/deliver"] == ["deliver by email"]
    requests = [span for span in collector.spans() if "http.request.method" in span.attributes]
    api_requests = [span for span in requests if span.attributes["url.template"] != "/oauth/token"]
    assert len(api_requests) == len([request for request in installation.requests() if "/oauth" not in request["path"]])
    for secret in ("Planted", CLIENT_SECRET, "@example.com", "Bearer", "127.0.0.1"):
        assert secret not in collector.all_text()


def test_a_worker_ends_in_time_if_the_collector_is_away(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Support")}})
    installation.write_groups({"support": group("Support", "Support")})
    installation.record_past("support")
    installation.environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{free_port()}"
    installation.environment["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=planted-collector-key"
    installation.configure(TRACES="otlp")
    worker = installation.start_worker()
    assert installation.brief("support", DAY).state == RunState.DELIVERED
    installation.wait_for_log("worker", "export")
    assert worker.process is not None
    worker.process.terminate()
    assert worker.process.wait(HANG_SECONDS) == 0
    assert "planted-collector-key" not in installation.log("worker")
