"""The traces of runs that this process records."""

from __future__ import annotations

from functools import cache

from redis.exceptions import RedisError

from worker.domain.runs import Event, RunId
from worker.traces.runs import Traces
from worker.wiring import stores
from worker.wiring.process import settings


@cache
def traces() -> Traces:
    """Return what records the traces of this process, or nothing if no setting asks for them."""
    return Traces(settings().traces, timeline)


def timeline(run_id: RunId) -> list[Event]:
    """Return the events of a run, or none if Redis is away: a trace must not stop a step."""
    try:
        return stores.runs().timeline(run_id)
    except RedisError:
        return []
