"""A proxy recognises what the system really sends to Redis at each moment of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.retry import Retry

from tests.chaos.moments import moment
from tests.chaos.proxy import Proxy, Trap
from worker.domain.briefing.history import DayFigures
from worker.domain.deliveries import Delivery, DeliveryState
from worker.domain.runs import NextStep, RunId, Step
from worker.state.deliveries import Deliveries
from worker.state.history import History
from worker.state.runs import Runs

DAY = date(2026, 11, 20)
RUN = RunId("support", DAY)
ADDRESS = "email", "ana@example.com"


def move(redis: Redis, state: DeliveryState, expected: str) -> None:
    Deliveries(redis).move(RUN, Delivery(*ADDRESS, state), (expected,))


CALLS: dict[str, Callable[[Redis], object]] = {
    "claim": lambda redis: Runs(redis).claim(RUN, "beat"),
    "enter": lambda redis: Runs(redis).enter(RUN, Step.HOLIDAY_CHECK, "holder"),
    "renew": lambda redis: Runs(redis).renew([(RUN, "holder", 90.0)]),
    "settle": lambda redis: Runs(redis).settle(RUN, Step.HOLIDAY_CHECK, "holder", NextStep(Step.EXPORT, "open")),
    "plan": lambda redis: Deliveries(redis).plan(RUN, [ADDRESS]),
    "sending": lambda redis: move(redis, "sending", "planned"),
    "sent": lambda redis: move(redis, "sent", "sending"),
    "compose": lambda redis: History(redis).days("support"),
    "remember": lambda redis: History(redis).record("support", DAY, 0, DayFigures({})),
}


@pytest.fixture
def proxy(redis: Redis) -> Iterator[Proxy]:
    """A proxy in front of the empty Redis, which has learnt the scripts."""
    for call in CALLS.values():
        call(redis)
    redis.flushdb()
    proxy = Proxy(redis.connection_pool.connection_kwargs["port"])
    yield proxy
    proxy.stop()


@pytest.mark.parametrize("name", CALLS)
def test_each_moment_is_recognised_and_no_other(name: str, proxy: Proxy) -> None:
    reached: list[str] = []
    for other_name in CALLS:
        proxy.set_trap(Trap(moment(other_name, "before"), partial(_note, reached, other_name)))
    client = Redis(port=proxy.port, decode_responses=True, retry=Retry(NoBackoff(), 0))
    with pytest.raises(ConnectionLost):
        CALLS[name](client)
    assert reached == [name]


def _note(reached: list[str], name: str, _client_port: int) -> None:
    reached.append(name)
