"""Redis does what it was asked, and its answer gets lost: the client asks again, and nothing is taken for another's."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from urllib.parse import urlsplit

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from worker.domain.deliveries import Delivery
from worker.domain.runs import Finished, NextStep, RunId, RunState, Step
from worker.state import once
from worker.state.deliveries import Deliveries
from worker.state.runs import Runs

RUN = RunId("support", date(2026, 11, 20))


class Wire:
    """Between client and server; cut once, it lets the next question through and keeps the answer."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.lost = 0
        self._lose_next = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def lose_the_next_answer(self) -> None:
        self._lose_next.set()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._server) as server, suppress(OSError):
            while question := client.recv(65536):
                server.sendall(question)
                answer = server.recv(65536)
                if self._lose_next.is_set() and question.startswith((b"*", b"$")) and b"CLIENT" not in question:
                    self._lose_next.clear()
                    self.lost += 1
                    return
                client.sendall(answer)


@pytest.fixture
def wire(redis_url: str) -> Iterator[Wire]:
    address = urlsplit(redis_url)
    wire = Wire((address.hostname or "", address.port or 0))
    yield wire
    assert wire.lost == 1, "no answer was lost, so this test has shown nothing"
    wire.close()


@pytest.fixture
def redis(wire: Wire) -> Iterator[Redis]:
    retry = Retry(ConstantBackoff(0.01), 3)
    with Redis(port=wire.port, decode_responses=True, retry=retry, single_connection_client=True) as client:
        client.ping()
        yield client


@pytest.fixture
def runs(redis: Redis) -> Runs:
    return Runs(redis)


def test_a_claim_with_a_lost_answer_belongs_to_its_caller(wire: Wire, runs: Runs) -> None:
    runs.claim(RUN.revised(2), "beat")  # so that the script is loaded
    wire.lose_the_next_answer()
    assert runs.claim(RUN, "beat")
    assert not runs.claim(RUN, "beat")
    assert len(runs.timeline(RUN)) == 1


def test_a_lease_with_a_lost_answer_belongs_to_its_holder(wire: Wire, runs: Runs) -> None:
    runs.claim(RUN, "beat")
    runs.enter(RUN.revised(2), Step.HOLIDAY_CHECK, "one")
    wire.lose_the_next_answer()
    assert runs.enter(RUN, Step.HOLIDAY_CHECK, "one")[0] == "mine"
    assert runs.enter(RUN, Step.HOLIDAY_CHECK, "two")[0] == "held"


def test_a_settlement_with_a_lost_answer_is_recorded_once(wire: Wire, runs: Runs) -> None:
    runs.claim(RUN, "beat")
    runs.enter(RUN, Step.HOLIDAY_CHECK, "one")
    runs.settle(RUN, Step.HOLIDAY_CHECK, "nobody", NextStep(Step.EXPORT, "x"))
    wire.lose_the_next_answer()
    assert runs.settle(RUN, Step.HOLIDAY_CHECK, "one", Finished(RunState.FAILED, "failed", {"code": "unexpected"}))
    assert not runs.settle(RUN, Step.HOLIDAY_CHECK, "two", Finished(RunState.FAILED, "failed"))
    assert [event.text for event in runs.timeline(RUN)] == ["claimed by beat", "failed"]


def test_a_delivery_mark_with_a_lost_answer_belongs_to_its_caller(wire: Wire, redis: Redis) -> None:
    deliveries, delivery = Deliveries(redis), Delivery("email", "ana@example.com", "sending")
    deliveries.plan(RUN, [("email", "ana@example.com")])
    deliveries.move(RUN, delivery, expected=("sent",))
    wire.lose_the_next_answer()
    assert deliveries.move(RUN, delivery, expected=("planned",))
    assert not deliveries.move(RUN, delivery, expected=("planned",))
    assert deliveries.records(RUN) == [delivery]


def test_a_one_time_action_with_a_lost_answer_belongs_to_its_caller(wire: Wire, redis: Redis) -> None:
    wire.lose_the_next_answer()
    assert once.claim(redis, "told", 60)
    assert not once.claim(redis, "told", 60)
