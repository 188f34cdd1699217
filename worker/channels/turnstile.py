"""A receiver that lets people wait is tried by one thread of a process at a time, until it answers again.

Otherwise all threads of a worker would wait for it, for as long as patience lasts, and the steps of groups that have
nothing to do with it would wait for a thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown

SLOW_SECONDS = 5.0
"""A try that failed after so long was no answer."""


class Turnstile:
    """Before the receivers of one kind; all threads of a process share it."""

    def __init__(self) -> None:
        self._narrow = False
        self._alone = threading.Lock()

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Try a receiver within this block; `ChannelBusy` if the last try failed slowly and another thread is at it."""
        alone = self._narrow
        if alone and not self._alone.acquire(blocking=False):
            raise ChannelBusy("The receivers of this kind did not answer in time, and another message is trying them.")
        begun = time.monotonic()
        try:
            yield
            self._narrow = False
        except DeliveryRefused:
            self._narrow = False
            raise
        except (ChannelBusy, OutcomeUnknown):
            self._narrow = self._narrow or time.monotonic() - begun >= SLOW_SECONDS
            raise
        finally:
            if alone:
                self._alone.release()
