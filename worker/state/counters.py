"""Counts that all workers add to, for the metrics: one hash in Redis, a field per name and labels.

A count that cannot be written is dropped and logged: no briefing waits for a statistic.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

import structlog
from redis import Redis
from redis.exceptions import RedisError

_KEY = "standup:counters"

Field = tuple[str, ...]
"""A counter's name and its labels' values, in their order."""

log = structlog.get_logger("standup.counters")


class Counters:
    """Counters in one Redis database; ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def add(self, name: str, *labels: str, amount: int = 1) -> None:
        """Add to a counter."""
        self._quietly(lambda: self._redis.hincrby(_KEY, _field(name, labels), amount))

    def observe(self, name: str, *labels: str, value: float, buckets: tuple[float, ...]) -> None:
        """Add a value to a histogram: to the bucket that it falls into, and to the sum.

        The fields are ``(name, labels…, upper bound)``, each bucket by itself, and ``(name, labels…, "sum")``.
        """
        bound = next((format(each, "g") for each in buckets if value <= each), "+Inf")

        def write() -> None:
            with self._redis.pipeline() as pipe:
                pipe.hincrby(_KEY, _field(name, (*labels, bound)), 1)
                pipe.hincrbyfloat(_KEY, _field(name, (*labels, "sum")), value)
                pipe.execute()

        self._quietly(write)

    def read(self) -> dict[Field, float]:
        """All counts."""
        found = cast("dict[str, str]", self._redis.hgetall(_KEY))
        return {tuple(json.loads(field)): float(value) for field, value in found.items()}

    def _quietly(self, write: Callable[[], object]) -> None:
        try:
            write()
        except RedisError as error:
            log.warning("not counted", error=type(error).__name__)


def _field(name: str, labels: tuple[str, ...]) -> str:
    return json.dumps([name, *labels])
