"""What is counted for the metrics, and under which names; `worker.metrics` shows it."""

from __future__ import annotations

from worker.domain.runs import Run, RunState
from worker.state.counters import Counters

REQUESTS = "standup_api_requests"
QUOTA_WAITS = "standup_quota_waits"
QUOTA_WAIT_MILLISECONDS = "standup_quota_wait_milliseconds"
RUNS = "standup_runs"
DELIVERIES = "standup_deliveries"
NOTICES = "standup_notices"
TIME_TO_DELIVERY = "standup_time_to_delivery_seconds"
REQUESTS_PER_BRIEFING = "standup_requests_per_briefing"

SECONDS_BUCKETS = (5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0)
REQUESTS_BUCKETS = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 50.0, 100.0)

_REACHED = (RunState.DELIVERED, RunState.NOTIFIED, RunState.PARTLY_DELIVERED)


class Measures:
    """What happens, counted."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def request(self, organisation: str, status: int) -> None:
        """One request to an organisation's API was answered with ``status``; 0: not at all."""
        self._counters.add(REQUESTS, organisation, str(status))

    def waited(self, organisation: str, seconds: float) -> None:
        """A request has to wait so long for its permit."""
        self._counters.add(QUOTA_WAITS, organisation)
        self._counters.add(QUOTA_WAIT_MILLISECONDS, organisation, amount=round(seconds * 1000))

    def delivered(self, channel: str, outcome: str) -> None:
        """One delivery has ended: sent, refused, unknown."""
        self._counters.add(DELIVERIES, channel, outcome)

    def noticed(self, outcome: str) -> None:
        """One notice of a finished job was handled: woken, idle, refused."""
        self._counters.add(NOTICES, outcome)

    def run_ended(self, run: Run | None) -> None:
        """A run has come to an end; one that is resumed ends again, one that is forgotten counts no more."""
        if run is None:
            return
        self._counters.add(RUNS, run.state.value, run.code)
        if run.state not in _REACHED or run.finished_at is None:
            return
        took = (run.finished_at - run.created_at).total_seconds()
        self._counters.observe(TIME_TO_DELIVERY, value=took, buckets=SECONDS_BUCKETS)
        self._counters.observe(REQUESTS_PER_BRIEFING, run.source, value=run.requests, buckets=REQUESTS_BUCKETS)
