"""One function for each kind of fault: it breaks something on the stage and returns what repairs it."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress

from redis.exceptions import RedisError

from tests.chaos import processes
from tests.chaos.faults import Fault, Kind
from tests.chaos.moments import ServerName
from tests.chaos.processes import Break, Repair
from tests.chaos.stage import Stage

SLOW_SECONDS, SLOW_SERVER_SECONDS = 0.05, 1.0
"""By how much each packet to and from Redis is late, or to and from another server."""

HOUR, FLAP_SECONDS = 3600.0, 1.0
FREE_BYTES = 4096


def _killer_of(name: ServerName) -> Break:
    """Return what kills a server, whose port then refuses connections."""

    def kill(stage: Stage, *_: object) -> Repair:
        stage.keep_down(name)
        processes.kill(stage.processes(name))
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


def _flap(stage: Stage, *_: object) -> Repair:
    """Make it a replica and a primary in turn, as a fail-over that does not settle does."""
    is_repaired = threading.Event()
    thread = threading.Thread(target=_alternate, args=(stage, is_repaired), daemon=True)
    thread.start()

    def settle() -> None:
        is_repaired.set()
        thread.join()

    return settle


def _alternate(stage: Stage, is_repaired: threading.Event) -> None:
    while not is_repaired.wait(FLAP_SECONDS):
        promote = _make_read_only(stage)
        is_repaired.wait(FLAP_SECONDS)
        promote()


def _take_platform_away(stage: Stage, *_: object) -> Repair:
    """Refuse connections to it. If it were killed, the sandbox would forget its jobs, which Genesys Cloud does not."""
    proxy = stage.proxies["platform"]
    proxy.refuse()
    proxy.cut()
    return proxy.accept_again


def _cut(stage: Stage, *_: object) -> Repair:
    stage.proxies["redis"].cut()
    return processes.leave_to_the_programs


def _silencer_of(name: ServerName) -> Break:
    """Return what lets present connections to a server pass nothing on any more. If it lasts, new ones neither."""

    def silence(stage: Stage, fault: Fault, _: int | None) -> Repair:
        proxy = stage.proxies[name]
        proxy.swallows_new = fault.seconds > 0
        proxy.kill_silently()

        def reopen() -> None:
            proxy.swallows_new = False

        return reopen

    return silence


def _slower_of(name: ServerName, seconds: float) -> Break:
    """Return what delays each packet to and from a server."""

    def slow_down(stage: Stage, *_: object) -> Repair:
        proxy = stage.proxies[name]
        proxy.delay_seconds = seconds

        def speed_up() -> None:
            proxy.delay_seconds = 0.0

        return speed_up

    return slow_down


def _fill_disk(stage: Stage, *_: object) -> Repair:
    filler = stage.folder / "artifacts" / "filler"
    if not stage.has_small_disk:
        return processes.leave_to_the_programs
    with suppress(OSError), filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(FREE_BYTES, shutil.disk_usage(filler.parent).free - FREE_BYTES))
    return lambda: filler.unlink(missing_ok=True)


BREAKS: dict[Kind, Break] = {
    "kill_worker": processes.kill_worker,
    "kill_main_process": processes.kill_main_process,
    "kill_child": processes.kill_child,
    "stop_worker": processes.stop_worker,
    "kill_beat": processes.kill_beat,
    "kill_redis": _killer_of("redis"),
    "platform_away": _take_platform_away,
    "kill_mail_server": _killer_of("mail"),
    "kill_inbox": _killer_of("inbox"),
    "second_beat": _start_second_beat,
    "beat_clock_back": _clock_mover(-HOUR),
    "beat_clock_ahead": _clock_mover(HOUR),
    "redis_full": _fill_redis,
    "redis_read_only": _make_read_only,
    "redis_flaps": _flap,
    "cut_connections": _cut,
    "dead_connections": _silencer_of("redis"),
    "slow_connections": _slower_of("redis", SLOW_SECONDS),
    "full_disk": _fill_disk,
    "kill_render_process": processes.kill_render_process,
    "stop_render_process": processes.stop_render_process,
    "slow_render_process": processes.slow_render_process,
    "silent_mail_server": _silencer_of("mail"),
    "silent_platform": _silencer_of("platform"),
    "silent_inbox": _silencer_of("inbox"),
    "slow_mail_server": _slower_of("mail", SLOW_SERVER_SECONDS),
    "slow_platform": _slower_of("platform", SLOW_SERVER_SECONDS),
}
