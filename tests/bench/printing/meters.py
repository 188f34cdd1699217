"""CPU time and memory, of one process or of all that come of it. Linux only: ``/proc`` tells."""

from __future__ import annotations

import contextlib
import ctypes
import resource
import threading
import time
from pathlib import Path
from typing import Protocol

import psutil

_PR_SET_CHILD_SUBREAPER = 36
_LOOK_EVERY_SECONDS = 0.05


class Meter(Protocol):
    """What a maker of documents uses. Memory is sampled inside the ``with`` block."""

    def __enter__(self) -> object: ...

    def __exit__(self, *_: object) -> None: ...

    def seconds(self) -> float:
        """CPU seconds so far, user and system, of all threads and processes."""

    def megabytes(self) -> float:
        """Memory at its peak so far."""


class Own(contextlib.nullcontext[None]):
    """The process that measures, and no other."""

    def seconds(self) -> float:
        """Exact."""
        return time.process_time()

    def megabytes(self) -> float:
        """Resident, shared libraries included. Not from getrusage: there it is inherited from who started us."""
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


class Descendants:
    """All descendants of this process, also those whose parent has ended. This process itself does not count.

    A browser's helpers outlive the process that was started. This process is their reaper and so learns what they used.
    """

    def __init__(self) -> None:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._peak = 0.0
        self._stopped = threading.Event()

    def __enter__(self) -> None:
        self._stopped.clear()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._watch.join()

    def seconds(self) -> float:
        """Return CPU seconds, exact for processes that have ended, to the kernel's tick of 10 ms for others."""
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = usage.ru_utime + usage.ru_stime
        for process in _descendants():
            with contextlib.suppress(psutil.NoSuchProcess):
                seconds += sum(process.cpu_times()[:4])
        return seconds

    def megabytes(self) -> float:
        """Return the largest sum of 20 samples a second. Memory that several processes share counts once (PSS)."""
        return self._peak / 1024**2

    def _look(self) -> None:
        while not self._stopped.wait(_LOOK_EVERY_SECONDS):
            self._peak = max(self._peak, sum(map(_share, _descendants())))


def _descendants() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _share(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss)
    except psutil.Error:  # it has just ended
        return 0.0
