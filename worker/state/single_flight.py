"""Single flight: of all runs that need the same answer, one sends the request and the others wait for it.

The first run holds the flight by a lease. The others get `BeingFetched` and are woken when the answer has arrived, at
the end of the holder's step: it may ask for more that they need, and each of them would wait again for that. The
answer itself is stored elsewhere (`worker.state.files.answers`), because it may contain names. If the holder dies, its
resumed run or, when the lease has ended, another run takes over.

Most answers arrive within two seconds, and to end a step and begin it again takes two messages. So a run first waits
for a moment in its step (`ShortWaits`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from redis import Redis

from worker.errors import BeingFetched, NotYet
from worker.state import scripts

LEASE_SECONDS = 60.0
"""Longer than most requests take. Another run may send a slower one again. A dead one blocks them this long."""

AWAIT_SECONDS = 20.0
"""How long a waiting run waits for its wake-up before it looks by itself."""

_GRACE_SECONDS = 15.0
"""How long after its own wait the holder is expected back."""


SHORT_WAIT_SECONDS = 2.0
"""How long a run waits in its step for an answer, which occupies a thread."""

FIRST_LOOK_SECONDS, LONGEST_LOOK_SECONDS = 0.1, 0.4
"""How long before the first look whether the flight has landed. Each further one takes twice as long, within bounds."""

PAUSE_SECONDS = 10.0
"""How long no run waits in its step after a wait in vain, or after a request had to wait for its permit.

The API is slow or the quota is scarce, and threads are needed for the runs whose turn comes.
"""

Wake = Callable[[Iterable[str]], None]


class ShortWaits:
    """The waits in steps of one process, which its threads share."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._resume_at = clock()

    def pause(self) -> None:
        """Let no run wait in its step for a while. Waits that have begun end at their next look."""
        self._resume_at = self._clock() + PAUSE_SECONDS

    def while_busy(self, ask: Callable[[], int]) -> int:
        """Return what ``ask`` answers. While that is positive, ask again, for a moment at most."""
        answer, ends_at, pause = ask(), self._clock() + SHORT_WAIT_SECONDS, FIRST_LOOK_SECONDS
        while answer > 0 and (now := self._clock()) >= self._resume_at:
            if now >= ends_at:
                self.pause()
                break
            self._sleep(pause)
            pause = min(2 * pause, LONGEST_LOOK_SECONDS)
            answer = ask()
        return answer


class WakeList:
    """The runs to be woken when a step ends."""

    def __init__(self) -> None:
        self._run_ids: set[str] = set()
        self._wake: Wake = lambda _: None

    def add(self, run_ids: Iterable[str], wake: Wake) -> None:
        """Have these runs woken. All flights of a step wake runs in the same way."""
        self._run_ids.update(run_ids)
        self._wake = wake

    def wake_all(self) -> None:
        """Wake each run once."""
        if self._run_ids:
            self._wake(sorted(self._run_ids))


_of_this_step: ContextVar[WakeList | None] = ContextVar("the runs to be woken when this step ends", default=None)


@contextmanager
def wakes_at_the_end() -> Iterator[None]:
    """Wake the runs that wait for flights of this block when it ends, with or without an error.

    A worker that is killed inside wakes none of them. They look by themselves after `AWAIT_SECONDS` at the latest.
    """
    wake_list = WakeList()
    token = _of_this_step.set(wake_list)
    try:
        yield
    finally:
        _of_this_step.reset(token)
        wake_list.wake_all()


class SingleFlight:
    """Implements `worker.genesys.answer_cache.Flights` for one run. ``holder`` is the run's id.

    ``wake`` is called with the ids of the waiting runs when a flight has ended, with an answer or without. Inside
    `wakes_at_the_end` it is called once for all flights. Without ``short_waits`` a run never waits in its step.
    """

    def __init__(self, redis: Redis, holder: str, wake: Wake, short_waits: ShortWaits | None = None) -> None:
        self._redis = redis
        self._holder = holder
        self._wake = wake
        self._short_waits = short_waits

    @contextmanager
    def flight(self, key: str) -> Iterator[None]:
        """Be the only run inside this block, or raise `BeingFetched` if another is.

        Leaving the block wakes the waiting runs, except if the holder itself has to wait: it will return to the flight.
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
        def ask() -> int:
            busy_ms: int = self._call(key, "enter", int(LEASE_SECONDS * 1000))
            return busy_ms

        answer = self._short_waits.while_busy(ask) if self._short_waits else ask()
        if answer:
            wait = min(abs(answer) / 1000 + 0.1, AWAIT_SECONDS)
            raise BeingFetched("Another run is requesting this.", flight=key, retry_after_seconds=wait)

    def _land(self, key: str) -> None:
        waiting: list[str] = self._call(key, "land")
        wake_list = _of_this_step.get()
        if wake_list:
            wake_list.add(waiting, self._wake)
        elif waiting:
            self._wake(sorted(waiting))

    def _call(self, key: str, operation: str, *args: int) -> Any:
        return _call(self._redis, key, operation, self._holder, *args)


class Landings:
    """Lets runs wait for the flights of others."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def await_landing(self, key: str, run_id: str) -> bool:
        """Have the run woken when the flight lands. False if it has landed already, so that there is no wait."""
        return bool(_call(self._redis, key, "await", run_id, int(LEASE_SECONDS * 1000)))


def _call(redis: Redis, key: str, *args: object) -> Any:
    name = f"standup:flight:{key}"
    return scripts.call(redis, "single_flight", [name, f"{name}:waiting"], list(args))
