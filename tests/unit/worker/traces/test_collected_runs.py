"""What a collector receives of runs: one tree each, also of several processes and of a run that was resumed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.collector import Collector, Span, tree
from worker.domain.runs import Event, Run, RunId, RunState, Step
from worker.errors import DeliveryRefused
from worker.traces import exchanges, exporter
from worker.traces.runs import Traces

RUN_ID = RunId("support-emea", date(2026, 11, 19))
BEGUN = datetime(2026, 11, 20, 6, tzinfo=UTC)
ENDED = BEGUN + timedelta(seconds=40)
RUN = Run(RUN_ID, RunState.DELIVERED, Step.DELIVER, "beat", BEGUN, RUN_ID.reporting_day, finished_at=ENDED)
CLAIMED = Event(BEGUN, "", "claimed by beat")
RESUMED = Event(BEGUN + timedelta(minutes=5), "", "resumed by operator")


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    collector = Collector()
    for name, value in collector.environment.items():
        monkeypatch.setenv(name, value)
    yield collector
    collector.stop()


def new_process(timeline: list[Event]) -> Traces:
    """Return the traces of another process, which shares nothing with earlier ones."""
    exporter.tracer.cache_clear()
    return Traces("otlp", lambda _: timeline)


def sent(traces: Traces) -> None:
    """Have all spans so far sent to the collector."""
    assert traces._tracer is not None
    assert traces._tracer.span_processor.force_flush()


def step(traces: Traces, step: Step, outcome: str) -> None:
    with traces.step(RUN_ID, step) as report:
        report(outcome)


def span_called(collector: Collector, name: str) -> Span:
    (span,) = [span for span in collector.spans() if span.name == name]
    return span


def test_a_run_of_several_processes_is_one_tree(collector: Collector) -> None:
    first, second = new_process([CLAIMED]), new_process([CLAIMED])
    step(first, Step.EXPORT, "export started")
    step(second, Step.POLL, "rows fetched")
    second.run_ended(RUN)
    sent(first)
    sent(second)
    assert tree(collector.spans()) == {"": ["run"], "run": ["export", "poll"]}


def test_the_root_has_the_times_of_the_run_and_its_documented_id(collector: Collector) -> None:
    traces = new_process([CLAIMED])
    traces.run_ended(replace(RUN, source="queries", requests=7))
    sent(traces)
    root = span_called(collector, "run")
    assert (root.begun_ns, root.ended_ns) == (BEGUN.timestamp() * 1e9, ENDED.timestamp() * 1e9)
    assert root.trace_id == "bbcb24cdcdf0c4d5e3b21f3a86d44fd2"
    assert root.attributes == {
        "standup.run": "support-emea:2026-11-19",
        "standup.group": "support-emea",
        "standup.state": "delivered",
        "standup.source": "queries",
        "standup.requests": "7",
    }


def test_what_a_resumed_run_does_is_below_a_span_of_its_own(collector: Collector) -> None:
    failed = replace(RUN, state=RunState.FAILED, code="poll_timeout")
    first, second = new_process([CLAIMED]), new_process([CLAIMED, RESUMED])
    step(first, Step.POLL, "failed: poll_timeout")
    first.run_ended(failed)
    sent(first)
    step(second, Step.POLL, "rows fetched")
    second.run_ended(replace(RUN, finished_at=RESUMED.time + timedelta(seconds=9)))
    sent(second)
    names = {path: sorted(names) for path, names in tree(collector.spans()).items()}
    assert names == {"": ["run"], "run": ["poll", "run resumed"], "run/run resumed": ["poll"]}
    assert span_called(collector, "run").error == "poll_timeout"
    assert span_called(collector, "run resumed").error == ""
    assert span_called(collector, "run resumed").begun_ns == RESUMED.time.timestamp() * 1e9


def test_a_request_and_a_delivery_are_below_their_step(collector: Collector) -> None:
    traces = new_process([CLAIMED])
    with traces.step(RUN_ID, Step.EXPORT):
        with exchanges.request("GET", "/api/v2/routing/queues/{queueId}", "main") as record_status:
            record_status(404)
        with pytest.raises(DeliveryRefused), exchanges.delivery("email", 2):
            raise DeliveryRefused("550 mia@example.com")
    traces.run_ended(RUN)
    sent(traces)
    request, delivery = "GET /api/v2/routing/queues/{queueId}", "deliver by email"
    assert tree(collector.spans()) == {"": ["run"], "run": ["export"], "run/export": [request, delivery]}
    assert (span_called(collector, request).kind, span_called(collector, request).error) == ("client", "404")
    assert span_called(collector, request).attributes["http.response.status_code"] == "404"
    assert span_called(collector, delivery).attributes == {
        "standup.channel": "email",
        "standup.attempt": "2",
        "error.type": "delivery_refused",
    }
    assert "mia@" not in collector.all_text()


def test_the_text_of_an_error_that_ends_a_step_is_not_sent(collector: Collector) -> None:
    traces = new_process([CLAIMED])
    with pytest.raises(ValueError, match="mia"), traces.step(RUN_ID, Step.EXPORT):
        raise ValueError("mia@example.com")
    sent(traces)
    assert span_called(collector, "export").error == "ValueError"
    assert "mia@" not in collector.all_text()


def test_outside_of_a_step_nothing_is_sent(collector: Collector) -> None:
    traces = new_process([CLAIMED])
    with exchanges.request("GET", "/api/v2/users", "main") as record_status:
        record_status(200)
    traces.run_ended(RUN)
    sent(traces)
    assert [span.name for span in collector.spans()] == ["run"]


def test_a_sampler_keeps_or_drops_whole_trees(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.5")
    traces = new_process([CLAIMED])
    for number in range(40):
        run_id = RunId(f"group-{number}", RUN_ID.reporting_day)
        with traces.step(run_id, Step.EXPORT) as report:
            report("export started")
        traces.run_ended(replace(RUN, id=run_id))
    sent(traces)
    steps, runs = ({span.trace_id for span in collector.spans() if span.name == name} for name in ("export", "run"))
    assert steps == runs
    assert 0 < len(runs) < 40


def test_without_a_timeline_a_step_is_below_the_root(collector: Collector) -> None:
    traces = new_process([])
    step(traces, Step.EXPORT, "export started")
    traces.run_ended(RUN)
    sent(traces)
    assert tree(collector.spans()) == {"": ["run"], "run": ["export"]}
