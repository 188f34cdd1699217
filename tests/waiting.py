"""Waits for what other programs and threads do. No test depends on how long that takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

HANG_SECONDS = 900.0
"""After this long a wait has hung. It only ends a broken test: the slowest machine is many times faster."""


def wait_until(condition: Callable[[], T], description: str, seconds: float = HANG_SECONDS) -> T:
    """Return the first true value of ``condition``; fail with ``description`` if there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain until {description}"
        time.sleep(0.05)
    return value
