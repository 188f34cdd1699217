"""Delivery records on a real server."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from redis import Redis

from worker.domain.deliveries import Delivery
from worker.domain.runs import RunId
from worker.state.deliveries import Deliveries

RUN = RunId("support", date(2026, 11, 20))
TO = Delivery("email", "ana@example.com", "planned")


@pytest.fixture
def deliveries(redis: Redis) -> Deliveries:
    deliveries = Deliveries(redis)
    deliveries.plan(RUN, [("email", "ana@example.com")])
    return deliveries


def test_planning_twice_keeps_the_state_of_each_delivery(deliveries: Deliveries) -> None:
    deliveries.move(RUN, replace(TO, state="sent", proof="250 ok"), expected=("planned",))
    deliveries.plan(RUN, [("email", "ana@example.com")])
    assert [delivery.state for delivery in deliveries.records(RUN)] == ["sent"]


def test_a_move_from_another_state_than_expected_is_refused(deliveries: Deliveries) -> None:
    assert deliveries.move(RUN, replace(TO, state="sending"), expected=("planned",))
    assert not deliveries.move(RUN, replace(TO, state="sending"), expected=("planned",))


def test_proof_and_message_id_are_stored(deliveries: Deliveries) -> None:
    sent = replace(TO, state="sent", proof="250 2.0.0 Ok: queued as 4F2", message_id="<a@b>")
    deliveries.move(RUN, sent, expected=("planned",))
    assert deliveries.records(RUN) == [sent]


def test_each_revision_has_its_own_records(deliveries: Deliveries) -> None:
    assert deliveries.records(RUN.revised(2)) == []
