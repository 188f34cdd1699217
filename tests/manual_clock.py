"""A clock that passes only when a test says so, in place of a module's ``time`` and ``threading``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest


class ManualClock:
    """A monotonic clock with timers. A timer fires in the thread that moves the clock over its end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 1_000.0
        self._timers: list[_Timer] = []

    def install(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
        """Let the module use this clock instead of the machine's."""
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=self.monotonic))
        if hasattr(module, "threading"):
            monkeypatch.setattr(module, "threading", _threading_with(self._timer))

    def monotonic(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the clock, and fire the timers that end until then."""
        with self._lock:
            self._now += seconds
            due = [timer for timer in self._timers if timer.ends_at <= self._now]
            self._timers = [timer for timer in self._timers if timer not in due]
        for timer in due:
            timer.function()

    def _timer(self, seconds: float, function: Callable[[], None]) -> _Timer:
        return _Timer(self, self._now + seconds, function)

    def add(self, timer: _Timer) -> None:
        with self._lock:
            self._timers.append(timer)

    def remove(self, timer: _Timer) -> None:
        with self._lock:
            if timer in self._timers:
                self._timers.remove(timer)


class _Timer:
    """What `threading.Timer` is to the machine's clock."""

    def __init__(self, clock: ManualClock, ends_at: float, function: Callable[[], None]) -> None:
        self._clock = clock
        self.ends_at = ends_at
        self.function = function
        self.daemon = True

    def start(self) -> None:
        self._clock.add(self)

    def cancel(self) -> None:
        self._clock.remove(self)


def _threading_with(timer: Callable[[float, Callable[[], None]], _Timer]) -> Any:
    names = {name: getattr(threading, name) for name in threading.__all__}
    return SimpleNamespace(**names | {"Timer": timer})
