"""Single flight: of all runs that need the same thing, one asks and the others wait for its answer.

The first to come holds the flight by a lease; whoever comes meanwhile gets `BeingFetched`, and is woken when the
answer is there. The answer itself stands elsewhere (`worker.state.answers`): it may name people. A holder that dies
is followed by itself, once its run is resumed, or by another when the lease has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis

from worker.errors import BeingFetched, NotYet
from worker.state import scripts

LEASE_SECONDS = 60.0
"""Longer than a step's requests take together; a dead holder stands in the others' way for no longer."""

AWAIT_SECONDS = 20.0
"""After so long a waiting run looks by itself, should nobody wake it."""

_GRACE_SECONDS = 15.0
"""So long after its own wait the holder is expected back."""


class SingleFlight:
    """Implements `worker.genesys.answer_cache.Flights` on behalf of one run (``who``: its id).

    ``wake`` is called with the ids of the runs that waited, after a flight has ended one way or the other.
    """

    def __init__(self, redis: Redis, who: str, wake: Callable[[Iterable[str]], None]) -> None:
        self._redis = redis
        self._who = who
        self._wake = wake

    @contextmanager
    def flight(self, key: str) -> Iterator[None]:
        """Be the one run that is in this block; `BeingFetched` where another is.

        Leaving it wakes all who wait; not so where the holder has to wait itself: then it comes back to the flight.
        """
        self._enter(key)
        try:
            yield
        except NotYet as error:
            wait_ms = int(((error.retry_after_seconds or 0.0) + _GRACE_SECONDS) * 1000)
            self._call(key, "keep", wait_ms)
            raise
        except BaseException:
            self._land(key)
            raise
        self._land(key)

    def _enter(self, key: str) -> None:
        busy_ms: int = self._call(key, "enter", int(LEASE_SECONDS * 1000))
        if busy_ms:
            wait = min(busy_ms / 1000 + 0.1, AWAIT_SECONDS)
            raise BeingFetched("Another run is asking for this.", flight=key, retry_after_seconds=wait)

    def _land(self, key: str) -> None:
        waiting: list[str] = self._call(key, "land")
        if waiting:
            self._wake(sorted(waiting))

    def _call(self, key: str, op: str, *args: int) -> Any:
        return _call(self._redis, key, op, self._who, *args)


def await_landing(redis: Redis, key: str, who: str) -> bool:
    """Have ``who`` woken when the flight lands; False when it is over already, and there is nothing to wait for."""
    return bool(_call(redis, key, "await", who, int(LEASE_SECONDS * 1000)))


def _call(redis: Redis, key: str, *args: object) -> Any:
    name = f"standup:flight:{key}"
    return scripts.call(redis, "single_flight", [name, f"{name}:waiting"], list(args))
