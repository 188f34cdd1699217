"""What each organisation was asked on each UTC day, and for how many briefings, for the operator and the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from redis import Redis

from worker.domain.runs import RunId

KEEP_SECONDS = 8 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Morning:
    """Requests to an organisation's API on a UTC day, and the briefings whose rows came of them."""

    organisation: str
    day: date
    requests: int
    briefings: int

    @property
    def requests_per_briefing(self) -> float | None:
        """None before the first briefing."""
        return self.requests / self.briefings if self.briefings else None


class Mornings:
    """Counts in one Redis database; ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def request(self, organisation: str, day: date) -> None:
        """One more request."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.incr(_requests(organisation, day))
            pipe.expire(_requests(organisation, day), KEEP_SECONDS)
            pipe.execute()

    def rows(self, organisation: str, day: date, run_id: RunId) -> None:
        """A run has its rows; however often that is said, it counts once."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.sadd(_briefings(organisation, day), str(run_id))
            pipe.expire(_briefings(organisation, day), KEEP_SECONDS)
            pipe.execute()

    def of(self, organisation: str, day: date) -> Morning:
        """The counts of a day."""
        requests = cast("str | None", self._redis.get(_requests(organisation, day)))
        return Morning(organisation, day, int(requests or 0), self._redis.scard(_briefings(organisation, day)))


def _requests(organisation: str, day: date) -> str:
    return f"standup:morning:{day}:{organisation}:requests"


def _briefings(organisation: str, day: date) -> str:
    return f"standup:morning:{day}:{organisation}:briefings"
