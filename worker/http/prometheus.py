"""Prometheus metrics of the system itself, read from Redis. Flower has its own metrics of tasks and workers.

Workers are threads and processes on many machines and come and go. So the counts are in Redis
(`worker.state.counters`), and any server that is scraped reports them all. No label names a group, a queue or a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0, generate_latest
from prometheus_client.registry import Collector

from worker.domain.clock import Clock
from worker.http.known_labels import known_fields
from worker.state import counters as measures
from worker.state.counters import Counters, Field, Mornings
from worker.state.heartbeat import Heartbeat
from worker.state.runs import Runs

CONTENT_TYPE = CONTENT_TYPE_PLAIN_1_0_0

_COUNTERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    measures.REQUESTS: ("Requests to the API by HTTP status; 0 means no answer.", ("organisation", "status")),
    measures.QUOTA_WAITS: ("How often a request had to wait for a permit.", ("organisation",)),
    measures.RUNS: ("Runs that ended, by state and, where it went wrong, cause.", ("state", "code")),
    measures.DELIVERIES: ("Deliveries that ended: sent, refused, unknown.", ("channel", "outcome")),
    measures.NOTICES: ("Notices of finished jobs: woken, idle, refused.", ("outcome",)),
}
_HISTOGRAMS: Mapping[str, tuple[str, tuple[str, ...], tuple[float, ...]]] = {
    measures.TIME_TO_DELIVERY: ("From the claim of a run to its last delivery.", (), measures.SECONDS_BUCKETS),
    measures.REQUESTS_PER_BRIEFING: ("Requests to the API for one run.", ("source",), measures.REQUESTS_BUCKETS),
}


@dataclass(frozen=True, slots=True)
class SystemMetrics(Collector):
    """Reads all metrics at the moment of the scrape."""

    counters: Counters
    runs: Runs
    mornings: Mornings
    heartbeat: Heartbeat
    organisations: tuple[str, ...]
    clock: Clock

    def exposition(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self)

    def collect(self) -> Iterator[Metric]:
        """Yield every metric. prometheus_client calls this."""
        counts = dict.fromkeys(known_fields(self.organisations), 0.0) | self.counters.read()
        yield from (_counter(name, counts) for name in _COUNTERS)
        yield _quota_wait(counts)
        yield from (_histogram(name, counts) for name in _HISTOGRAMS)
        yield GaugeMetricFamily("standup_runs_open", "Runs that have not ended.", self.runs.open_count())
        yield _instant(
            "standup_oldest_open_run_timestamp_seconds",
            "When the oldest run that has not ended was claimed; 0: none is open.",
            self.runs.oldest_open_at(),
        )
        yield from self._today()
        yield _instant(
            "standup_heartbeat_timestamp_seconds",
            "When beat's question last reached a worker; 0: never.",
            self.heartbeat.last(),
        )

    def _today(self) -> Iterator[Metric]:
        """Yield this UTC day's requests and briefings by organisation, whose quotient is the cost of a briefing."""
        labels = ("organisation",)
        requests = GaugeMetricFamily("standup_morning_requests", "Requests to the API today (UTC).", labels=labels)
        briefings = GaugeMetricFamily(
            "standup_morning_briefings", "Runs that got their rows today (UTC).", labels=labels
        )
        for name in self.organisations:
            morning = self.mornings.day_counts(name, self.clock().date())
            requests.add_metric((name,), morning.requests)
            briefings.add_metric((name,), morning.briefings)
        yield from (requests, briefings)


def _instant(name: str, description: str, instant: datetime | None) -> Metric:
    return GaugeMetricFamily(name, description, instant.timestamp() if instant else 0)


def _counter(name: str, counts: Mapping[Field, float]) -> Metric:
    description, labels = _COUNTERS[name]
    family = CounterMetricFamily(name, description, labels=labels)
    for values, amount in _counts_of(name, counts).items():
        family.add_metric(values, amount)
    return family


def _quota_wait(counts: Mapping[Field, float]) -> Metric:
    description = "Time that requests waited for a permit."
    family = CounterMetricFamily("standup_quota_wait_seconds", description, labels=("organisation",))
    for values, milliseconds in _counts_of(measures.QUOTA_WAIT_MILLISECONDS, counts).items():
        family.add_metric(values, milliseconds / 1000)
    return family


def _histogram(name: str, counts: Mapping[Field, float]) -> Metric:
    description, labels, bounds = _HISTOGRAMS[name]
    family = HistogramMetricFamily(name, description, labels=labels)
    counts_of_name = _counts_of(name, counts)
    for values in sorted({field[:-1] for field in counts_of_name}):
        family.add_metric(values, _cumulated(counts_of_name, values, bounds), counts_of_name.get((*values, "sum"), 0.0))
    return family


def _cumulated(
    counts_of_name: Mapping[Field, float], values: Field, bounds: Iterable[float]
) -> list[tuple[str, float]]:
    """Return pairs of upper bound and cumulated count, as Prometheus expects. Redis has a count for each bucket."""
    names = [*(format(bound, "g") for bound in bounds), "+Inf"]
    return list(zip(names, accumulate(counts_of_name.get((*values, name), 0.0) for name in names), strict=True))


def _counts_of(name: str, counts: Mapping[Field, float]) -> dict[Field, float]:
    """Return the counts of one name by the values of their labels."""
    return {field[1:]: amount for field, amount in sorted(counts.items()) if field[0] == name}
