"""Counts from all workers, in Prometheus' text format."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from worker.domain.deliveries import Delivery
from worker.domain.runs import Run, RunId, RunState, Step
from worker.http.prometheus import SystemMetrics
from worker.state.counters import Counters, Measures, Mornings
from worker.state.deliveries import Deliveries
from worker.state.heartbeat import Heartbeat
from worker.state.runs import Runs

BEGUN = datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.fixture
def metrics(redis: Redis) -> SystemMetrics:
    return SystemMetrics(Counters(redis), Runs(redis), Mornings(redis), Heartbeat(redis), (), lambda: BEGUN)


@pytest.fixture
def measures(redis: Redis) -> Measures:
    return Measures(Counters(redis))


def samples(metrics: SystemMetrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def value(metrics: SystemMetrics, name: str, **labels: str) -> float:
    return samples(metrics)[name, frozenset(labels.items())]


def run(state: RunState, seconds: float = 45, **fields: object) -> Run:
    run_id = RunId("support", date(2026, 11, 19))
    finished = BEGUN + timedelta(seconds=seconds)
    return Run(run_id, state, Step.DELIVER, "beat", BEGUN, run_id.reporting_day, finished_at=finished, **fields)


def test_the_gauges_start_at_zero(metrics: SystemMetrics) -> None:
    assert value(metrics, "standup_runs_open") == 0
    assert value(metrics, "standup_heartbeat_timestamp_seconds") == 0


def test_the_oldest_open_run_is_known_by_its_claim(redis: Redis, metrics: SystemMetrics) -> None:
    assert value(metrics, "standup_oldest_open_run_timestamp_seconds") == 0
    runs = Runs(redis)
    runs.claim(RunId("missed", date(2026, 11, 18)), "beat", state="missed")
    runs.claim(RunId("oldest", date(2026, 11, 19)), "beat")
    runs.claim(RunId("newest", date(2026, 11, 19)), "beat")
    oldest = runs.get(RunId("oldest", date(2026, 11, 19)))
    assert oldest is not None
    assert value(metrics, "standup_oldest_open_run_timestamp_seconds") == oldest.created_at.timestamp()


def test_counters_of_known_labels_start_at_zero(redis: Redis) -> None:
    metrics = SystemMetrics(Counters(redis), Runs(redis), Mornings(redis), Heartbeat(redis), ("main",), lambda: BEGUN)
    assert value(metrics, "standup_runs_total", state="failed", code="permission_missing") == 0
    assert value(metrics, "standup_runs_total", state="missed", code="missed") == 0
    assert value(metrics, "standup_deliveries_total", channel="slack", outcome="refused") == 0
    assert value(metrics, "standup_api_requests_total", organisation="main", status="429") == 0
    assert value(metrics, "standup_quota_wait_seconds_total", organisation="main") == 0
    assert value(metrics, "standup_time_to_delivery_seconds_count") == 0
    assert value(metrics, "standup_requests_per_briefing_count", source="exports") == 0


def test_counts_of_many_workers_add_up(metrics: SystemMetrics, measures: Measures) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: measures.request("main", 200 if n % 4 else 429), range(80)))
    assert value(metrics, "standup_api_requests_total", organisation="main", status="200") == 60
    assert value(metrics, "standup_api_requests_total", organisation="main", status="429") == 20


def test_waiting_for_quota_is_counted_and_summed_in_seconds(metrics: SystemMetrics, measures: Measures) -> None:
    measures.waited_for_permit("main", 0.25)
    measures.waited_for_permit("main", 1.5)
    assert value(metrics, "standup_quota_waits_total", organisation="main") == 2
    assert value(metrics, "standup_quota_wait_seconds_total", organisation="main") == 1.75


def test_a_delivered_run_counts_its_duration_and_its_requests(metrics: SystemMetrics, measures: Measures) -> None:
    measures.run_ended(run(RunState.DELIVERED, 45, source="queries", requests=2))
    measures.run_ended(run(RunState.NOTIFIED, 60, source="queries", requests=0))
    measures.run_ended(run(RunState.PARTLY_DELIVERED, 5000, source="exports", requests=200))
    name = "standup_time_to_delivery_seconds"
    assert value(metrics, f"{name}_bucket", le="30") == 0
    assert value(metrics, f"{name}_bucket", le="60") == 2
    assert value(metrics, f"{name}_bucket", le="3600") == 2
    assert value(metrics, f"{name}_bucket", le="+Inf") == value(metrics, f"{name}_count") == 3
    assert value(metrics, f"{name}_sum") == 5105
    assert value(metrics, "standup_requests_per_briefing_bucket", source="queries", le="2") == 2
    assert value(metrics, "standup_requests_per_briefing_sum", source="exports") == 200


def test_a_failed_run_is_counted_only_by_its_cause(metrics: SystemMetrics, measures: Measures) -> None:
    measures.run_ended(run(RunState.FAILED, code="poll_timeout"))
    assert value(metrics, "standup_runs_total", state="failed", code="poll_timeout") == 1
    assert value(metrics, "standup_time_to_delivery_seconds_count") == 0


def test_deliveries_are_counted_when_they_end_and_once(
    redis: Redis, metrics: SystemMetrics, measures: Measures
) -> None:
    deliveries = Deliveries(redis, lambda delivery: measures.delivered(delivery.channel, delivery.state))
    run_id = RunId("support", date(2026, 11, 19))
    deliveries.move(run_id, Delivery("email", "a@example.com", "planned"), expected=("",))
    for _ in range(2):
        deliveries.move(run_id, Delivery("email", "a@example.com", "sending"), expected=("planned",))
        deliveries.move(run_id, Delivery("email", "a@example.com", "sent"), expected=("sending",))
    assert value(metrics, "standup_deliveries_total", channel="email", outcome="sent") == 1


def test_no_label_names_a_group_or_a_person(metrics: SystemMetrics, measures: Measures) -> None:
    measures.run_ended(run(RunState.DELIVERED, source="queries"))
    measures.delivered("email", "sent")
    assert "support" not in metrics.exposition().decode()


def test_a_count_that_cannot_be_written_is_dropped_without_an_error() -> None:
    unreachable = Redis(port=1, retry=Retry(NoBackoff(), 0))
    Counters(unreachable).add("standup_runs", "delivered", "")
