"""Single orders of events that were once handled wrongly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.integration.model.model_clock import ModelClock, scripts_by_model_clock
from tests.integration.model.world import RECIPIENTS, RUN, World, steps_in
from worker.domain.runs import STEPS, RunId, RunState
from worker.state.files.artifacts import Artifacts


@pytest.fixture
def world(redis: Redis) -> Iterator[World]:
    """A run whose last step is to be done."""
    with scripts_by_model_clock(redis):
        world = World(redis, Artifacts("memory://run-stories"), ModelClock(redis))
        with steps_in(world):
            world.beat().finish()
            for _ in STEPS[:-1]:
                world.receive(world.messages[-1]).finish()
            yield world


def end_silent_runs(world: World) -> None:
    world.clock.advance(61)
    sent = len(world.messages)
    world.sweep().finish()
    for message in world.messages[sent:]:
        world.receive(message).finish()


def state_of(world: World, run_id: RunId) -> RunState:
    run = world.runs.get(run_id)
    assert run is not None
    return run.state


def test_a_run_that_everyone_has_is_delivered_though_a_rerun_has_begun(world: World) -> None:
    worker = world.receive(world.messages[-1])
    while sum(world.accepted.values()) < len(RECIPIENTS) or any(
        record.state != "sent" for record in world.deliveries.records(RUN)
    ):
        worker.proceed()
    world.kill(worker)
    world.rerun().finish()
    end_silent_runs(world)
    assert state_of(world, RUN) == RunState.DELIVERED


def test_a_mail_of_a_dead_worker_is_unknown_when_a_rerun_ends_its_run(world: World) -> None:
    worker = world.receive(world.messages[-1])
    while not world.accepted:
        worker.proceed()
    world.kill(worker)
    world.rerun().finish()
    end_silent_runs(world)
    assert state_of(world, RUN) == RunState.SKIPPED
    assert [record.state for record in world.deliveries.records(RUN)] == ["unknown", "refused"]


def test_a_resend_does_not_repeat_a_mail_that_went_out_after_it_had_looked(world: World) -> None:
    worker = world.receive(world.messages[-1], "silent")
    while not world.deliveries.records(RUN):
        worker.proceed()
    resend = world.resend(RUN)
    resend.proceed(4)  # it has read the run and its deliveries
    worker.finish()
    resend.finish()
    end_silent_runs(world)
    assert set(world.accepted.values()) == {1}
