"""One function for each kind of fault: it breaks something on the stage and returns what repairs it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress

import psutil
from redis.exceptions import RedisError

from tests.chaos.faults import Fault, Kind
from tests.chaos.moments import ServerName
from tests.chaos.stage import Stage

Repair = Callable[[], None]
Break = Callable[[Stage, Fault, int | None], Repair]
"""Gets the stage, the fault, and the port of the connection that has reached the fault's moment, None at random."""

SLOW_SECONDS = 0.05
HOUR = 3600.0
FREE_BYTES = 4096


def _leave_to_the_programs() -> None:
    """Repair nothing: the supervisor restarts what is dead, and the programs connect again."""


def _victim(stage: Stage, fault: Fault, client_port: int | None) -> tuple[str, list[psutil.Process]]:
    """Return the program that the fault meets and its processes, the one that reached the moment first."""
    owner = stage.owner_of(client_port) if client_port else None
    if owner is None:
        return fault.worker, stage.processes(fault.worker)
    name, process = owner
    return name, [process, *(sibling for sibling in stage.processes(name) if sibling != process)]


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=5)


def _kill_worker(stage: Stage, fault: Fault, client_port: int | None) -> Repair:
    """Kill all of its processes, as a machine that loses power does."""
    _kill(_victim(stage, fault, client_port)[1])
    return _leave_to_the_programs


def _kill_main_process(stage: Stage, fault: Fault, client_port: int | None) -> Repair:
    name, _ = _victim(stage, fault, client_port)
    _kill(stage.processes(name)[:1])
    return _leave_to_the_programs


def _kill_child(stage: Stage, fault: Fault, client_port: int | None) -> Repair:
    """Kill one process of the prefork pool, as the system does when memory runs out."""
    name, processes = _victim(stage, fault, client_port)
    main_ids = {process.pid for process in stage.processes(name)[:1]}
    children = [process for process in processes if process.pid not in main_ids]
    _kill(children[:1] or stage.processes("prefork")[1:2])
    return _leave_to_the_programs


def _stop_worker(stage: Stage, fault: Fault, client_port: int | None) -> Repair:
    """Stop it, as a machine that is suspended does. It goes on later and knows of nothing."""
    _, processes = _victim(stage, fault, client_port)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.suspend()

    def resume() -> None:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()

    return resume


def _kill_beat(stage: Stage, *_: object) -> Repair:
    _kill(stage.processes("beat"))
    return _leave_to_the_programs


def _killer_of(name: ServerName) -> Break:
    """Return what kills a server, whose port then refuses connections."""

    def kill(stage: Stage, *_: object) -> Repair:
        stage.keep_down(name)
        _kill(stage.processes(name))
        return lambda: stage.revive(name)

    return kill


def _start_second_beat(stage: Stage, *_: object) -> Repair:
    stage.start("second-beat")
    return lambda: stage.remove("second-beat")


def _clock_mover(seconds: float) -> Break:
    """Return what moves beat's clock. Repairing moves it back, which is a fault of its own."""

    def move(stage: Stage, *_: object) -> Repair:
        stage.beat_offset.write_text(str(seconds))
        return lambda: stage.beat_offset.unlink(missing_ok=True)

    return move


def _fill_redis(stage: Stage, *_: object) -> Repair:
    with suppress(RedisError):
        stage.redis.config_set("maxmemory", 1)

    def empty() -> None:
        stage.wait_for_redis()
        stage.redis.config_set("maxmemory", 0)

    return empty


def _make_read_only(stage: Stage, *_: object) -> Repair:
    with suppress(RedisError):
        stage.redis.replicaof("127.0.0.1", "1")

    def promote() -> None:
        stage.wait_for_redis()
        stage.redis.replicaof("NO", "ONE")

    return promote


def _take_platform_away(stage: Stage, *_: object) -> Repair:
    """Refuse connections to it. If it were killed, the sandbox would forget its jobs, which Genesys Cloud does not."""
    proxy = stage.proxies["platform"]
    proxy.refuse()
    proxy.cut()
    return proxy.accept_again


def _cut(stage: Stage, *_: object) -> Repair:
    stage.proxies["redis"].cut()
    return _leave_to_the_programs


def _kill_connections(stage: Stage, fault: Fault, _: int | None) -> Repair:
    """Let present connections pass nothing on any more. If it lasts, new ones neither."""
    proxy = stage.proxies["redis"]
    proxy.swallows_new = fault.seconds > 0
    proxy.kill_silently()

    def reopen() -> None:
        proxy.swallows_new = False

    return reopen


def _slow_down(stage: Stage, *_: object) -> Repair:
    proxy = stage.proxies["redis"]
    proxy.delay_seconds = SLOW_SECONDS

    def speed_up() -> None:
        proxy.delay_seconds = 0.0

    return speed_up


def _fill_disk(stage: Stage, *_: object) -> Repair:
    filler = stage.folder / "artifacts" / "filler"
    if not stage.has_small_disk:
        return _leave_to_the_programs
    with suppress(OSError), filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(FREE_BYTES, shutil.disk_usage(filler.parent).free - FREE_BYTES))
    return lambda: filler.unlink(missing_ok=True)


BREAKS: dict[Kind, Break] = {
    "kill_worker": _kill_worker,
    "kill_main_process": _kill_main_process,
    "kill_child": _kill_child,
    "stop_worker": _stop_worker,
    "kill_beat": _kill_beat,
    "kill_redis": _killer_of("redis"),
    "platform_away": _take_platform_away,
    "kill_mail_server": _killer_of("mail"),
    "kill_inbox": _killer_of("inbox"),
    "second_beat": _start_second_beat,
    "beat_clock_back": _clock_mover(-HOUR),
    "beat_clock_ahead": _clock_mover(HOUR),
    "redis_full": _fill_redis,
    "redis_read_only": _make_read_only,
    "cut_connections": _cut,
    "dead_connections": _kill_connections,
    "slow_connections": _slow_down,
    "full_disk": _fill_disk,
}
