"""A fault of a render process meets that process only, and does not count if there is none."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import psutil
import pytest

from tests.chaos.faults import Fault, Kind
from tests.chaos.injecting import Injection
from tests.chaos.stage import Stage, working
from tests.waiting import wait_until


@dataclass
class RenderStage:
    """A stage on which nothing but render processes is running."""

    running: list[psutil.Process] = field(default_factory=list)
    owner: psutil.Process | None = None

    def render_processes(self) -> list[psutil.Process]:
        return self.running

    def owner_of(self, client_port: int) -> tuple[str, psutil.Process] | None:
        return ("threads", self.owner) if client_port and self.owner else None


@pytest.fixture
def programs() -> Iterator[list[subprocess.Popen[bytes]]]:
    programs = [subprocess.Popen([sys.executable, "-c", "import time; time.sleep(900)"]) for _ in range(2)]
    yield programs
    for program in programs:
        program.kill()
        program.wait()


@pytest.fixture
def stage(programs: list[subprocess.Popen[bytes]]) -> RenderStage:
    return RenderStage([psutil.Process(program.pid) for program in programs])


def injection(kind: Kind, stage: RenderStage) -> Injection:
    return Injection(Fault(kind, 0.0), cast(Stage, stage), [], threading.Event())


def test_a_killed_render_process_dies_alone(stage: RenderStage, programs: list[subprocess.Popen[bytes]]) -> None:
    injected = injection("kill_render_process", stage)
    injected.play()
    assert injected.happened
    assert not stage.running[0].is_running()
    assert programs[1].poll() is None


def test_only_the_process_that_reached_the_moment_is_killed(stage: RenderStage) -> None:
    stage.owner = stage.running[1]
    injection("kill_child", stage)._break(1234)
    assert [process.is_running() for process in stage.running] == [True, False]


def test_a_fault_at_random_waits_until_there_is_a_document(stage: RenderStage) -> None:
    victims, stage.running = stage.running, []
    injected = injection("kill_render_process", stage)
    player = threading.Thread(target=injected.play)
    player.start()
    stage.running = victims
    player.join()
    assert injected.happened
    assert not victims[0].is_running()


def test_the_process_that_makes_the_document_is_stopped(stage: RenderStage) -> None:
    stage.owner = stage.running[1]
    stopped = injection("stop_render_process", stage)
    stopped._break(1234)
    wait_until(lambda: stage.running[1].status() == psutil.STATUS_STOPPED, "it is stopped")
    assert stage.running[0].status() != psutil.STATUS_STOPPED
    for repair in stopped.repairs:
        repair()
    wait_until(lambda: stage.running[1].status() != psutil.STATUS_STOPPED, "it goes on")


def test_a_slowed_process_stops_again_and_again(stage: RenderStage) -> None:
    slowed = injection("slow_render_process", stage)
    slowed._break(None)
    for _ in range(2):
        wait_until(lambda: stage.running[0].status() == psutil.STATUS_STOPPED, "it is stopped")
        wait_until(lambda: stage.running[0].status() != psutil.STATUS_STOPPED, "it goes on")
    for repair in slowed.repairs:
        repair()
    wait_until(lambda: stage.running[0].status() != psutil.STATUS_STOPPED, "it goes on")


def test_only_a_process_that_works_makes_a_document(programs: list[subprocess.Popen[bytes]]) -> None:
    busy, idle = subprocess.Popen([sys.executable, "-c", "while True: pass"]), programs[0]
    programs.append(busy)
    processes = [psutil.Process(busy.pid), psutil.Process(idle.pid)]
    wait_until(lambda: processes[1].status() == psutil.STATUS_SLEEPING, "it has started and waits")
    wait_until(lambda: working(processes) == processes[:1], "only the busy one works")


@pytest.mark.parametrize("kind", ["kill_render_process", "stop_render_process", "slow_render_process"])
def test_without_a_render_process_the_fault_does_not_count(kind: Kind) -> None:
    injected = injection(kind, RenderStage())
    injected.is_over.set()
    injected.play()
    assert not injected.happened
    assert injected.fault_instants == []
