"""One function for each kind of fault of processes: it kills or stops some, and returns what repairs that."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import psutil

from tests.chaos.faults import Fault
from tests.chaos.stage import Stage

Repair = Callable[[], None]
Break = Callable[[Stage, Fault, int | None], Repair | None]
"""Gets the stage, the fault, and the port of the connection that has reached the fault's moment, None at random.

Returns None if there is nothing to break.
"""

RUNNING_SECONDS, PAUSED_SECONDS = 0.05, 0.45
"""A slowed process gets a tenth of its time."""


def leave_to_the_programs() -> None:
    """Repair nothing: the supervisor restarts what is dead, and the programs connect again."""


def _victim(stage: Stage, fault: Fault, client_port: int | None) -> tuple[str, list[psutil.Process]]:
    """Return the program that the fault meets and its processes, the one that reached the moment first."""
    owner = stage.owner_of(client_port) if client_port else None
    if owner is None:
        return fault.worker, stage.processes(fault.worker)
    name, process = owner
    return name, [process, *(sibling for sibling in stage.processes(name) if sibling != process)]


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=5)


def kill_worker(stage: Stage, fault: Fault, client_port: int | None) -> Repair:
    """Kill all of its processes, as a machine that loses power does."""
    kill(_victim(stage, fault, client_port)[1])
    return leave_to_the_programs


def kill_main_process(stage: Stage, fault: Fault, client_port: int | None) -> Repair:
    name, _ = _victim(stage, fault, client_port)
    kill(stage.processes(name)[:1])
    return leave_to_the_programs


def kill_child(stage: Stage, fault: Fault, client_port: int | None) -> Repair:
    """Kill the process that reached the moment, or one of the prefork pool, as a system without memory does.

    In the worker with threads that is the main process, whose render processes live on.
    """
    owner = stage.owner_of(client_port) if client_port else None
    kill([owner[1]] if owner else stage.processes("prefork")[1:2])
    return leave_to_the_programs


def stop_worker(stage: Stage, fault: Fault, client_port: int | None) -> Repair:
    """Stop it, as a machine that is suspended does. It goes on later and knows of nothing."""
    _, processes = _victim(stage, fault, client_port)
    _suspend(processes)
    return partial(_resume, processes)


def _render_victim(stage: Stage, fault: Fault, client_port: int | None) -> list[psutil.Process]:
    """Return the process that makes a document: the one that reached the moment, or any render process at random."""
    owner = stage.owner_of(client_port) if client_port else None
    return [owner[1]] if owner else stage.render_processes()[:1]


def kill_render_process(stage: Stage, fault: Fault, client_port: int | None) -> Repair | None:
    victim = _render_victim(stage, fault, client_port)
    kill(victim)
    return leave_to_the_programs if victim else None


def stop_render_process(stage: Stage, fault: Fault, client_port: int | None) -> Repair | None:
    """Stop it, while its worker renews the lease."""
    victim = _render_victim(stage, fault, client_port)
    _suspend(victim)
    return partial(_resume, victim) if victim else None


def slow_render_process(stage: Stage, fault: Fault, client_port: int | None) -> Repair | None:
    """Stop it most of the time, as a machine without processor time to spare does."""
    victim, is_repaired = _render_victim(stage, fault, client_port), threading.Event()
    if not victim:
        return None
    threading.Thread(target=_alternate, args=(victim, is_repaired), daemon=True).start()
    return is_repaired.set


def _alternate(processes: list[psutil.Process], is_repaired: threading.Event) -> None:
    while not is_repaired.wait(RUNNING_SECONDS):
        _suspend(processes)
        is_repaired.wait(PAUSED_SECONDS)
        _resume(processes)


def _suspend(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.suspend()


def _resume(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.resume()


def kill_beat(stage: Stage, *_: object) -> Repair:
    kill(stage.processes("beat"))
    return leave_to_the_programs
