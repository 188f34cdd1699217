"""The clock as a parameter: code that needs the time is given a clock, and only `worker.wiring` reads the real one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Returns the present instant, aware and in UTC."""
