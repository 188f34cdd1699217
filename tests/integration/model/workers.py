"""Workers that stop before each command they send to Redis, until a test lets them continue or kills them.

Each is a thread, and only one of all threads runs at any time. So a test chooses the order of everything that workers
do, and the same choices give the same order again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from redis import Redis

from tests.waiting import HANG_SECONDS

_present = threading.local()


class Killed(BaseException):
    """Unwinds the thread of a worker that was killed. No handler of an `Exception` sees it."""


class Worker:
    """A worker that executes one task. It begins when it continues for the first time."""

    def __init__(self, name: str, execute: Callable[[], None]) -> None:
        self.name = name
        self.has_ended = False
        self.defect: BaseException | None = None
        self._execute = execute
        self._is_killed = False
        self._may_continue = threading.Semaphore(0)
        self._has_stopped = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True, name=name)

    def proceed(self, stops: int = 1) -> None:
        """Let it continue until it has stopped this often, or has ended."""
        for _ in range(stops):
            if self.has_ended:
                return
            if not self._thread.ident:
                self._thread.start()
            self._may_continue.release()
            assert self._has_stopped.acquire(timeout=HANG_SECONDS), f"{self.name} hangs"

    def finish(self) -> None:
        """Let it continue to its end."""
        while not self.has_ended:
            self.proceed()

    def kill(self) -> None:
        """End it where it has stopped. Nothing that it would have done after that happens."""
        self._is_killed = True
        self.finish()

    def stop(self) -> None:
        """Wait for the test to let it continue. Called by the worker itself."""
        if not self._is_killed:
            self._has_stopped.release()
            self._may_continue.acquire()
        self.die_if_killed()

    def die_if_killed(self) -> None:
        """Do nothing more after a kill, also in a block that runs while the thread is unwound."""
        if self._is_killed:
            raise Killed

    def _run(self) -> None:
        _present.worker = self
        self._may_continue.acquire()
        try:
            if not self._is_killed:
                self._execute()
        except Killed:
            pass
        except BaseException as error:  # the test reports it
            self.defect = error
        self.has_ended = True
        self._has_stopped.release()


def stop_here() -> None:
    """Stop the worker that calls this. The test itself does not stop."""
    worker = getattr(_present, "worker", None)
    if worker is not None:
        worker.stop()


def die_here_if_killed() -> None:
    """Do nothing more in a worker that was killed."""
    worker = getattr(_present, "worker", None)
    if worker is not None:
        worker.die_if_killed()


class StoppingRedis(Redis):
    """A client that stops its worker before each command, and before each pipeline of commands."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        stop_here()
        return super().execute_command(*args, **options)

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Any:
        stop_here()
        return super().pipeline(transaction, shard_hint)
