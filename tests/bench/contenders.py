"""Processes that contend for permits, all at once: our bucket, two well-known libraries, and bare PING as the floor.

Each contender takes permits as fast as it gets them, as its limiter is meant to be used. Our bucket returns a wait and
is never asked twice. `pyrate-limiter` waits inside and asks again. `limits` refuses, returns when its window resets,
and is asked again then.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from redis import Redis
from redis.connection import AbstractConnection

from worker.state.token_bucket import TokenBucket

PROCESSES = 8
Take = Callable[[float], bool]
"""Take one permit or give up at a deadline of `time.time`. Return whether there is one."""


@dataclass(frozen=True)
class Round:
    """What all contenders do: ``limit`` permits per ``period`` seconds, from ``begin`` for ``seconds``."""

    limiter: str
    key: str
    limit: int
    period: float
    begin: float
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """When permits were used, and how often Redis was asked for them."""

    uses: list[float]
    trips: int


class Contenders:
    """A pool of processes. Leaving the ``with`` block ends them."""

    def __init__(self, url: str) -> None:
        context = multiprocessing.get_context("spawn")
        pipes = [context.Pipe() for _ in range(PROCESSES)]
        self._ends = [parent_end for parent_end, _ in pipes]
        self._processes = [context.Process(target=_serve, args=(url, child_end), daemon=True) for _, child_end in pipes]

    def __enter__(self) -> Contenders:
        for process in self._processes:
            process.start()
        for end in self._ends:
            end.recv()  # ready
        return self

    def __exit__(self, *_: object) -> None:
        for end in self._ends:
            end.send(None)
        for process in self._processes:
            process.join(10)

    def contend(self, count: int, limiter: str, limit: int, period: float, seconds: float) -> Outcome:
        """Let so many contend, spread over the processes."""
        shares = [count // PROCESSES + (n < count % PROCESSES) for n in range(PROCESSES)]
        begin = time.time() + 0.3
        contest = Round(limiter, f"bench-{limiter}-{count}-{limit}-{begin:.3f}", limit, period, begin, seconds)
        for end, threads in zip(self._ends, shares, strict=True):
            end.send((contest, threads))
        outcomes = [end.recv() for end in self._ends]
        return Outcome(
            sorted(use for outcome in outcomes for use in outcome.uses), sum(outcome.trips for outcome in outcomes)
        )


class _Trips(threading.local):
    """Counts what leaves for Redis, by thread."""

    count = 0

    def watch(self) -> None:
        """Begin to count in this process."""
        send = AbstractConnection.send_packed_command

        def counted(connection: AbstractConnection, *args: Any, **kwargs: Any) -> Any:
            self.count += 1
            return send(connection, *args, **kwargs)

        AbstractConnection.send_packed_command = counted


_trips = _Trips()


def _serve(url: str, end: Connection) -> None:
    _trips.watch()
    end.send("ready")
    while (contest := end.recv()) is not None:
        round_, threads = contest
        end.send(_play(url, round_, threads))


def _play(url: str, contest: Round, threads: int) -> Outcome:
    if not threads:
        return Outcome([], 0)
    with ThreadPoolExecutor(threads) as pool:
        outcomes = list(pool.map(lambda _: _take_all(url, contest), range(threads)))
    return Outcome([use for outcome in outcomes for use in outcome.uses], sum(outcome.trips for outcome in outcomes))


def _take_all(url: str, contest: Round) -> Outcome:
    """Take permits until the time is up. Only requests that led to a permit are counted."""
    take = _LIMITERS[contest.limiter](url, contest)
    take(0)  # connects
    time.sleep(max(0.0, contest.begin - time.time()))
    deadline = contest.begin + contest.seconds
    uses: list[float] = []
    trips_before = _trips.count
    trips = 0
    while take(deadline):
        uses.append(time.time())
        trips = _trips.count - trips_before
    return Outcome(uses, trips)


def _ping(url: str, _: Round) -> Take:
    redis = Redis.from_url(url)

    def take(deadline: float) -> bool:
        redis.ping()
        return time.time() < deadline

    return take


def _token_bucket(url: str, contest: Round) -> Take:
    redis = Redis.from_url(url, decode_responses=True)
    bucket = TokenBucket(redis, contest.key, contest.limit, contest.period)

    def take(deadline: float) -> bool:
        remaining_seconds = deadline - time.time()
        if remaining_seconds <= 0:
            return redis.ping() is None
        grant = bucket.reserve(remaining_seconds)
        if grant.wait_seconds:
            time.sleep(min(grant.wait_seconds, remaining_seconds))
        return grant.granted

    return take


def _pyrate(url: str, contest: Round) -> Take:
    from pyrate_limiter import Limiter, Rate, RedisBucket

    rate = Rate(contest.limit, round(contest.period * 1000))
    limiter = Limiter(RedisBucket.init([rate], Redis.from_url(url), contest.key))

    def take(deadline: float) -> bool:
        remaining_seconds = deadline - time.time()
        return remaining_seconds > 0 and bool(limiter.try_acquire("bench", timeout=remaining_seconds))

    return take


def _limits(url: str, contest: Round) -> Take:
    from limits import RateLimitItemPerSecond
    from limits.storage import RedisStorage
    from limits.strategies import MovingWindowRateLimiter

    limiter = MovingWindowRateLimiter(RedisStorage(url))
    item = RateLimitItemPerSecond(contest.limit, round(contest.period))

    def take(deadline: float) -> bool:
        if not deadline:
            limiter.get_window_stats(item, contest.key)
        while time.time() < deadline:
            if limiter.hit(item, contest.key):
                return True
            reset = limiter.get_window_stats(item, contest.key).reset_time
            time.sleep(min(max(0.001, reset - time.time()), max(0.0, deadline - time.time())))
        return False

    return take


_LIMITERS: dict[str, Callable[[str, Round], Take]] = {
    "ping": _ping,
    "ours": _token_bucket,
    "pyrate-limiter": _pyrate,
    "limits": _limits,
}
