"""Asks under the quota that all share: a check waits for its permit, so that it takes none from a morning's runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from worker.errors import QuotaWait

LONGEST_SECONDS = 120.0

T = TypeVar("T")


def patiently(ask: Callable[[], T]) -> T:
    """What ``ask`` gives, once there is a permit; `QuotaWait` when there is none for two minutes."""
    give_up_at = time.monotonic() + LONGEST_SECONDS
    while True:
        try:
            return ask()
        except QuotaWait as error:
            wait = max(error.retry_after_seconds or 1.0, 0.1)
            if time.monotonic() + wait > give_up_at:
                raise
            time.sleep(wait)
