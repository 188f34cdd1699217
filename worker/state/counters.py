"""Counters that all workers add to: one hash in Redis, a field per name and labels.

A count that cannot be written is dropped and logged, because no briefing waits for a statistic.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import cast

import structlog
from redis import Redis
from redis.exceptions import RedisError

from worker.domain.runs import Run, RunId, RunState

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
    """Counts events of requests, deliveries, notices and runs."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def request(self, organisation: str, status: int) -> None:
        """Count a request to an organisation's API by the ``status`` of its answer, 0 without an answer."""
        self._counters.add(REQUESTS, organisation, str(status))

    def waited_for_permit(self, organisation: str, seconds: float) -> None:
        """Count a request that has to wait for its permit, and how long."""
        self._counters.add(QUOTA_WAITS, organisation)
        self._counters.add(QUOTA_WAIT_MILLISECONDS, organisation, amount=round(seconds * 1000))

    def delivered(self, channel: str, outcome: str) -> None:
        """Count a finished delivery: sent, refused, unknown."""
        self._counters.add(DELIVERIES, channel, outcome)

    def noticed(self, outcome: str) -> None:
        """Count a notice of a finished job: woken, idle, refused."""
        self._counters.add(NOTICES, outcome)

    def run_ended(self, run: Run | None) -> None:
        """Count a finished run. A run that is resumed ends again. None (a deleted run) does not count."""
        if run is None:
            return
        self._counters.add(RUNS, run.state.value, run.code)
        if run.state not in _REACHED or run.finished_at is None:
            return
        took = (run.finished_at - run.created_at).total_seconds()
        self._counters.observe(TIME_TO_DELIVERY, value=took, buckets=SECONDS_BUCKETS)
        self._counters.observe(REQUESTS_PER_BRIEFING, run.source, value=run.requests, buckets=REQUESTS_BUCKETS)


KEEP_SECONDS = 8 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Morning:
    """Requests to an organisation's API on a UTC day, and the briefings whose rows came from them."""

    organisation: str
    day: date
    requests: int
    briefings: int

    @property
    def requests_per_briefing(self) -> float | None:
        """None before the first briefing."""
        return self.requests / self.briefings if self.briefings else None


class Mornings:
    """Daily counts in one Redis database. ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def request(self, organisation: str, day: date) -> None:
        """Count a request."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.incr(_requests(organisation, day))
            pipe.expire(_requests(organisation, day), KEEP_SECONDS)
            pipe.execute()

    def rows(self, organisation: str, day: date, run_id: RunId) -> None:
        """Count a run that has its rows. It counts once, however often this is called."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.sadd(_briefings(organisation, day), str(run_id))
            pipe.expire(_briefings(organisation, day), KEEP_SECONDS)
            pipe.execute()

    def day_counts(self, organisation: str, day: date) -> Morning:
        """Return the counts of a day."""
        requests = cast("str | None", self._redis.get(_requests(organisation, day)))
        return Morning(organisation, day, int(requests or 0), self._redis.scard(_briefings(organisation, day)))


def _requests(organisation: str, day: date) -> str:
    return f"standup:morning:{day}:{organisation}:requests"


def _briefings(organisation: str, day: date) -> str:
    return f"standup:morning:{day}:{organisation}:briefings"


_KEY = "standup:counters"

Field = tuple[str, ...]
"""A counter's name and its labels' values, in their order."""

log = structlog.get_logger("standup.counters")


class Counters:
    """Counters in one Redis database. ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def add(self, name: str, *labels: str, amount: int = 1) -> None:
        """Add to a counter."""
        self._write_or_log(lambda: self._redis.hincrby(_KEY, _field(name, labels), amount))

    def observe(self, name: str, *labels: str, value: float, buckets: tuple[float, ...]) -> None:
        """Add a value to a histogram: to the bucket that it falls into, and to the sum.

        The fields are ``(name, labels…, upper bound)``, not cumulative, and ``(name, labels…, "sum")``.
        """
        bound = next((format(limit, "g") for limit in buckets if value <= limit), "+Inf")

        def write() -> None:
            with self._redis.pipeline() as pipe:
                pipe.hincrby(_KEY, _field(name, (*labels, bound)), 1)
                pipe.hincrbyfloat(_KEY, _field(name, (*labels, "sum")), value)
                pipe.execute()

        self._write_or_log(write)

    def read(self) -> dict[Field, float]:
        """Return all counts."""
        fields = cast("dict[str, str]", self._redis.hgetall(_KEY))
        return {tuple(json.loads(field)): float(value) for field, value in fields.items()}

    def _write_or_log(self, write: Callable[[], object]) -> None:
        try:
            write()
        except RedisError as error:
            log.warning("not counted", error=type(error).__name__)


def _field(name: str, labels: tuple[str, ...]) -> str:
    return json.dumps([name, *labels])
